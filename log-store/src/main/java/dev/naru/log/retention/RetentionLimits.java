package dev.naru.log.retention;

import java.util.OptionalLong;

/**
 * How much of a log is kept; whichever limit is passed first counts.
 *
 * @param millis a segment may go when its newest record is older
 * @param bytes the oldest segments may go while the others have so many bytes without them
 */
public record RetentionLimits(OptionalLong millis, OptionalLong bytes) {

  /** Everything is kept. */
  public static final RetentionLimits NONE =
      new RetentionLimits(OptionalLong.empty(), OptionalLong.empty());

  /** Refuses limits of nothing. */
  public RetentionLimits {
    if (millis.orElse(1) < 1 || bytes.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "Expected limits of at least 1, but were %s and %s".formatted(millis, bytes));
    }
  }

  /** The limits as topics write them: -1 for none. */
  public static RetentionLimits of(long millis, long bytes) {
    return new RetentionLimits(limit(millis), limit(bytes));
  }

  private static OptionalLong limit(long value) {
    return value == -1 ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
