package dev.naru.chaos.churn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.chaos.load.HistoryRecorder;
import dev.naru.chaos.load.MemberProcess;
import dev.naru.chaos.load.MemberRole;
import dev.naru.chaos.load.MembersHere;
import dev.naru.chaos.load.Progress;
import dev.naru.chaos.load.Workload;
import dev.naru.testing.cluster.NaruCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A small group, in every build; {@code testing/system/group-churn} plays the large one. */
class GroupChurnTest {

  private static final String TOPIC = "churned";

  /** The shortest that the nodes take. */
  private static final Duration SESSION = Duration.ofSeconds(6);

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("S87")
  @Tag("S97")
  void movesOnlyWhatMustMoveAndLosesNothing() throws IOException {
    var plan =
        new GroupChurn.Plan(
            4,
            new MemberRole("churn", 1, TOPIC, SESSION, Duration.ofMillis(300)),
            new Workload(TOPIC, 12, 1, 600, 100, 0),
            3,
            Duration.ofSeconds(2));
    var histories = Files.createDirectories(directory.resolve("histories"));
    try (var cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "3").start();
        var client = cluster.client();
        var here =
            new MembersHere(
                plan.role(),
                client,
                name -> HistoryRecorder.in(histories.resolve(name)),
                new Progress(12));
        var victim = MemberProcess.start(cluster.bootstrapServers(), plan.role(), histories)) {

      var report = GroupChurn.run(plan, client, List.of(here, victim), victim, histories);

      System.out.println(report);
      assertThat(report.failed()).isZero();
      GroupChurnRules.expectNothingLostAndNothingPaused(report);
    }
  }
}
