package dev.naru.cli.debug;

import dev.naru.cli.text.Printable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The beginning of some bytes, fit for a terminal: text in quotes with all that a terminal would
 * obey as escapes, or hexadecimal digits, if it is no text.
 */
final class Excerpt {

  /** Enough to recognise a record, and a few of them still fit a screen. */
  static final int BYTES_MAX = 64;

  private Excerpt() {}

  static String of(Optional<ByteBuffer> bytes) {
    return bytes.map(Excerpt::of).orElse("null");
  }

  static String of(ByteBuffer bytes) {
    int size = bytes.remaining();
    boolean isCut = size > BYTES_MAX;
    var shown = bytes.slice(bytes.position(), Math.min(size, BYTES_MAX));
    return text(shown, isCut).orElseGet(() -> hex(shown))
        + (isCut ? "… of %,d bytes".formatted(size) : "");
  }

  static String of(String text) {
    boolean isCut = text.length() > BYTES_MAX;
    return quoted(isCut ? text.substring(0, BYTES_MAX) : text) + (isCut ? "…" : "");
  }

  private static Optional<String> text(ByteBuffer bytes, boolean isCut) {
    var characters = CharBuffer.allocate(bytes.remaining());
    // Of a character that was cut in two the first half is left out.
    var result = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate(), characters, !isCut);
    String text = characters.flip().toString();
    return result.isError() || isMostlyControl(text) ? Optional.empty() : Optional.of(quoted(text));
  }

  /** Numbers in binary are UTF-8 as well, but nobody would read them as text. */
  private static boolean isMostlyControl(String text) {
    return text.chars().filter(Character::isISOControl).count() * 4 > text.length();
  }

  private static String quoted(String text) {
    return '"' + Printable.of(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(0, copy);
    return "0x" + HexFormat.of().formatHex(copy);
  }
}
