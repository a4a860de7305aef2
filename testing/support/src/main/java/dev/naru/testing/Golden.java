package dev.naru.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Compares what a test made with a file, mostly of {@code src/test/golden}, which was read and
 * accepted by somebody. {@code -Dgolden.rewrite} writes the files anew; commit only a diff you can
 * explain.
 */
public final class Golden {

  private static final int BYTES_PER_LINE = 16;

  private final Path folder;
  private final boolean rewrites;

  Golden(Path folder, boolean rewrites) {
    this.folder = folder;
    this.rewrites = rewrites;
  }

  /** The golden files of the module this test class belongs to. */
  public static Golden of(Class<?> test) {
    return in(ModuleUnderTest.of(test).golden());
  }

  /** Files of another folder that a test prints, such as pages of the manual. */
  public static Golden in(Path folder) {
    return new Golden(folder, System.getProperty("golden.rewrite") != null);
  }

  /** Text is compared to the letter, line ends included. */
  public void assertText(String file, String actual) {
    var path = folder.resolve(file);
    try {
      if (rewrites) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, actual);
      } else {
        compare(path, actual);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes are kept as text, sixteen to a line, so that a change can be read in review. */
  public void assertBytes(String file, byte[] actual) {
    assertText(file, hex(actual));
  }

  private static void compare(Path path, String actual) throws IOException {
    if (!Files.exists(path)) {
      throw new AssertionError(
          "Expected the golden file %s, but there is none; write it with -Dgolden.rewrite"
              .formatted(path));
    }
    var expected = Files.readString(path, StandardCharsets.UTF_8);
    if (!expected.equals(actual)) {
      throw new AssertionError(
          """
          Expected what is in %s, but it differs; -Dgolden.rewrite accepts the change.
          --- expected
          %s
          --- actual
          %s\
          """
              .formatted(path, expected, actual));
    }
  }

  private static String hex(byte[] bytes) {
    var lines = new StringBuilder();
    for (int at = 0; at < bytes.length; at += BYTES_PER_LINE) {
      int end = Math.min(at + BYTES_PER_LINE, bytes.length);
      lines
          .append("%06x  ".formatted(at))
          .append(HexFormat.ofDelimiter(" ").formatHex(bytes, at, end))
          .append('\n');
    }
    return lines.toString();
  }
}
