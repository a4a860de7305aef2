package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that are awkward to type, in the arguments of produce and consume: {@code \n \t \r \0 \\}
 * and {@code \xHH}; every other character stands for its bytes in UTF-8.
 */
public final class Escapes {

  private Escapes() {}

  /** The bytes that the text stands for. */
  public static byte[] bytes(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) == '\\') {
        i = escape(text, i, bytes);
      } else {
        int c = text.codePointAt(i);
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(c);
      }
    }
    return bytes.toByteArray();
  }

  /** Writes the byte of the escape that begins at the position; returns where it ends. */
  private static int escape(String text, int at, ByteArrayOutputStream bytes) {
    char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    if (kind == 'x') {
      bytes.write(twoDigits(text, at));
      return at + 4;
    }
    bytes.write(
        switch (kind) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case '0' -> 0;
          case '\\' -> '\\';
          default -> throw unknown(text.substring(at, Math.min(at + 2, text.length())));
        });
    return at + 2;
  }

  private static int twoDigits(String text, int at) {
    int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
    int low = at + 3 < text.length() ? Character.digit(text.charAt(at + 3), 16) : -1;
    if (high < 0 || low < 0) {
      throw unknown(text.substring(at, Math.min(at + 4, text.length())));
    }
    return high * 16 + low;
  }

  private static CommandFailure unknown(String escape) {
    return CommandFailure.usage("Expected one of \\n \\t \\r \\0 \\\\ \\xHH, but was " + escape);
  }
}
