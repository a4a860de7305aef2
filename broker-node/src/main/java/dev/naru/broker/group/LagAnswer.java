package dev.naru.broker.group;

import dev.naru.types.ErrorCode;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What a partition's leader says of a {@link LagPosition}. */
public sealed interface LagAnswer {

  /** Nothing, and why. */
  record Unknown(ErrorCode why) implements LagAnswer {}

  /**
   * Where the partition begins and ends.
   *
   * @param highWatermark the first offset that is not committed
   * @param logStart the first offset that is kept
   * @param partedAt where the leader's history parts from the one that the position is from; absent
   *     if it does not, or nothing shows it
   * @param oldestMillis time of the first batch behind the position; absent if there is none, or it
   *     could not be read
   */
  record Found(long highWatermark, long logStart, OptionalLong partedAt, OptionalLong oldestMillis)
      implements LagAnswer {

    /** The first offset that whoever goes on at this one would be given. */
    public long readsFrom(long offset) {
      return Math.max(logStart, Math.min(offset, partedAt.orElse(offset)));
    }

    /** So many offsets are kept and not processed. Of a compacted topic not all have records. */
    public long records(long offset) {
      return Math.max(0, highWatermark - readsFrom(offset));
    }

    /** Whether records were deleted that are not processed. */
    public boolean isPassedByRetention(long offset) {
      return logStart > offset;
    }

    /**
     * Age of the oldest record behind the position; 0 if there is none, empty if it is not known.
     * Records are stamped by producers, whose clocks may say anything: an age is never below zero,
     * nor above that of the topic.
     */
    public OptionalDouble seconds(long offset, long nowMillis, long topicCreatedMillis) {
      if (records(offset) == 0) {
        return OptionalDouble.of(0);
      }
      if (oldestMillis.isEmpty()) {
        return OptionalDouble.empty();
      }
      long age = nowMillis - oldestMillis.getAsLong();
      long ageMax = Math.max(0, nowMillis - topicCreatedMillis);
      return OptionalDouble.of(Math.clamp(age, 0L, ageMax) / 1e3);
    }
  }
}
