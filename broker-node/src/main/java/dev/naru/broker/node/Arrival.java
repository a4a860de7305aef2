package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.node.Registration.Registrant;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.log.Joiner;
import java.time.Duration;

/**
 * How a starting node comes into its cluster: it becomes a member of the metadata quorum, registers
 * there, and sets aside what the cluster does not count on.
 */
final class Arrival {

  private final NodeConfig config;
  private final NodeEndpoints advertised;
  private final Release release;
  private final String clusterId;
  private final StartWaits waits;

  Arrival(
      NodeConfig config,
      NodeEndpoints advertised,
      Release release,
      String clusterId,
      StartWaits waits) {
    this.config = config;
    this.advertised = advertised;
    this.release = release;
    this.clusterId = clusterId;
    this.waits = waits;
  }

  /** Waits as long as there is no quorum, and gives up when refused. */
  LocalNode register(NodeLogs logs, NodeQuorum quorum, NodeRuntime runtime)
      throws StartException, InterruptedException {
    if (quorum.log().mustJoin()) {
      join(logs, quorum);
    }
    var registration =
        new Registration(
            new Registrant(
                clusterId,
                config.nodeId(),
                new NodeProfile(
                    config.identity().rack(),
                    advertised,
                    quorum.log().self().peer(),
                    release.version(),
                    release.metadataVersion()),
                NodeFormat.uuid(runtime.dice(), 4)),
            logs,
            quorum.link(),
            quorum.log(),
            waits,
            runtime.clocks().nanos(),
            patience());
    var self = registration.run();
    Strangers.setAside(logs.store(), quorum.log().applied().image(), config.nodeId());
    return self;
  }

  private void join(NodeLogs logs, NodeQuorum quorum) throws StartException, InterruptedException {
    var joiner = new Joiner(quorum.log().self(), logs.newestEpoch(), logs.directoryIds());
    var refused =
        waits.await(
            "the controller to make it a member of the metadata quorum",
            quorum.link().quorum().join(joiner, patience()));
    if (refused.isPresent()) {
      throw StartException.of(refused.get());
    }
  }

  /** How long a live node may be heard to hold this id before it is another one. */
  private Duration patience() {
    return config.liveness().livenessTimeout().multipliedBy(2);
  }
}
