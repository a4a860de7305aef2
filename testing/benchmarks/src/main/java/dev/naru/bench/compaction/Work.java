package dev.naru.bench.compaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The folder for data, and words for whoever waits. */
final class Work {

  private Work() {}

  /** A folder of this name with nothing in it. */
  static Path emptied(Path work, String name) {
    var folder = work.resolve(name).toAbsolutePath();
    try {
      if (Files.exists(folder)) {
        try (var files = Files.walk(folder)) {
          for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void say(String format, Object... values) {
    System.err.println(String.format(Locale.ROOT, format, values));
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait, but was interrupted", e);
    }
  }
}
