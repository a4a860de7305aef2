package dev.naru.log.retention;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How long something that was set aside is kept. */
public enum Keep {
  /** Until a person deletes it: nobody could explain it, or nothing of it could be used. */
  FOR_GOOD,
  /** For {@code set.aside.retention.ms}: it is the only copy of records that somebody may miss. */
  FOR_A_TIME,
  /**
   * As long at most, but no longer than its disk takes new records: a person has deleted its topic,
   * or others have its records.
   */
  WHILE_THERE_IS_ROOM;

  /** As files have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of this text. */
  public static Optional<Keep> of(String text) {
    return Stream.of(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
