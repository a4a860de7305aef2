package dev.naru.types;

import java.util.UUID;
import java.util.regex.Pattern;

/** A topic's id. A deleted and re-created name is another topic. */
public record TopicId(UUID value) implements Comparable<TopicId> {

  private static final UUID ZERO = new UUID(0, 0);
  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

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
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("Expected a topic id as a UUID, but was " + text);
    }
    return new TopicId(UUID.fromString(text));
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
