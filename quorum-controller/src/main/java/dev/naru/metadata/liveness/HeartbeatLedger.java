package dev.naru.metadata.liveness;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Who was heard when, as one active controller knows it. A value: each report gives another ledger.
 * It starts empty with every new controller, which therefore counts silence from its own beginning.
 *
 * @param sinceNanos when this controller began to listen
 */
public record HeartbeatLedger(long sinceNanos, TreePMap<NodeId, Heartbeat> heartbeats) {

  /** A controller that begins to listen now. */
  public static HeartbeatLedger startingAt(long nowNanos) {
    return new HeartbeatLedger(nowNanos, TreePMap.empty());
  }

  /** A heartbeat came. One of an older epoch than the last heard changes nothing. */
  public HeartbeatLedger heard(
      NodeId node, NodeEpoch epoch, long appliedIndex, boolean wantsShutdown, long nowNanos) {
    var last = Optional.ofNullable(heartbeats.get(node));
    if (last.filter(heard -> epoch.isBefore(heard.epoch())).isPresent()) {
      return this;
    }
    return with(node, new Heartbeat(epoch, nowNanos, appliedIndex, wantsShutdown, true));
  }

  /** The heartbeat stream of this process ended. */
  public HeartbeatLedger streamBroke(NodeId node, NodeEpoch epoch) {
    return of(node, epoch).map(last -> with(node, last.withoutStream())).orElse(this);
  }

  /**
   * The same, had this controller not stood still for so long: what it could not hear in that time
   * is not the nodes' silence.
   */
  public HeartbeatLedger withoutPause(long pausedNanos) {
    var later = heartbeats;
    for (var entry : heartbeats.entrySet()) {
      later = later.plus(entry.getKey(), entry.getValue().heardLater(pausedNanos));
    }
    return new HeartbeatLedger(sinceNanos + pausedNanos, later);
  }

  /** What was last heard of the process registered under this epoch. */
  public Optional<Heartbeat> of(NodeId node, NodeEpoch epoch) {
    return Optional.ofNullable(heartbeats.get(node)).filter(last -> last.epoch().equals(epoch));
  }

  /** How long this process has been silent, as far as this controller can know. */
  public long silentNanos(NodeId node, NodeEpoch epoch, long nowNanos) {
    // Differences only: the monotonic clock may be negative and may wrap around.
    return nowNanos - of(node, epoch).map(Heartbeat::heardNanos).orElse(sinceNanos);
  }

  private HeartbeatLedger with(NodeId node, Heartbeat heartbeat) {
    return new HeartbeatLedger(sinceNanos, heartbeats.plus(node, heartbeat));
  }
}
