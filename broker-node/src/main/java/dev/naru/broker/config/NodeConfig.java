package dev.naru.broker.config;

import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.controller.ControllerSettings;
import dev.naru.types.NodeId;

/** Everything a node is told: a record for each subsystem, every component one setting. */
public record NodeConfig(
    IdentityConfig identity,
    DirectoriesConfig directories,
    QuorumConfig quorum,
    ListenersConfig listeners,
    TopicDefaultsConfig topics,
    ReplicationConfig replication,
    ControllerSettings liveness,
    LimitsConfig limits,
    RetentionConfig retention,
    CleanerConfig cleaner,
    ScrubConfig scrub,
    ProducersConfig producers,
    GroupsConfig groups) {

  /** The node's id. */
  public NodeId nodeId() {
    return identity.nodeId();
  }

  /** Whether this node votes in the metadata quorum. */
  public boolean isVoter() {
    return quorum.isVoter(nodeId());
  }
}
