package dev.naru.types;

import java.util.UUID;

/** A topic's id. A deleted and re-created name is another topic. */
public record TopicId(UUID value) implements Comparable<TopicId> {

  private static final UUID ZERO = new UUID(0, 0);
  private static final int CHARS = 36;

  /** Refuses the id of all zeros, which on the wire means that none was sent. */
  public TopicId {
    if (value.equals(ZERO)) {
      throw new IllegalArgumentException("Expected a topic id, but was all zeros");
    }
  }

  /** The id with these two halves. */
  public static TopicId of(long high, long low) {
    return new TopicId(new UUID(high, low));
  }

  /**
   * Reads the form that {@link #toString} writes, and not the others that {@link UUID} would take.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static TopicId parse(String text) {
    if (!isWritten(text)) {
      throw new IllegalArgumentException("Expected a topic id as a UUID, but was " + text);
    }
    return new TopicId(UUID.fromString(text));
  }

  /** By hand: a request may name a thousand, and costs a node that is young what it runs. */
  private static boolean isWritten(String text) {
    if (text.length() != CHARS) {
      return false;
    }
    for (int i = 0; i < CHARS; i++) {
      char at = text.charAt(i);
      boolean isDigit = (at >= '0' && at <= '9') || (at >= 'a' && at <= 'f');
      boolean isDash = i == 8 || i == 13 || i == 18 || i == 23;
      if (isDash ? at != '-' : !isDigit) {
        return false;
      }
    }
    return true;
  }

  /** The most significant half. */
  public long high() {
    return value.getMostSignificantBits();
  }

  /** The least significant half. */
  public long low() {
    return value.getLeastSignificantBits();
  }

  @Override
  public int compareTo(TopicId other) {
    int byHigh = Long.compareUnsigned(high(), other.high());
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low(), other.low());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
