package dev.naru.chaos;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smaller run by default; {@code testing/system/real-input} runs the whole. */
class RealInputTest {

  private static final long SMALL_RUN_LINES = 60_000;
  private static final Path REPORT = Path.of("target", "real-input.txt");

  @TempDir Path directory;

  @Test
  @Tag("S18")
  void everyAcknowledgedLineComesBackInOrderAlthoughLeadersAreKilled() throws IOException {
    run(SMALL_RUN_LINES);
  }

  @Test
  @Tag("real-input")
  void everyLineOfTheJdkComesBackInOrderAlthoughLeadersAreKilled() throws IOException {
    run(Long.MAX_VALUE);
  }

  private void run(long linesMax) throws IOException {
    var source = SourceLines.ofThisJdk(linesMax);
    if (source.isEmpty()) {
      Files.writeString(REPORT, "not run: this JDK has no lib/src.zip\n");
      abort("Expected lib/src.zip in " + System.getProperty("java.home") + ", but there is none");
    }
    var lines = source.orElseThrow();
    var report = new RealInput(lines, lines.count()).run(directory);
    System.out.println(report);
    Files.writeString(REPORT, report + "\n");
  }
}
