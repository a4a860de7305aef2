package dev.naru.metadata.image;

/** Offsets of a partition from one on up to another, exclusive; none if both are the same. */
public record OffsetRange(long from, long to) {

  /** Refuses a range that is none. */
  public OffsetRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "Expected 0 <= from <= to, but was [%s, %s)".formatted(from, to));
    }
  }

  /** How many. */
  public long count() {
    return to - from;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return from == to;
  }

  /** Whether all offsets from this one on up to the other, exclusive, are in it. */
  public boolean holds(long first, long end) {
    return first >= from && end <= to;
  }

  /** With what is in the other one, and what lies between the two. */
  public OffsetRange hull(OffsetRange other) {
    return new OffsetRange(Math.min(from, other.from), Math.max(to, other.to));
  }

  @Override
  public String toString() {
    return "[%s, %s)".formatted(from, to);
  }
}
