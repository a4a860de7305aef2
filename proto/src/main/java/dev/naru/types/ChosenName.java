package dev.naru.types;

import java.nio.charset.StandardCharsets;

/**
 * The rule for names that people give to groups of consumers and to their members. A client and the
 * cluster refuse the same ones.
 */
public final class ChosenName {

  /** As long as the name of a topic may be. */
  public static final int BYTES_MAX = 249;

  /** The rule in words, after "Expected ... of". */
  public static final String RULE =
      "1 to " + BYTES_MAX + " bytes of UTF-8 without control characters";

  private static final int CHAR_BYTES_MAX = 3; // two characters of a pair take four

  private ChosenName() {}

  /** Whether the text keeps to the rule. */
  public static boolean isValid(String text) {
    return !text.isEmpty() && isShort(text) && text.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isShort(String text) {
    return text.length() * CHAR_BYTES_MAX <= BYTES_MAX
        || (text.length() <= BYTES_MAX
            && text.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX);
  }
}
