package dev.naru.log;

import dev.naru.log.retention.RetentionLimits;
import dev.naru.record.TimestampType;
import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;

/**
 * What a topic decides about the logs of its partitions.
 *
 * @param segmentBytes a log goes on in a new file when the next batch does not fit
 * @param segmentMillis a log goes on in a new file when the present one was begun so long ago
 * @param timestampType whose clock stamps records: the producer's, or the leader's when it appends
 * @param cleanup what happens to old records
 * @param retention which segments may be deleted, if the policy deletes
 * @param compaction when the log is cleaned, if the policy compacts
 */
public record LogConfig(
    int segmentBytes,
    long segmentMillis,
    TimestampType timestampType,
    CleanupPolicy cleanup,
    RetentionLimits retention,
    CompactionLimits compaction) {

  /** A gibibyte, a week, the producer's clock, and nothing is deleted or compacted. */
  public static final LogConfig DEFAULTS = new LogConfig(1 << 30, TimestampType.CREATE_TIME);

  private static final long WEEK_MILLIS = 7 * 86_400_000L;

  /** Refuses segments without room or time. */
  public LogConfig {
    if (segmentBytes < 1) {
      throw new IllegalArgumentException("Expected segment.bytes >= 1, but was " + segmentBytes);
    }
    if (segmentMillis < 1) {
      throw new IllegalArgumentException("Expected segment.ms >= 1, but was " + segmentMillis);
    }
  }

  /** With these segments and this clock, and the rest as in {@link #DEFAULTS}. */
  public LogConfig(int segmentBytes, TimestampType timestampType) {
    this(
        segmentBytes,
        WEEK_MILLIS,
        timestampType,
        CleanupPolicy.DELETE,
        RetentionLimits.NONE,
        CompactionLimits.DEFAULTS);
  }

  /**
   * At which age the segment that is appended to is closed. In it nothing is compacted, so nothing
   * waits there for longer than {@code max.compaction.lag.ms}.
   */
  public long activeMillisMax() {
    return cleanup.compacts() ? Math.min(segmentMillis, compaction.lagMaxMillis()) : segmentMillis;
  }

  /** The same, but segments are closed at this age. */
  public LogConfig withSegmentMillis(long millis) {
    return new LogConfig(segmentBytes, millis, timestampType, cleanup, retention, compaction);
  }

  /** The same, but this much is kept. */
  public LogConfig withRetention(RetentionLimits limits) {
    return new LogConfig(segmentBytes, segmentMillis, timestampType, cleanup, limits, compaction);
  }

  /** The same, but compacted and deleted as this says. */
  public LogConfig withCleanup(CleanupPolicy policy, CompactionLimits limits) {
    return new LogConfig(segmentBytes, segmentMillis, timestampType, policy, retention, limits);
  }
}
