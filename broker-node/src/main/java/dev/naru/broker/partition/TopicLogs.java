package dev.naru.broker.partition;

import dev.naru.log.LogConfig;
import dev.naru.log.retention.RetentionLimits;
import dev.naru.metadata.image.MessageTimestamp;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.record.TimestampType;

/** What a topic's settings say to the logs of its partitions. */
public final class TopicLogs {

  private TopicLogs() {}

  /** The part of the settings that a log acts on. */
  public static LogConfig configOf(TopicSettings settings) {
    return new LogConfig(
        settings.segmentBytes(),
        settings.segmentMillis(),
        settings.timestamp() == MessageTimestamp.LOG_APPEND_TIME
            ? TimestampType.LOG_APPEND_TIME
            : TimestampType.CREATE_TIME,
        settings.cleanup(),
        RetentionLimits.of(settings.retentionMillis(), settings.retentionBytes()),
        settings.compaction());
  }
}
