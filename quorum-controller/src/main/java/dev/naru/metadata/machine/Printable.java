package dev.naru.metadata.machine;

/**
 * Text from outside, made fit for a message: control characters escaped, the rest of a long one
 * cut.
 */
public final class Printable {

  /** Longer than any valid name, short enough for a log line. */
  private static final int CHARS_MAX = 260;

  private Printable() {}

  /** The text without what could harm a terminal or fill a log. */
  public static String of(String text) {
    var printable = new StringBuilder();
    int end = Math.min(text.length(), CHARS_MAX);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        printable.append("\\u%04x".formatted((int) c));
      } else {
        printable.append(c);
      }
    }
    return text.length() > CHARS_MAX ? printable + "..." : printable.toString();
  }
}
