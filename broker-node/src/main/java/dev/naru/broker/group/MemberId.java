package dev.naru.broker.group;

import java.util.UUID;

/**
 * A member's id. The member draws it itself and keeps it while its process lives, so that a join
 * whose answer was lost can be told from a second member.
 */
public record MemberId(UUID value) implements Comparable<MemberId> {

  private static final UUID ZERO = new UUID(0, 0);

  /** Refuses the id of all zeros, which on the wire means that none was sent. */
  public MemberId {
    if (value.equals(ZERO)) {
      throw new IllegalArgumentException("Expected a member id, but was all zeros");
    }
  }

  /** The id with these two halves. */
  public static MemberId of(long high, long low) {
    return new MemberId(new UUID(high, low));
  }

  /** By the bytes, as everywhere; {@link UUID} itself compares its halves as signed numbers. */
  @Override
  public int compareTo(MemberId other) {
    int byHigh =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return byHigh != 0
        ? byHigh
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
