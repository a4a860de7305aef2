package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;

/** Offsets as people write them. */
final class Offsets {

  private Offsets() {}

  static long parse(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw CommandFailure.usage("Expected an offset >= 0, but was " + text);
    }
    return Long.parseLong(text);
  }
}
