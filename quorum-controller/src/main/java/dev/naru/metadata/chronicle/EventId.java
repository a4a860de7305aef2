package dev.naru.metadata.chronicle;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which event: the same on every node, and rising. Events of one index came of one decision.
 *
 * @param index of the entry in the metadata log that it came of
 * @param ordinal among the events of that entry, from 0
 */
public record EventId(long index, int ordinal) implements Comparable<EventId> {

  /** Before all events. */
  public static final EventId NONE = new EventId(0, 0);

  private static final String COLLECTION = "events/";

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,10})");

  private static final Comparator<EventId> ORDER =
      Comparator.comparingLong(EventId::index).thenComparingInt(EventId::ordinal);

  /** Refuses what is below zero. */
  public EventId {
    if (index < 0 || ordinal < 0) {
      throw new IllegalArgumentException(
          "Expected an index and an ordinal >= 0, but were " + index + " and " + ordinal);
    }
  }

  /** After all events of this entry, and before those of the next. */
  public static EventId lastOf(long index) {
    return new EventId(index, Integer.MAX_VALUE);
  }

  /** Reads what {@link #toString} wrote; empty if it is nothing of the kind. */
  public static Optional<EventId> parse(String text) {
    var parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long ordinal = Long.parseLong(parts.group(2));
    return ordinal > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(new EventId(Long.parseLong(parts.group(1)), (int) ordinal));
  }

  /** Reads a {@link #name}; empty if it is nothing of the kind. */
  public static Optional<EventId> named(String name) {
    return name.startsWith(COLLECTION)
        ? parse(name.substring(COLLECTION.length()))
        : Optional.empty();
  }

  /** How it is called everywhere, such as {@code events/4711.2}. */
  public String name() {
    return COLLECTION + this;
  }

  /** Whether it comes after that one. */
  public boolean isAfter(EventId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(EventId other) {
    return ORDER.compare(this, other);
  }

  /** Such as {@code 4711.2}. */
  @Override
  public String toString() {
    return index + "." + ordinal;
  }
}
