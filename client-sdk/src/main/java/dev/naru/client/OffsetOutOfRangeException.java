package dev.naru.client;

import dev.naru.types.ErrorCode;
import java.util.Map;

/** A consumer's position lies outside the log, and {@code auto.offset.reset} is {@code none}. */
public final class OffsetOutOfRangeException extends NaruException {

  private static final long serialVersionUID = 1;

  private final TopicPartition partition;
  private final long logStart;
  private final long highWatermark;

  /** A failure that names the position and both bounds. */
  public OffsetOutOfRangeException(
      TopicPartition partition, long offset, long logStart, long highWatermark) {
    super(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        "Expected a position of "
            + logStart
            + " to "
            + highWatermark
            + " in "
            + partition
            + ", but was "
            + offset
            + "; seek, or set auto.offset.reset",
        Map.of(
            "topic", partition.topic(),
            "partition", Integer.toString(partition.partition()),
            "offset", Long.toString(offset),
            "log.start", Long.toString(logStart),
            "high.watermark", Long.toString(highWatermark)));
    this.partition = partition;
    this.logStart = logStart;
    this.highWatermark = highWatermark;
  }

  /** Where it happened. */
  public TopicPartition partition() {
    return partition;
  }

  /** The first offset that is kept. */
  public long logStart() {
    return logStart;
  }

  /** The first offset that is not yet committed. */
  public long highWatermark() {
    return highWatermark;
  }
}
