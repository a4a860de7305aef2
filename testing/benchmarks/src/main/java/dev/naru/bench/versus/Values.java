package dev.naru.bench.versus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Files of values, the same for both systems and in each run. */
final class Values {

  private static final int LINES = 10_000; // more than a processor's caches hold
  private static final long SEED = 20_25;
  private static final char FIRST = '!';
  private static final char LAST = '~';

  private final Path folder;

  Values(Path folder) {
    this.folder = folder;
  }

  /** Random characters. */
  Path random(int bytes) {
    return write("random-" + bytes, bytes, bytes);
  }

  /** A third of random characters, and twice the same again. */
  Path compressible(int bytes) {
    return write("compressible-" + bytes, bytes, bytes / 3);
  }

  private Path write(String name, int bytes, int period) {
    var file = folder.resolve(name);
    if (Files.exists(file)) {
      return file;
    }
    var random = new SplittableRandom(SEED);
    var text = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      text.append(line(random, bytes, period)).append('\n');
    }
    try {
      Files.createDirectories(folder);
      return Files.writeString(file, text, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(RandomGenerator random, int bytes, int period) {
    var line = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      line.append(i < period ? (char) random.nextInt(FIRST, LAST + 1) : line.charAt(i - period));
    }
    return line.toString();
  }
}
