package dev.naru.metadata.image;

import dev.naru.types.LeaderEpoch;
import java.util.Comparator;
import java.util.Optional;

/**
 * How far a recovered log reaches. The greater one holds everything the lesser one holds that was
 * ever committed.
 *
 * @param lastEpoch leader epoch of its last batch; empty for a log without one
 * @param end the next offset it would append
 */
public record LogEnd(Optional<LeaderEpoch> lastEpoch, long end) implements Comparable<LogEnd> {

  /** Of a log that never held anything. */
  public static final LogEnd NOTHING = new LogEnd(Optional.empty(), 0);

  private static final Comparator<LogEnd> BY_EPOCH =
      Comparator.comparingInt(log -> log.lastEpoch.map(LeaderEpoch::value).orElse(-1));

  private static final Comparator<LogEnd> ORDER = BY_EPOCH.thenComparingLong(LogEnd::end);

  /** Refuses a negative end. */
  public LogEnd {
    if (end < 0) {
      throw new IllegalArgumentException("Expected an end >= 0, but was " + end);
    }
  }

  /** Whether its last batch is of an epoch before this one; so is a log without a batch. */
  public boolean isBefore(LeaderEpoch epoch) {
    return lastEpoch.map(last -> last.isBefore(epoch)).orElse(true);
  }

  /** Whether its last batch is of an earlier epoch than that of the other. */
  public boolean isOfEarlierEpoch(LogEnd other) {
    return BY_EPOCH.compare(this, other) < 0;
  }

  @Override
  public int compareTo(LogEnd other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "(epoch " + lastEpoch.map(LeaderEpoch::toString).orElse("none") + ", end " + end + ")";
  }
}
