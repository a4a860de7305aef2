package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.store.RecoveryListener.Progress;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What probes are told of a node that is not ready yet. */
class NodeHealthTest {

  private long nowNanos;

  private final Startup startup = new Startup(() -> nowNanos);
  private final RecoveryProgress recovery = new RecoveryProgress(() -> nowNanos);
  private final StartWaits waits = new StartWaits(() -> nowNanos);
  private final NodeHealth health =
      new NodeHealth(
          new StartProgress(startup, recovery, waits),
          () -> nowNanos,
          Duration.ofSeconds(6),
          new NodeDirectories(List.of(), new TreeMap<>()));

  @Test
  void tellsHowFarTheRecoveryOfEachDirectoryIs() throws Exception {
    var seen =
        startup.step(
            StartProgress.RECOVERY_STEP,
            () -> {
              recovery.recovered(new Progress("/data/2", 0, 7, 0));
              recovery.recovered(new Progress("/data/1", 1200, 3000, 4096));
              return health.now();
            },
            _ -> {});

    assertThat(seen.ready()).isFalse();
    assertThat(seen.reason())
        .isEqualTo(
            "Expected every step to be done, but the node is at: logs; /data/1: 1200 of 3000 logs, 4096 bytes read; /data/2: 0 of 7 logs, 0 bytes read");
  }

  @Test
  void tellsOnlyTheStepAfterwards() throws Exception {
    recovery.recovered(new Progress("/data/1", 3000, 3000, 0));
    var seen = startup.step("register", health::now, _ -> {});

    assertThat(seen.reason()).endsWith("the node is at: register");
    assertThat(seen.details())
        .containsEntry("recovery", "/data/1: 3000 of 3000 logs, 0 bytes read");
  }

  @Test
  void tellsWhatAStepWaitsFor() throws Exception {
    var seen =
        startup.step(
            "register",
            () -> {
              waits.begin("entry 7 of the metadata log");
              nowNanos = 3_000_000_000L;
              return health.now();
            },
            _ -> {});

    assertThat(seen.reason())
        .endsWith("is at: register; has waited 3 s for entry 7 of the metadata log");
  }
}
