package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;

/** An argument of the form {@code name=value}; the value may contain more of those signs. */
public record NameValue(String name, String value) {

  /** Reads one. */
  public static NameValue parse(String text) {
    int sign = text.indexOf('=');
    if (sign < 1) {
      throw CommandFailure.usage("Expected name=value, but was " + text);
    }
    return new NameValue(text.substring(0, sign), text.substring(sign + 1));
  }
}
