package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/gaps -Dkills=100} runs it alone, and prints what it measured. */
class GapsTest {

  private static final Path REPORT = Path.of("target", "gaps.txt");

  @TempDir Path directory;

  @Test
  @Tag("chaos")
  void writesAndTopicsAreSoonPossibleAgain() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime() & 0xffffff);
    int kills = Integer.getInteger("kills", 3);
    System.out.printf("seed %d, kills %d%n", seed, kills);

    var report = Gaps.run(directory, seed, kills);

    System.out.println(report);
    Files.writeString(REPORT, "seed=%d%n%s%n".formatted(seed, report));
    // How long a gap may be is told, not judged: a machine with other work on it makes its own.
    assertThat(report.failed()).isZero();
  }
}
