package dev.naru.log;

import dev.naru.record.TimestampType;
import dev.naru.types.Setting;

/** What a topic decides about the logs of its partitions. */
public record LogConfig(
    @Setting(
            key = "log.segment.bytes",
            doc = "A log goes on in a new file when the next batch does not fit.")
        int segmentBytes,
    @Setting(
            key = "message.timestamp.type",
            doc = "Whose clock stamps records: the producer's, or the leader's when it appends.")
        TimestampType timestampType) {

  /** A gibibyte, and the producer's clock. */
  public static final LogConfig DEFAULTS = new LogConfig(1 << 30, TimestampType.CREATE_TIME);

  /** Refuses segments without room. */
  public LogConfig {
    if (segmentBytes < 1) {
      throw new IllegalArgumentException(
          "Expected log.segment.bytes >= 1, but was " + segmentBytes);
    }
  }
}
