package dev.naru.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.chaos.fault.FaultKind;
import dev.naru.chaos.host.LoopDisk;
import dev.naru.chaos.host.NamespaceNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of fault alone, one after the other: {@code testing/system/matrix -Dminutes=3 -Dseed=1}
 * runs it. A line is written after each kind, so that what was run is known whatever comes after.
 */
class MatrixTest {

  private static final Duration LIVENESS = Duration.ofSeconds(6);
  private static final Path TABLE = Path.of("target", "chaos", "matrix.txt");

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("soak")
  void nothingIsLostInAnyKindOfFault() throws Exception {
    var whyNot = NamespaceNetwork.whyNot().or(LoopDisk::whyNot);
    assertThat(whyNot).as("a matrix needs namespaces and disks").isEmpty();
    long seed = Long.getLong("seed", System.nanoTime() & 0xffffff);
    var time =
        Duration.ofSeconds((long) (60 * Double.parseDouble(System.getProperty("minutes", "3"))));
    long wanted = Long.getLong("acknowledged", 0);
    Files.createDirectories(TABLE.getParent());
    Files.deleteIfExists(TABLE);
    var wrong = new ArrayList<String>();
    long next = seed;
    for (var kind : FaultKind.parse(System.getProperty("kinds", "all"))) {
      var ended = run(kind, next++, time);
      var outcome = outcome(ended);
      note(kind, outcome);
      if (!outcome.contains("outcome=CLEAN") || acknowledged(outcome) < wanted) {
        wrong.add(kind.text() + ": " + outcome);
      }
    }
    assertThat(wrong).as("at least %d acknowledged, and all of them there", wanted).isEmpty();
  }

  private ChaosProcess.Ended run(FaultKind kind, long seed, Duration time) throws Exception {
    var report =
        TABLE.resolveSibling("matrix-" + kind.text() + "-" + seed + ".txt").toAbsolutePath();
    var place = Files.createDirectories(directory.resolve(kind.text()));
    return new ChaosProcess(place, report, seed, time, List.of(kind), LIVENESS, true).run();
  }

  private static String outcome(ChaosProcess.Ended ended) {
    if (!ended.skipped().isEmpty()) {
      return ended.skipped().lines().findFirst().orElseThrow();
    }
    return ended.status() == 0
        ? ended.report().lines().findFirst().orElse("no report")
        : "exit status " + ended.status();
  }

  private static void note(FaultKind kind, String outcome) throws IOException {
    String line = "%-16s %s".formatted(kind.text(), outcome);
    System.out.println(line);
    Files.write(TABLE, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static long acknowledged(String outcome) {
    for (var field : outcome.split(" ", -1)) {
      if (field.startsWith("acknowledged=")) {
        return Long.parseLong(field.substring("acknowledged=".length()));
      }
    }
    return -1;
  }
}
