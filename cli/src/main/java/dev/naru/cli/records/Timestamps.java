package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.text.Durations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Points in time as people write them. */
public final class Timestamps {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** UTC with milliseconds. */
  public static String rfc3339(Instant time) {
    return MILLIS.format(time);
  }

  /** RFC 3339, milliseconds of the epoch, or {@code -15m}, fifteen minutes before now. */
  public static Instant parse(String text, Instant now) {
    try {
      if (text.startsWith("-")) {
        return now.minus(Durations.parse(text.substring(1)));
      }
      return text.matches("\\d{1,15}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw CommandFailure.usage(
          "Expected a time such as 2026-11-01T00:00:00Z, milliseconds of the epoch or -15m, but was "
              + text);
    }
  }
}
