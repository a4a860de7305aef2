package dev.naru.metadata.command;

import dev.naru.metadata.image.LogEnd;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * What a node says of its replica of a partition without a leader. It holds for as long as the
 * partition's entry and the process are the same: without a leader nobody appends or cuts.
 *
 * @param durable what of it is on disk: the epoch of the last batch there, and the end
 * @param logStart its first offset
 * @param highWatermark below it all was committed, as far as it has heard
 * @param isDamaged it cannot be used as it is; the rest means nothing then
 */
public record LogAnswer(
    NodeId node,
    NodeEpoch epoch,
    LogEnd log,
    LogEnd durable,
    long logStart,
    long highWatermark,
    boolean isDamaged) {

  /** Of a node whose log cannot be used as it is. */
  public static LogAnswer damaged(NodeId node, NodeEpoch epoch) {
    return new LogAnswer(node, epoch, LogEnd.NOTHING, LogEnd.NOTHING, 0, 0, true);
  }

  /** Refuses offsets that contradict each other. */
  public LogAnswer {
    if (logStart < 0
        || highWatermark < logStart
        || highWatermark > log.end()
        || durable.end() > log.end()
        || durable.compareTo(log) > 0) {
      throw new IllegalArgumentException(
          "Expected 0 <= start <= high watermark <= end and no more on disk than there is, but was start %s, high watermark %s, on disk %s, in all %s"
              .formatted(logStart, highWatermark, durable, log));
    }
  }

  /** Everything below it is on disk. */
  public long durableEnd() {
    return durable.end();
  }

  /** Whether all of it is on disk. */
  public boolean isDurable() {
    return durable.end() == log.end();
  }
}
