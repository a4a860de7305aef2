package dev.naru.cli.debug;

import dev.naru.cli.records.Timestamps;
import java.time.Instant;

/** Timestamps of records, which may be anything. */
final class Times {

  private static final long NONE = -1;
  private static final long YEAR_10000 = 253_402_300_800_000L;

  private Times() {}

  /** As people write them; a number if they would not. */
  static String of(long millis) {
    if (millis == NONE) {
      return "-";
    }
    return millis >= 0 && millis < YEAR_10000
        ? Timestamps.rfc3339(Instant.ofEpochMilli(millis))
        : Long.toString(millis);
  }
}
