package dev.naru.client.admin;

import dev.naru.types.HostPort;
import java.util.Optional;

/**
 * A registered node.
 *
 * @param isController true for the active controller
 * @param epoch position in the metadata log at which this process registered
 * @param leaderCount partitions that it leads
 * @param replicaCount replicas assigned to it
 * @param isDecommissioning whether it is to be removed from the cluster
 */
public record NodeDescription(
    int id,
    State state,
    Role role,
    boolean isController,
    Optional<String> rack,
    long epoch,
    HostPort clientAddress,
    HostPort internalAddress,
    HostPort httpAddress,
    int leaderCount,
    int replicaCount,
    String version,
    boolean isDecommissioning) {

  /** What a node does. */
  public enum State {
    /** Serves. */
    RUNNING,
    /** Registered, catching up. */
    STARTING,
    /** Silent for too long. */
    FENCED,
    /** Gives up its leaderships: it is about to stop, or an operator drains it. */
    DRAINING,
    /** Serves, but leads only what nobody else could: its links or disk seem to be at fault. */
    SUSPECTED,
    /** An operator drained it: it serves, and leads only what has no other replica. */
    DRAINED
  }

  /** The part in the metadata quorum. */
  public enum Role {
    /** Votes. */
    VOTER,
    /** Follows. */
    LISTENER
  }
}
