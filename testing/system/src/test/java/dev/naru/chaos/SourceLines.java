package dev.naru.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipFile;

/**
 * Every line of every {@code .java} file in a JDK's {@code lib/src.zip}, file by file, in order.
 */
final class SourceLines {

  private final Path zip;
  private final long linesMax;

  private SourceLines(Path zip, long linesMax) {
    this.zip = zip;
    this.linesMax = linesMax;
  }

  /** The source of the JDK that runs this, or empty when it came without one. */
  static Optional<SourceLines> ofThisJdk(long linesMax) {
    var zip = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    return Files.isReadable(zip) ? Optional.of(new SourceLines(zip, linesMax)) : Optional.empty();
  }

  /** How many lines there are to hand out. */
  long count() throws IOException {
    var counted = new long[1];
    forEach((file, number, line) -> counted[0]++);
    return counted[0];
  }

  /** Hands out each line with its file's name and its number in the file, from 0. */
  void forEach(LineConsumer consumer) throws IOException {
    long lines = 0;
    try (var archive = new ZipFile(zip.toFile())) {
      var entries = archive.entries();
      while (entries.hasMoreElements() && lines < linesMax) {
        var entry = entries.nextElement();
        if (entry.getName().endsWith(".java")) {
          try (var reader =
              new BufferedReader(
                  new InputStreamReader(
                      archive.getInputStream(entry), StandardCharsets.ISO_8859_1))) {
            int number = 0;
            for (var line = reader.readLine();
                line != null && lines < linesMax;
                line = reader.readLine()) {
              consumer.accept(entry.getName(), number++, line);
              lines++;
            }
          }
        }
      }
    }
  }

  /** Takes one line; Latin-1 keeps its bytes as they are. */
  @FunctionalInterface
  interface LineConsumer {
    void accept(String file, int number, String line);
  }
}
