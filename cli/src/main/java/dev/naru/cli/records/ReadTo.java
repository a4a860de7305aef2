package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.client.Position;
import java.time.Instant;

/** A place that a flag names: where reading stops, or where what is kept begins. */
public final class ReadTo {

  private ReadTo() {}

  /** Reads the flag's value; times such as {@code -15m} count from now. */
  public static Position parse(String flag, String text, Instant now) {
    if (text.equals("end")) {
      return Position.end();
    }
    if (text.startsWith("offset:")) {
      return Position.offset(Offsets.parse(text.substring("offset:".length())));
    }
    if (text.startsWith("time:")) {
      return Position.time(Timestamps.parse(text.substring("time:".length()), now));
    }
    throw CommandFailure.usage("Expected " + flag + " end, offset:N or time:T, but was " + text);
  }
}
