package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Four of five records have the same key, so that one partition of eight gets nearly all. */
final class KeySkew implements Story {

  private static final String TOPIC = "skewed";
  private static final int PARTITIONS = 8;
  private static final int WHOLE_RATE = 20_000;
  private static final int RATE = Integer.getInteger("skew.rate", WHOLE_RATE);

  /** How long the key is sent. */
  private static final Duration TIME = Duration.ofMinutes(2);

  private static final Duration NOTICED = Duration.ofSeconds(60);
  private static final double SKEWED_MIN = 3;
  private static final double EVEN_MAX = 1.2;

  /** Four fifths, and its part of the rest. */
  private static final double SHARE = 0.8 + 0.2 / PARTITIONS;

  private static final double SHARE_ERROR = 0.05;
  private static final Pattern BUSIEST =
      Pattern.compile(
          "\"partitions\"\\s*:\\s*\\[\\s*\\{\\s*\"partition\"\\s*:\\s*(\\d+)\\s*,\\s*\"node\".*?\"share\"\\s*:\\s*([0-9.]+)(.*?)\\}\\s*,\\s*\\{\\s*\"partition\"",
          Pattern.DOTALL);
  private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]*)\"");

  /** What the command line says of the busiest partition. */
  private record Named(int partition, double share, String key) {

    static final Named NOTHING = new Named(-1, 0, "-");
  }

  @Override
  public String number() {
    return "A-4";
  }

  @Override
  public String title() {
    return "A partition that gets nearly everything is named, with its share and the key";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    try (var cluster =
            ChaosCluster.start(
                directory, Layout.allVote(3), new ProxyNetwork(), Optional.empty(), false, "");
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      try (var keys = KeyedTraffic.begin(client, TOPIC, RATE)) {
        teller.say("%d records a second; four of five have the key %s", RATE, KeyedTraffic.KEY);
        long began = System.nanoTime();
        boolean isNoticed = Wait.comes(NOTICED, () -> skew(cluster) >= SKEWED_MIN);
        long noticedMillis = millisSince(began);
        double before = skew(cluster);
        teller.say("naru_partition_skew_ratio is %.2f after %d ms", before, noticedMillis);
        boolean _ = Wait.comes(NOTICED, () -> named(cluster).key().equals(KeyedTraffic.KEY));
        var named = named(cluster);
        double top = top(cluster);
        teller.say("naru topics top: skew %.1f", top);
        teller.say(
            "naru topics describe --load names partition %d with %.1f %% and the key %s",
            named.partition(), 100 * named.share(), named.key());
        Wait.hold(TIME.minusNanos(Math.min(System.nanoTime() - began, TIME.toNanos())));
        keys.dropTheKey();
        long dropped = System.nanoTime();
        teller.say("the key is dropped");
        boolean isEven = Wait.comes(NOTICED, () -> skew(cluster) <= EVEN_MAX);
        double after = skew(cluster);
        teller.say("naru_partition_skew_ratio is %.2f after %d ms", after, millisSince(dropped));
        var verdict =
            RATE < WHOLE_RATE
                ? new Verdict().only("%d of %d records/s".formatted(RATE, WHOLE_RATE))
                : new Verdict();
        return verdict
            .expect("partition", named.partition(), keys.partitionOfTheKey())
            .expect(
                "share",
                named.share(),
                "%.3f ± %.2f".formatted(SHARE, SHARE_ERROR),
                share -> Math.abs(share - SHARE) <= SHARE_ERROR)
            .expect("skew_before", before, "at least 3 within 60 s", _ -> isNoticed)
            .expect("skew_after", after, "at most 1.2 within 60 s", _ -> isEven)
            .expect("hot_key", named.key(), KeyedTraffic.KEY)
            .expect("skew_top", top, "at least 3", skew -> skew >= SKEWED_MIN)
            .figure("rate", keys.perSecond());
      }
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** As the active controller's metrics have it; 0 before it knows. */
  private static double skew(ChaosCluster cluster) {
    return cluster.hosts().stream()
        .flatMap(host ->
            cluster
                .metric(host.id(), "naru_partition_skew_ratio{", "topic=\"" + TOPIC + "\"")
                .stream())
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(0);
  }

  /** As the list of the busiest has it; 0 if the topic is not in it. */
  private static double top(ChaosCluster cluster) {
    var outcome = new Commands(cluster.bootstrapServers()).run("topics", "top");
    return outcome
        .stdout()
        .lines()
        .filter(line -> line.startsWith(TOPIC + " "))
        .map(line -> line.strip().substring(line.strip().lastIndexOf(' ') + 1))
        .filter(skew -> !skew.equals("-"))
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElse(0);
  }

  private static Named named(ChaosCluster cluster) {
    var outcome =
        new Commands(cluster.bootstrapServers())
            .run("topics", "describe", TOPIC, "--load", "-o", "json");
    // Its own partitions come first; those with loads, the busiest first, have a share.
    var load = outcome.stdout().substring(Math.max(outcome.stdout().indexOf("\"load\""), 0));
    var found = BUSIEST.matcher(load);
    if (!found.find()) {
      return Named.NOTHING;
    }
    var key = KEY.matcher(found.group(3));
    return new Named(
        Integer.parseInt(found.group(1)),
        Double.parseDouble(found.group(2)),
        key.find() ? key.group(1) : "-");
  }
}
