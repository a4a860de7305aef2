package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.naru.chaos.host.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/full-disk} runs it alone, and prints what it measured. */
class FullDiskTest {

  private static final Path REPORT = Path.of("target", "full-disk.txt");

  @TempDir Path directory;

  @Test
  @Tag("chaos")
  void aFullDiskRefusesRecordsLosesNoneAndTakesThemAgainByItself() throws IOException {
    LoopDisk.whyNot().ifPresent(why -> System.out.println("SKIPPED full disk: " + why));
    assumeTrue(LoopDisk.whyNot().isEmpty(), () -> LoopDisk.whyNot().orElseThrow());

    var report = FullDisk.run(directory);

    System.out.println(report);
    Files.writeString(REPORT, report + "\n");
    assertThat(report.warnedAt()).isLessThan(report.refusedAt());
    assertThat(report.refusedAt()).isBetween(0.83, 0.96);
    assertThat(report.lost()).isZero();
    assertThat(report.replicasEqual()).isTrue();
  }
}
