package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A topic gets more partitions and the cluster a node more, while records with keys are written and
 * read. The node gets nothing by itself: a plan moves data to it.
 */
final class GrowingTopic implements Story {

  private static final String SETTINGS =
      """
      offsets.topic.num.partitions: 3
      raft.election.timeout.min.ms: 2000
      raft.election.timeout.max.ms: 4000
      """;

  private static final String TOPIC = "growing";
  private static final String GROUP = "readers";
  private static final int PARTITIONS = 4;
  private static final int MORE = 8;
  private static final int FEWER = 6;
  private static final int NEW_NODE = 4;
  private static final int CONFLICT = 4; // the exit status for what a state does not allow
  private static final String SHRINK = "PARTITIONS_CANNOT_SHRINK";
  private static final String WARNING = "keys may map to other partitions from now on";

  /** Long enough for records of each key on either side of a change. */
  private static final Duration WHILE = Duration.ofSeconds(5);

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int PLANS_MAX = 5; // a replica that falls behind makes a plan old

  @Override
  public String number() {
    return "A-10";
  }

  @Override
  public String title() {
    return "A topic gets partitions and a cluster a node, and whoever writes and reads goes on";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    try (var cluster =
            ChaosCluster.start(
                directory, Layout.allVote(3), new Loopback(), Optional.empty(), false, SETTINGS);
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      try (var keys = NumberedKeys.begin(client, TOPIC, GROUP, PARTITIONS)) {
        Wait.hold(WHILE);
        boolean isWarned = addPartitions(cluster, teller);
        boolean areUsed = Wait.comes(LIMIT, () -> keys.writtenTo().size() == MORE);
        teller.say("records are in partitions %s", keys.writtenTo());
        long seenMillis = join(cluster, directory, teller);
        rebalance(cluster, directory, teller);
        long led = leaders(cluster);
        teller.say("node %d leads %d of %d partitions", NEW_NODE, led, MORE);
        Wait.hold(WHILE);
        var fewer = commands(cluster).run("topics", "add-partitions", TOPIC, "--total", "" + FEWER);
        keys.stopWriting();
        boolean _ = Wait.comes(LIMIT, () -> keys.missed() == 0);
        teller.say(
            "%d records were acknowledged, %d of them were not read",
            keys.acknowledged(), keys.missed());
        return new Verdict()
            .expect("failed_sends", keys.failed(), 0)
            .expect("missed", keys.missed(), 0)
            .expect("leaders_node4", led, "at least 1", count -> count >= 1)
            .expect("shrink_code", code(fewer), SHRINK)
            .expect("shrink_exit", fewer.status(), CONFLICT)
            .expect("warned", isWarned, true)
            .expect("all_partitions_used", areUsed, true)
            .expect("out_of_order", keys.outOfOrder(), 0)
            .figure("acknowledged", keys.acknowledged())
            .figure("joined_ms", seenMillis);
      }
    }
  }

  private static Commands commands(ChaosCluster cluster) {
    return new Commands(cluster.bootstrapServers());
  }

  private static String code(Commands.Outcome outcome) {
    return outcome.stderr().contains("error: " + SHRINK + ":")
        ? SHRINK
        : outcome.stderr().lines().findFirst().orElse("none");
  }

  private static boolean addPartitions(ChaosCluster cluster, Teller teller) {
    var added = commands(cluster).run("topics", "add-partitions", TOPIC, "--total", "" + MORE);
    teller.say("naru topics add-partitions: exit %d", added.status());
    return added.status() == 0 && added.stderr().contains(WARNING);
  }

  private static long join(ChaosCluster cluster, Path directory, Teller teller) throws IOException {
    long began = System.nanoTime();
    cluster.join(directory, SETTINGS);
    boolean isSeen =
        Wait.comes(
            LIMIT,
            () ->
                commands(cluster)
                    .run("nodes", "list", "-o", "name")
                    .stdout()
                    .lines()
                    .anyMatch(("nodes/" + NEW_NODE)::equals));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    if (!isSeen) {
      throw new AssertionError("Expected node " + NEW_NODE + " to be listed, but it is not");
    }
    teller.say("node %d serves after %d ms", NEW_NODE, millis);
    return millis;
  }

  /** By a plan that is read before it is carried out. */
  private static void rebalance(ChaosCluster cluster, Path directory, Teller teller)
      throws IOException {
    var file = directory.resolve("plan.yaml");
    for (int attempt = 1; attempt <= PLANS_MAX; attempt++) {
      var plan = commands(cluster).run("rebalance", "plan", "--by", "bytes", "--topic", TOPIC);
      if (plan.status() != 0) {
        throw new AssertionError("Expected a plan, but: " + plan.stderr());
      }
      Files.writeString(file, plan.stdout());
      teller.say("the plan: %s", plan.stderr().lines().reduce((_, last) -> last).orElse(""));
      var applied =
          commands(cluster)
              .run(
                  "rebalance", "apply", "--plan", file.toString(), "--throttle", "20MiB", "--wait");
      teller.say("naru rebalance apply: exit %d", applied.status());
      if (applied.status() == 0) {
        return;
      }
      if (!applied.stderr().contains("PARTITION_EPOCH_MISMATCH")) {
        throw new AssertionError("Expected the plan to be carried out: " + applied.stderr());
      }
    }
    throw new AssertionError("Expected a plan that is not out of date, but was none");
  }

  private static long leaders(ChaosCluster cluster) {
    try (var client = cluster.client()) {
      return client.admin().describeTopic(TOPIC).join().partitions().stream()
          .filter(partition ->
              partition.leader().isPresent() && partition.leader().getAsInt() == NEW_NODE)
          .count();
    }
  }
}
