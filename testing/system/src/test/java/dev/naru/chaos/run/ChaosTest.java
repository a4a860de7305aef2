package dev.naru.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.naru.chaos.fault.FaultKind;
import dev.naru.chaos.host.LoopDisk;
import dev.naru.chaos.host.NamespaceNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./mvnw verify -Pchaos -Dminutes=M -Dseed=S -Dkinds=kill-leader,flap} runs the long one;
 * without kinds all are drawn from. The short one needs no root, and is made in every build.
 */
class ChaosTest {

  private static final Duration LIVENESS = Duration.ofSeconds(6);

  /** So that a dead node is noticed several times in a short run. */
  private static final Duration LIVENESS_OF_SMOKE = Duration.ofSeconds(4);

  private static final Duration SMOKE = Duration.ofSeconds(25);
  private static final long SMOKE_SEED = 3575;

  private static final List<FaultKind> OF_SMOKE =
      List.of(
          FaultKind.KILL_LEADER,
          FaultKind.KILL_CONTROLLER,
          FaultKind.KILL_COORDINATOR,
          FaultKind.PAUSE_CONSUMER,
          FaultKind.KILL_ALL,
          FaultKind.CLEAN_STOP,
          FaultKind.PAUSE_BRIEF,
          FaultKind.PAUSE_LASTING,
          FaultKind.CUT_LEADER,
          FaultKind.CUT_OUTGOING,
          FaultKind.QUORUM_LOST,
          FaultKind.RESET,
          FaultKind.ROT_RUNNING);

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("S81")
  void nothingIsLostInTheFaultsThatNeedNoRoot() throws Exception {
    var report = Path.of("target", "chaos", "smoke.txt").toAbsolutePath();

    var ended =
        new ChaosProcess(directory, report, SMOKE_SEED, SMOKE, OF_SMOKE, LIVENESS_OF_SMOKE, false)
            .run();

    System.out.println(ended.report());
    assertThat(ended.status()).as(ended.report()).isZero();
    assertThat(ended.report()).contains("outcome=CLEAN");
  }

  @Test
  @Tag("chaos")
  void nothingIsLostWhateverHappens() throws Exception {
    var whyNot = NamespaceNetwork.whyNot().or(LoopDisk::whyNot);
    boolean mayBeUnprivileged = Boolean.getBoolean("chaos.unprivileged");
    assertThat(whyNot.isEmpty() || mayBeUnprivileged)
        .as("root, or -Dchaos.unprivileged=true for what needs no root: " + whyNot)
        .isTrue();
    long seed = Long.getLong("seed", System.nanoTime() & 0xffffff);
    var kinds = FaultKind.parse(System.getProperty("kinds", "all"));
    var time =
        Duration.ofSeconds((long) (60 * Double.parseDouble(System.getProperty("minutes", "3"))));
    var report = Path.of("target", "chaos", "report-" + seed + ".txt").toAbsolutePath();
    System.out.printf("seed %d, %s, kinds %s%n", seed, time, kinds);

    var ended =
        new ChaosProcess(directory, report, seed, time, kinds, LIVENESS, whyNot.isEmpty()).run();

    System.out.println(ended.report());
    System.out.println(ended.skipped());
    assertThat(ended.status()).as(ended.report()).isZero();
    assertThat(ended.report()).contains("outcome=CLEAN");
    assumeTrue(ended.skipped().isEmpty(), ended.skipped());
  }
}
