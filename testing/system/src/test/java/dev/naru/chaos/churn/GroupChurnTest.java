package dev.naru.chaos.churn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.chaos.load.HistoryRecorder;
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
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small group in this JVM, of which nobody is killed, in every build; {@code
 * testing/system/group-churn} plays the large one.
 */
class GroupChurnTest {

  private static final int MEMBERS = 3;
  private static final int PARTITIONS = 12;
  private static final String TOPIC = "churned";
  private static final Duration SESSION = Duration.ofSeconds(10);

  /** So often that a commit is under way at many a rebalance. */
  private static final Duration COMMIT_EVERY = Duration.ofMillis(100);

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("S87")
  void movesOnlyWhatMustMoveAndLosesNothing() throws IOException {
    var plan =
        new GroupChurn.Plan(
            MEMBERS,
            new MemberRole("churn", 1, TOPIC, SESSION, COMMIT_EVERY),
            new Workload(TOPIC, PARTITIONS, 1, 300, 100, 0),
            3,
            Duration.ZERO,
            Duration.ofSeconds(2));
    var histories = Files.createDirectories(directory.resolve("histories"));
    try (var cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "1").start();
        var client = cluster.client();
        var members =
            new MembersHere(
                plan.role(),
                client,
                name -> HistoryRecorder.in(histories.resolve(name)),
                new Progress(PARTITIONS))) {

      var report = GroupChurn.run(plan, client, List.of(members), Optional.empty(), histories);

      System.out.println(report);
      assertThat(report.failed()).isZero();
      GroupChurnRules.expectNothingLostAndNothingPaused(report);
    }
  }
}
