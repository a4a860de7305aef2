package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import java.time.Instant;

/** Where reading begins, or goes on: {@code --from} and the like. */
public sealed interface ReadFrom {

  /** Reads the value of {@code --from}; times such as {@code -15m} count from now. */
  static ReadFrom parse(String text, Instant now) {
    return parse("--from", text, now);
  }

  /** Reads the flag's value; times such as {@code -15m} count from now. */
  static ReadFrom parse(String flag, String text, Instant now) {
    return switch (text) {
      case "beginning" -> new Beginning();
      case "end" -> new End();
      default -> {
        if (text.startsWith("offset:-")) {
          yield new BeforeEnd(Offsets.parse(text.substring("offset:-".length())));
        }
        if (text.startsWith("offset:")) {
          yield new Offset(Offsets.parse(text.substring("offset:".length())));
        }
        if (text.startsWith("time:")) {
          yield new Time(Timestamps.parse(text.substring("time:".length()), now));
        }
        throw CommandFailure.usage(
            "Expected " + flag + " beginning, end, offset:N, offset:-N or time:T, but was " + text);
      }
    };
  }

  /** At the first record that is kept. */
  record Beginning() implements ReadFrom {}

  /** After the last record that is there now. */
  record End() implements ReadFrom {}

  /** At this offset. */
  record Offset(long offset) implements ReadFrom {}

  /** So many records before the end. */
  record BeforeEnd(long count) implements ReadFrom {}

  /** At the first record at or after this time. */
  record Time(Instant time) implements ReadFrom {}
}
