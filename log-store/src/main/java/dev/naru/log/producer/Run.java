package dev.naru.log.producer;

import dev.naru.record.BatchHeader;
import dev.naru.record.TimestampType;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Numbers of a producer that follow each other in the log: those of one batch, or of some that
 * compaction has made one.
 *
 * @param firstSequence the number of its first record; after 2³¹ − 1 they begin at 0 again
 * @param count how many numbers there are, as many as offsets; of these records some may be gone
 * @param firstOffset where the first one lies, and the others behind it
 * @param crc the checksum its producer gave it; empty when the log holds it with another one,
 *     because the leader stamped the time or compaction changed it
 */
public record Run(int firstSequence, long count, long firstOffset, OptionalInt crc) {

  /** Refuses what no batch can be. */
  public Run {
    if (firstSequence < 0 || count < 1 || firstOffset < 0) {
      throw new IllegalArgumentException(
          "Expected a sequence >= 0, records and an offset >= 0, but was %d, %d and %d"
              .formatted(firstSequence, count, firstOffset));
    }
  }

  /**
   * Of a stored batch. Counted is what it had when it was written: its offsets, not the records
   * that compaction has left.
   */
  static Run of(BatchHeader header) {
    boolean isAsSent = !header.isCompacted() && header.timestampType() == TimestampType.CREATE_TIME;
    return new Run(
        header.baseSequence(),
        countOf(header),
        header.baseOffset(),
        isAsSent ? OptionalInt.of(header.crc()) : OptionalInt.empty());
  }

  /** How many numbers a batch takes. */
  static long countOf(BatchHeader header) {
    return header.lastOffsetDelta() + 1L;
  }

  /** The number that comes so many after this one. */
  static int after(int sequence, long count) {
    return (int) ((sequence + count) & Integer.MAX_VALUE);
  }

  /** How many numbers after this one the other comes, if it does. */
  static int distance(int from, int to) {
    return (to - from) & Integer.MAX_VALUE;
  }

  /** The number that follows. */
  public int endSequence() {
    return after(firstSequence, count);
  }

  /** The offset that follows. */
  public long endOffset() {
    return firstOffset + count;
  }

  /**
   * What of it lies below this offset. An offset inside it is the edge of one of the batches that
   * compaction has made one here, and not in the log that somebody copies.
   */
  Optional<Run> below(long offset) {
    if (endOffset() <= offset) {
      return Optional.of(this);
    }
    return firstOffset < offset
        ? Optional.of(
            new Run(firstSequence, offset - firstOffset, firstOffset, OptionalInt.empty()))
        : Optional.empty();
  }

  /** Whether all of these numbers are among its own. */
  public boolean holds(int first, long howMany) {
    return distance(firstSequence, first) + howMany <= count;
  }

  /** The offset of one of its numbers. */
  long offsetOf(int sequence) {
    return firstOffset + distance(firstSequence, sequence);
  }
}
