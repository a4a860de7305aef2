package dev.naru.metadata.command;

import dev.naru.metadata.image.LogEnd;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * What a node says of its replica of a partition without a leader. It holds for as long as the
 * partition's entry and the process are the same: without a leader nobody appends or cuts.
 *
 * @param durableEnd everything below it is on disk
 * @param logStart its first offset
 * @param highWatermark below it all was committed, as far as it has heard
 * @param isDamaged it cannot be used as it is; the rest means nothing then
 */
public record LogAnswer(
    NodeId node,
    NodeEpoch epoch,
    LogEnd log,
    long durableEnd,
    long logStart,
    long highWatermark,
    boolean isDamaged) {

  /** Refuses offsets that contradict each other. */
  public LogAnswer {
    if (logStart < 0
        || highWatermark < logStart
        || highWatermark > log.end()
        || durableEnd < 0
        || durableEnd > log.end()) {
      throw new IllegalArgumentException(
          "Expected 0 <= start <= high watermark <= end and a durable end up to it, but was start %d, high watermark %d, durable end %d, end %d"
              .formatted(logStart, highWatermark, durableEnd, log.end()));
    }
  }
}
