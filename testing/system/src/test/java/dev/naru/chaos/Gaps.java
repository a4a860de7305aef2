package dev.naru.chaos;

import static org.awaitility.Awaitility.await;

import dev.naru.chaos.host.Wait;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How long writes stop when their leader is killed or stopped, and how long no topic can be made
 * when the active controller is killed. Three nodes with the settings of production.
 */
final class Gaps {

  private static final String TOPIC = "heartbeat";
  private static final long ACKS_AFTERWARDS = 200;
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration CALM_MIN = Duration.ofMillis(200);
  private static final Duration CALM_MAX = Duration.ofMillis(1500);

  private final ProcessCluster cluster;
  private final NaruClient client;
  private final Random dice;
  private long topics;

  private Gaps(ProcessCluster cluster, NaruClient client, long seed) {
    this.cluster = cluster;
    this.client = client;
    this.dice = new Random(seed);
  }

  /** All times of one kind. */
  record Row(String what, List<Long> millis, long targetMillis) {

    Row {
      millis = millis.stream().sorted().toList();
    }

    /** Nearest rank. */
    long percentile(int percent) {
      int rank = (int) Math.ceil(percent / 100.0 * millis.size());
      return millis.get(Math.max(rank, 1) - 1);
    }

    @Override
    public String toString() {
      return "%-46s %5d %7d %7d %7d   %s"
          .formatted(
              what,
              millis.size(),
              percentile(50),
              percentile(99),
              millis.getLast(),
              percentile(99) <= targetMillis
                  ? "p99 within %d".formatted(targetMillis)
                  : "p99 ABOVE %d".formatted(targetMillis));
    }
  }

  /** What was measured, and how many records were refused meanwhile. */
  record Report(List<Row> rows, long failed) {

    @Override
    public String toString() {
      var header = "%-46s %5s %7s %7s %7s".formatted("milliseconds", "times", "p50", "p99", "max");
      return Stream.concat(Stream.of(header), rows.stream().map(Row::toString))
              .reduce((above, below) -> above + "\n" + below)
              .orElseThrow()
          + "\nrecords not acknowledged: "
          + failed;
    }
  }

  /** Does each of the three so often, in an empty directory. */
  static Report run(Path directory, long seed, int times) {
    try (var cluster = ProcessCluster.start(directory, 3);
        var client = cluster.client()) {
      client.admin().createTopic(NewTopic.named(TOPIC).partitions(1).replicationFactor(3)).join();
      return new Gaps(cluster, client, seed).measure(times);
    }
  }

  private Report measure(int times) {
    var kills = new ArrayList<Long>();
    var stops = new ArrayList<Long>();
    var controllers = new ArrayList<Long>();
    long failed = 0;
    try (var pulse = Pulse.of(client, TOPIC)) {
      for (int time = 0; time < times; time++) {
        failed += disturb(pulse, kills, node -> cluster.node(node).kill());
        failed += disturb(pulse, stops, node -> cluster.node(node).stop());
        controllers.add(untilTopicsCanBeMade());
        // A run of an hour that is ended early has told what it saw.
        System.out.printf(
            "%d: killed %d ms, stopped %d ms, controller killed %d ms%n",
            time + 1, kills.getLast(), stops.getLast(), controllers.getLast());
      }
    }
    return new Report(
        List.of(
            new Row("no acknowledgement: leader killed (kill -9)", kills, 2000),
            new Row("no acknowledgement: leader stopped (SIGTERM)", stops, 200),
            new Row("no new topic: active controller killed (kill -9)", controllers, 2000)),
        failed);
  }

  /** Ends a node. */
  private interface Ending {
    void end(int node);
  }

  /** Ends the leader, and starts it again; returns how many records were refused. */
  private long disturb(Pulse pulse, List<Long> gaps, Ending ending) {
    awaitHealth();
    int leader = partition().leader().orElseThrow();
    var gap = pulse.watch();
    ending.end(leader);
    long before = gap.acknowledged();
    await("acknowledgements to resume")
        .atMost(LIMIT)
        .until(() -> gap.acknowledged() >= before + ACKS_AFTERWARDS);
    gaps.add(gap.longestMillis());
    long failed = gap.failures();
    cluster.restart(leader).awaitReady();
    return failed;
  }

  private long untilTopicsCanBeMade() {
    awaitHealth();
    int controller = client.admin().describeCluster().join().controller().orElseThrow();
    var name = "topic-" + topics++;
    long began = System.nanoTime();
    cluster.node(controller).kill();
    client.admin().createTopic(NewTopic.named(name).partitions(1).replicationFactor(2)).join();
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    client.admin().deleteTopic(name).join();
    cluster.restart(controller).awaitReady();
    return millis;
  }

  /** All replicas in sync, and then a while of the dice. */
  private void awaitHealth() {
    await("all replicas to be in sync")
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> partition().isr().size() == 3);
    Wait.hold(Wait.between(dice, CALM_MIN, CALM_MAX));
  }

  private PartitionDescription partition() {
    return client.admin().describeTopic(TOPIC).join().partitions().getFirst();
  }
}
