package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.admin.NewTopic;
import dev.naru.deploy.Alarm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;

/** Four of five records have the same key, so that one partition of eight gets nearly all. */
final class KeySkew implements Story {

  private static final String TOPIC = "skewed";
  private static final int PARTITIONS = 8;
  private static final int WHOLE_RATE = 20_000;
  private static final int RATE = Integer.getInteger("skew.rate", WHOLE_RATE);

  /** How long the key is sent. */
  private static final Duration TIME = Duration.ofMinutes(2);

  private static final Duration NOTICED_MAX = Duration.ofSeconds(60);
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
  private record Busiest(int partition, double share, String key) {

    static final Busiest NOTHING = new Busiest(-1, 0, "-");
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
      try (var alarm = Alarm.watch("naru_partition_skew_ratio", cluster::metricsPages);
          var keys = KeyedTraffic.begin(client, TOPIC, RATE)) {
        var seen = watch(cluster, keys, teller);
        var alert = alarm.firedAfter("NaruPartitionSkew");
        alert.ifPresent(after ->
            teller.say(
                "the alert NaruPartitionSkew fired %d s after the start", after.toSeconds()));
        return judged(seen, alert, keys);
      }
    }
  }

  /** The ratio under the key and after it, and what the command line said in between. */
  private record Seen(double before, Busiest busiest, double top, double after) {}

  private static Seen watch(ChaosCluster cluster, KeyedTraffic keys, Teller teller) {
    teller.say("%d records a second; four of five have the key %s", RATE, KeyedTraffic.KEY);
    long began = System.nanoTime();
    double before = skewOnce(cluster, skew -> skew >= SKEWED_MIN);
    long noticedMillis = millisSince(began);
    teller.say("naru_partition_skew_ratio is %.2f after %d ms", before, noticedMillis);
    boolean _ = Wait.comes(NOTICED_MAX, () -> busiest(cluster).key().equals(KeyedTraffic.KEY));
    var busiest = busiest(cluster);
    double top = top(cluster);
    teller.say("naru topics top: skew %.1f", top);
    teller.say(
        "naru topics describe --load names partition %d with %.1f %% and the key %s",
        busiest.partition(), 100 * busiest.share(), busiest.key());
    Wait.hold(TIME.minusNanos(Math.min(System.nanoTime() - began, TIME.toNanos())));
    keys.dropTheKey();
    long dropped = System.nanoTime();
    teller.say("the key is dropped");
    double after = skewOnce(cluster, skew -> skew <= EVEN_MAX);
    teller.say("naru_partition_skew_ratio is %.2f after %d ms", after, millisSince(dropped));
    return new Seen(before, busiest, top, after);
  }

  private static Verdict judged(Seen seen, Optional<Duration> alert, KeyedTraffic keys) {
    var verdict = new Verdict();
    if (Alarm.canTell()) {
      verdict.expect(
          "alert_ms",
          alert.map(Duration::toMillis).orElse(-1L),
          "within " + NOTICED_MAX.toSeconds() + " s",
          after -> after >= 0 && after <= NOTICED_MAX.toMillis());
    } else {
      verdict.only("what needs no promtool");
    }
    if (RATE < WHOLE_RATE) {
      verdict.only("%d of %d records/s".formatted(RATE, WHOLE_RATE));
    }
    String inTime = " within " + NOTICED_MAX.toSeconds() + " s";
    return verdict
        .expect("partition", seen.busiest.partition(), keys.partitionOfTheKey())
        .expect(
            "share",
            seen.busiest.share(),
            "%.3f ± %.2f".formatted(SHARE, SHARE_ERROR),
            share -> Math.abs(share - SHARE) <= SHARE_ERROR)
        .expect(
            "skew_before",
            seen.before,
            "at least " + SKEWED_MIN + inTime,
            skew -> skew >= SKEWED_MIN)
        .expect("skew_after", seen.after, "at most " + EVEN_MAX + inTime, skew -> skew <= EVEN_MAX)
        .expect("hot_key", seen.busiest.key(), KeyedTraffic.KEY)
        .expect("skew_top", seen.top, "at least " + SKEWED_MIN, skew -> skew >= SKEWED_MIN)
        .figure("rate", keys.perSecond());
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** The ratio that was awaited, or the last one seen in the time there is. */
  private static double skewOnce(ChaosCluster cluster, DoublePredicate awaited) {
    var last = new AtomicReference<>(Double.NaN);
    boolean _ =
        Wait.comes(
            NOTICED_MAX,
            () -> {
              last.set(skew(cluster));
              return awaited.test(last.get());
            });
    return last.get();
  }

  /** As the active controller's metrics have it; not a number while it does not know. */
  private static double skew(ChaosCluster cluster) {
    return cluster.hosts().stream()
        .flatMap(host ->
            cluster
                .metric(host.id(), "naru_partition_skew_ratio{", "topic=\"" + TOPIC + "\"")
                .stream())
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(Double.NaN);
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

  private static Busiest busiest(ChaosCluster cluster) {
    var outcome =
        new Commands(cluster.bootstrapServers())
            .run("topics", "describe", TOPIC, "--load", "-o", "json");
    // Its own partitions come first; those with loads, the busiest first, have a share.
    var load = outcome.stdout().substring(Math.max(outcome.stdout().indexOf("\"load\""), 0));
    var found = BUSIEST.matcher(load);
    if (!found.find()) {
      return Busiest.NOTHING;
    }
    var key = KEY.matcher(found.group(3));
    return new Busiest(
        Integer.parseInt(found.group(1)),
        Double.parseDouble(found.group(2)),
        key.find() ? key.group(1) : "-");
  }
}
