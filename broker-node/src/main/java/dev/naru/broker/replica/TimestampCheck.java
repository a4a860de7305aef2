package dev.naru.broker.replica;

import dev.naru.metadata.image.TimestampBounds;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Whether the times that a producer gave to its records lie within the topic's bounds. The header
 * of a batch has the time of its first record and the latest of all; the records are not opened.
 */
final class TimestampCheck {

  /** Of records without a time. */
  private static final long NONE = -1;

  private TimestampCheck() {}

  static Optional<Refused> whyNot(BatchHeader batch, TimestampBounds bounds, long nowMillis) {
    long latest = batch.maxTimestamp();
    if (latest > nowMillis && latest - nowMillis > bounds.afterMaxMillis()) {
      return refusal(
          "Expected records at most message.timestamp.after.max.ms = %d after %d, but one is of %d",
          bounds.afterMaxMillis(), nowMillis, latest);
    }
    long first = batch.baseTimestamp();
    boolean isBounded = bounds.beforeMaxMillis() != Long.MAX_VALUE && first != NONE;
    if (isBounded && (first < 0 || nowMillis - first > bounds.beforeMaxMillis())) {
      return refusal(
          "Expected records at most message.timestamp.before.max.ms = %d before %d, but one is of %d",
          bounds.beforeMaxMillis(), nowMillis, first);
    }
    return Optional.empty();
  }

  private static Optional<Refused> refusal(String format, long bound, long now, long time) {
    return Optional.of(new Refused(ErrorCode.INVALID_RECORD, format.formatted(bound, now, time)));
  }
}
