package dev.naru.cli.dev;

import java.util.regex.Pattern;

/** Text as a shell reads it back in one word, for commands that people copy. */
final class ShellWord {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** Quoted only if it must be. */
  static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
