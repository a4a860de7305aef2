package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.Wait;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What one of the 130 servers is given on an average day: so many records of such a size, of which
 * half as many are read twice as once. Three nodes with three copies take it, with the settings
 * that they have when nobody chooses others, and a client of its own for each group.
 */
final class OneServersShare implements Story {

  /** A machine with two cores is busy at times. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 2000
      raft.election.timeout.max.ms: 4000
      """;

  private static final int NODES = 3;
  private static final long WHOLE_RATE = 23_148; // records a second
  private static final double PER_SECOND = Long.getLong("share.rate", WHOLE_RATE);
  private static final int RECORD_BYTES = 923;
  private static final int PARTITIONS = 50;

  /** Those that the second group reads, too: a topic of its own, as groups read whole topics. */
  private static final int READ_TWICE = 27;

  private static final String TWICE = "read-twice";
  private static final String ONCE = "read-once";

  /** How long the scenario wants it to last, and to warm up before. */
  private static final Duration WHOLE = Duration.ofMinutes(10);

  private static final Duration WHOLE_WARM_UP = Duration.ofMinutes(2);

  /** How long they are. Less is quicker, and no proof. */
  private static final Duration TIME = seconds("share.seconds", WHOLE);

  private static final Duration WARM_UP = seconds("share.warmup.seconds", WHOLE_WARM_UP);

  private static final Duration STEP = Duration.ofSeconds(30); // between two lines of the story
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final double BYTES_PER_MEGABYTE = 1e6;

  /** What is asked for. */
  private static final double RATE_OFF_MAX = 0.01;

  private static final double FAN_OUT = 1.54;
  private static final double FAN_OUT_OFF_MAX = 0.02;
  private static final double ACK_99_MILLIS_MAX = 100;
  private static final double READ_99_MILLIS_MAX = 200;
  private static final long LAG_MILLIS_MAX = 1000;

  private static Duration seconds(String property, Duration whole) {
    return Duration.ofSeconds(Long.getLong(property, whole.toSeconds()));
  }

  @Override
  public String number() {
    return "A-12";
  }

  @Override
  public String title() {
    return "What one of 130 servers is given: 23,148 records of 923 B a second, read 1.54 times";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    try (var cluster =
            ChaosCluster.start(
                directory,
                Layout.allVote(NODES),
                new Loopback(),
                Optional.empty(),
                false,
                SETTINGS);
        var client = cluster.client();
        var everything = cluster.client();
        var half = cluster.client();
        var load = SteadyLoad.of(client, turns(), PER_SECOND, RECORD_BYTES)) {
      create(cluster, client, TWICE, READ_TWICE);
      create(cluster, client, ONCE, PARTITIONS - READ_TWICE);
      teller.say("%d nodes are up, with %d partitions of 3 copies", NODES, PARTITIONS);
      load.read(TailReader.ofGroup(everything, "everything", Set.of(TWICE, ONCE), PARTITIONS));
      load.read(TailReader.ofGroup(half, "half", Set.of(TWICE), READ_TWICE));
      load.begin();
      watch(load, WARM_UP, teller);
      teller.say("warm after %d s; from here on it counts", WARM_UP.toSeconds());

      var _ = load.look();
      watch(load, TIME, teller);
      var counted = load.look();
      long lagMillis = load.lagMillis();

      load.end();
      teller.say(
          "%d records are acknowledged, %s failed, and all is read",
          load.acknowledged(), load.failures());
      return verdict(load, counted, lagMillis).figure("disk", disk(directory));
    }
  }

  /** The topics in turn, in the proportion of their partitions. */
  private static List<String> turns() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(i -> i * READ_TWICE % PARTITIONS < READ_TWICE ? TWICE : ONCE)
        .toList();
  }

  private static void create(
      ChaosCluster cluster, NaruClient client, String topic, int partitions) {
    client
        .admin()
        .createTopic(NewTopic.named(topic).partitions(partitions).replicationFactor(NODES))
        .join();
    var _ = cluster.awaitInSync(client, topic, LIMIT);
  }

  private static void watch(SteadyLoad load, Duration time, Teller teller) {
    for (var left = time; left.isPositive(); left = left.minus(STEP)) {
      Wait.hold(left.compareTo(STEP) < 0 ? left : STEP);
      teller.say(
          "%d acknowledged, readers are %d ms behind", load.acknowledged(), load.lagMillis());
    }
  }

  private static Verdict verdict(SteadyLoad load, SteadyLoad.Interval counted, long lagMillis) {
    double rate = counted.acked() / counted.seconds();
    double read = counted.read().stream().mapToLong(Long::longValue).sum() / counted.seconds();
    var verdict =
        new Verdict()
            .figure("seconds", rounded(counted.seconds()))
            .expect(
                "rate",
                rounded(rate),
                "%.0f records/s and 1 %% more or less at most".formatted(PER_SECOND),
                _ -> Math.abs(rate / PER_SECOND - 1) <= RATE_OFF_MAX)
            .figure("in_mb_s", rounded(rate * RECORD_BYTES / BYTES_PER_MEGABYTE))
            .figure("out_mb_s", rounded(read * RECORD_BYTES / BYTES_PER_MEGABYTE))
            .expect(
                "fanout",
                rounded(read / rate),
                "1.54 and 0.02 more or less at most",
                _ -> Math.abs(read / rate - FAN_OUT) <= FAN_OUT_OFF_MAX)
            .figure("ack_p50_ms", counted.ackMillis(50))
            .expect(
                "ack_p99_ms",
                counted.ackMillis(99),
                "100 ms at most",
                millis -> millis <= ACK_99_MILLIS_MAX)
            .figure("e2e_p50_ms", counted.readMillis(50))
            .expect(
                "e2e_p99_ms",
                counted.readMillis(99),
                "200 ms at most",
                millis -> millis <= READ_99_MILLIS_MAX)
            .expect("lag_ms", lagMillis, "1 s at most", millis -> millis <= LAG_MILLIS_MAX)
            .expect("failed_sends", load.failures(), Map.of())
            .expect("lost", load.lost(), 0L)
            .expect("duplicates", load.duplicates(), 0L)
            .expect("reordered", load.reordered(), 0L)
            .figure("host_cores", Runtime.getRuntime().availableProcessors())
            .figure("nodes", NODES)
            .figure("copies", NODES)
            .figure("commit", System.getProperty("stories.commit", "unknown"));
    boolean isWhole =
        TIME.compareTo(WHOLE) >= 0
            && WARM_UP.compareTo(WHOLE_WARM_UP) >= 0
            && PER_SECOND >= WHOLE_RATE;
    return isWhole
        ? verdict
        : verdict.only(
            "%.0f of %d records/s for %d of %d s after %d of %d s of warm-up"
                .formatted(
                    PER_SECOND,
                    WHOLE_RATE,
                    TIME.toSeconds(),
                    WHOLE.toSeconds(),
                    WARM_UP.toSeconds(),
                    WHOLE_WARM_UP.toSeconds()));
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String disk(Path directory) throws IOException {
    var store = Files.getFileStore(directory);
    return store.type() + ":" + store.name();
  }
}
