package dev.naru.metadata.liveness;

import dev.naru.types.NodeEpoch;

/**
 * What was last heard of one process.
 *
 * @param heardNanos when, on the controller's monotonic clock
 * @param appliedIndex index of the metadata log that it has applied
 * @param wantsShutdown whether it asks to stop
 * @param streamStands whether its heartbeat stream is open
 */
public record Heartbeat(
    NodeEpoch epoch,
    long heardNanos,
    long appliedIndex,
    boolean wantsShutdown,
    boolean streamStands) {

  /** The same, with its stream gone. */
  Heartbeat withoutStream() {
    return new Heartbeat(epoch, heardNanos, appliedIndex, wantsShutdown, false);
  }

  /** The same, heard so much later. */
  Heartbeat heardLater(long nanos) {
    return new Heartbeat(epoch, heardNanos + nanos, appliedIndex, wantsShutdown, streamStands);
  }
}
