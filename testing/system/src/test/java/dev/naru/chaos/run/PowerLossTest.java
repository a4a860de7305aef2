package dev.naru.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.naru.chaos.host.Freezer;
import dev.naru.chaos.host.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/power-loss} runs it alone, and prints what it measured. */
class PowerLossTest {

  private static final Path REPORT = Path.of("target", "power-loss.txt");

  private static final Path REPORT_OF_OS = Path.of("target", "power-loss-os.txt");

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("chaos")
  void nothingAcknowledgedIsLostWhenAllNodesLosePowerAtOnce() throws IOException {
    assumePowerCanBeCut();
    long seed = Long.getLong("seed", System.nanoTime() & 0xffffff);
    int cycles = Integer.getInteger("cycles", 5);
    System.out.printf("seed %d, cycles %d%n", seed, cycles);

    var report = PowerLoss.run(directory, seed, cycles);

    System.out.println(report);
    Files.writeString(REPORT, "seed=%d %s%n".formatted(seed, report));
    assertThat(report.cutsProven()).isEqualTo(report.cuts());
    assertThat(report.lost()).isZero();
    assertThat(report.altered()).isZero();
    assertThat(report.replicasEqual()).isTrue();
  }

  @Test
  @Tag("chaos")
  void withoutForcesTheSameLosesWhatIsCounted() throws IOException {
    assumePowerCanBeCut();
    long seed = Long.getLong("seed", System.nanoTime() & 0xffffff);
    int cycles = Integer.getInteger("cycles", 5);
    System.out.printf("flush=os, seed %d, cycles %d%n", seed, cycles);

    var report = CacheLoss.run(directory, seed, cycles);

    System.out.println(report);
    Files.writeString(REPORT_OF_OS, "seed=%d flush=os %s%n".formatted(seed, report));
    assertThat(report.cutsProven()).isEqualTo(report.cuts());
    assertThat(report.lost())
        .as("or the cuts take nothing, and the other test shows nothing")
        .isPositive();
  }

  private static void assumePowerCanBeCut() {
    var whyNot = LoopDisk.whyNot().or(Freezer::whyNot);
    whyNot.ifPresent(why -> System.out.println("NOT EXERCISED: loss of power: " + why));
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElseThrow());
  }
}
