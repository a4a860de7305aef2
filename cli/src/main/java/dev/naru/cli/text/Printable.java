package dev.naru.cli.text;

/** Text from elsewhere, made safe for a terminal. */
public final class Printable {

  private Printable() {}

  /** Control characters and such as change the direction of text become escapes. */
  public static String of(String text) {
    if (text.chars().noneMatch(Printable::isUnsafe)) {
      return text;
    }
    var safe = new StringBuilder();
    text.chars()
        .forEach(c -> {
          if (isUnsafe(c)) {
            safe.append(
                c == '\n' ? "\\n" : c < 0x100 ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c));
          } else {
            safe.append((char) c);
          }
        });
    return safe.toString();
  }

  private static boolean isUnsafe(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }
}
