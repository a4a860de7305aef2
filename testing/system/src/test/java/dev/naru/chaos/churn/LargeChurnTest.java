package dev.naru.chaos.churn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.load.MemberProcess;
import dev.naru.chaos.load.MemberRole;
import dev.naru.chaos.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/group-churn} runs it alone, and prints what it measured. */
class LargeChurnTest {

  private static final Path REPORT = Path.of("target", "group-churn.txt");
  private static final String TOPIC = "churned";
  private static final int PROCESSES = 5;
  private static final int RECORD_BYTES = 100;
  private static final int WRITERS = 2;

  /** Kept for whoever has to find out, if anything is wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("chaos")
  void fiftyMembersAreRestartedOneAfterTheOther() throws IOException {
    int members = Integer.getInteger("members", 50);
    int partitions = Integer.getInteger("partitions", 300);
    int rate = Integer.getInteger("rate", 5_000);
    var session = Duration.ofMillis(Long.getLong("session.ms", 10_000));
    var warmUp = Duration.ofMillis(Long.getLong("warmup.ms", 20_000));
    var pause = Duration.ofMillis(Long.getLong("pause.ms", 500));
    var plan =
        new GroupChurn.Plan(
            members,
            new MemberRole("churn", 1, TOPIC, session, Duration.ofSeconds(1)),
            new Workload(TOPIC, partitions, WRITERS, rate, RECORD_BYTES, 0),
            3,
            warmUp,
            pause);
    var head =
        "members=%d partitions=%d rate=%d session_ms=%d warmup_ms=%d pause_ms=%d"
            .formatted(
                members, partitions, rate, session.toMillis(), warmUp.toMillis(), pause.toMillis());
    System.out.println(head);
    var histories = Files.createDirectories(directory.resolve("histories"));
    var hosts = new ArrayList<MemberProcess>();
    try (var cluster =
            ChaosCluster.start(
                directory,
                Layout.allVote(3),
                new ProxyNetwork(),
                Optional.empty(),
                false,
                "offsets.topic.num.partitions: 10\n");
        var client = cluster.client()) {
      for (int i = 0; i < PROCESSES; i++) {
        hosts.add(MemberProcess.start(cluster.bootstrapServers(), plan.role(), histories));
      }

      var report =
          GroupChurn.run(plan, client, List.copyOf(hosts), Optional.of(hosts.getLast()), histories);

      System.out.println(report);
      Files.writeString(REPORT, head + "\n" + report + "\n");
      GroupChurnRules.expectNothingLostAndNothingPaused(report);
      GroupChurnRules.expectTheKilledToBeReplacedInTime(report);
      assertThat(report.failed()).isZero();
    } finally {
      hosts.forEach(MemberProcess::close);
    }
  }
}
