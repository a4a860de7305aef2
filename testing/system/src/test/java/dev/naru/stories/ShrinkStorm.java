package dev.naru.stories;

import dev.naru.chaos.fault.Stage;
import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.Tally;
import dev.naru.chaos.load.Workload;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.deploy.Alarm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of five nodes reaches the controller, hears the others, and leads its share of thirty
 * partitions; but what it sends to their followers does not arrive. It would drop all of them.
 */
final class ShrinkStorm implements Story {

  /** A machine with two cores is slow to answer while five nodes start. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 1000
      raft.election.timeout.max.ms: 2000
      replica.lag.time.max.ms: 5000
      """;

  private static final int SICK = 5;
  private static final Workload WORKLOAD = new Workload("storm", 30, 2, 300, 100, 0);
  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration NOTICED = Duration.ofSeconds(30);
  private static final Duration HEALED = Duration.ofSeconds(90);
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final Pattern CAUSE = Pattern.compile("leaves the in-sync replicas of \\S+: \\S");

  /** What was seen while the node was cut off; times in ms since that began, -1: never. */
  private static final class Seen {
    long alertMillis = -1;
    long movedMillis = -1;
    final Set<Integer> suspects = new TreeSet<>();
    Optional<Duration> alert = Optional.empty();
    long lonely;
    long looks;
  }

  @Override
  public String number() {
    return "A-3";
  }

  @Override
  public String title() {
    return "A node that its followers do not hear drops none of them, is named, and leads no more";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    var layout = new Layout(5, List.of(1, 2, 3));
    var tally = new Tally();
    try (var cluster =
            ChaosCluster.start(
                directory, layout, new ProxyNetwork(), Optional.empty(), false, SETTINGS);
        var client = cluster.client()) {
      teller.say("five nodes are up");
      client
          .admin()
          .createTopic(
              NewTopic.named(WORKLOAD.topic())
                  .partitions(WORKLOAD.partitions())
                  .replicationFactor(3))
          .join();
      var before = cluster.awaitInSync(client, WORKLOAD.topic(), HEALED).partitions();
      teller.say("node %d leads %d of %d partitions", SICK, led(before), before.size());
      Seen seen;
      try (var load = Load.begin(WORKLOAD, client, _ -> tally.ofWriter())) {
        Wait.hold(CALM);
        seen = cutOff(cluster, client, teller);
        var _ = cluster.awaitInSync(client, WORKLOAD.topic(), HEALED);
        teller.say("all replicas are in sync again");
        load.stopWriting();
        teller.say(
            "%d records were acknowledged, %d failed",
            load.progress().acknowledged(), load.progress().failed());
      }
      readEverything(client, tally);
      teller.say("everything was read; %d are lost", tally.lost());
      var verdict = new Verdict();
      if (Alarm.canTell()) {
        long ruleMillis = seen.alert.map(Duration::toMillis).orElse(-1L);
        verdict.expect("rule_ms", ruleMillis, "within 30 s", ShrinkStorm::isInTime);
      } else {
        verdict.only("what needs no promtool");
      }
      return verdict
          .expect("led_before", led(before), "3 or more", led -> led >= 3)
          .expect("suspect", seen.suspects.toString(), "[" + SICK + "]")
          .expect("alert_ms", seen.alertMillis, "within 30 s", ShrinkStorm::isInTime)
          .expect("moved_ms", seen.movedMillis, "within 30 s", ShrinkStorm::isInTime)
          .figure("looks", seen.looks)
          .expect("lonely_isr", seen.lonely, 0L)
          .expect("lost", tally.lost(), 0L)
          .expect("altered", tally.altered(), 0L)
          .expect("shrunk_told", shrunk(cluster).count(), "1 or more", told -> told >= 1)
          .expect("warn_without_cause", shrunk(cluster).filter(ShrinkStorm::isBare).count(), 0L);
    }
  }

  private static boolean isInTime(long millis) {
    return millis >= 0 && millis <= NOTICED.toMillis();
  }

  /** Until others lead, and a while longer: it must stay so. */
  private static Seen cutOff(ChaosCluster cluster, NaruClient client, Teller teller) {
    var nodes = new TreeSet<Place>();
    cluster.hosts().forEach(host -> nodes.add(Place.node(host.id())));
    var links = Stage.from(Place.node(SICK), nodes);
    var seen = new Seen();
    long began = System.nanoTime();
    try (var alarm = Alarm.watch("naru_nodes_suspected", cluster::metricsPages);
        var cut = cluster.network().disturb(Effect.SILENCE, links, Traffic.ANSWERS)) {
      teller.say("followers get nothing from node %d from now on", SICK);
      boolean _ = Wait.comes(NOTICED, () -> look(cluster, client, seen, began, teller));
      var stays = Alarm.INTERVAL.multipliedBy(2); // the alarm looks at least once meanwhile
      long until = System.nanoTime() + stays.toNanos();
      boolean _ =
          Wait.comes(
              stays.plus(CALM),
              () -> {
                look(cluster, client, seen, began, teller);
                return System.nanoTime() >= until;
              });
      seen.alert = alarm.firedAfter("NaruIsrShrinkStorm");
      seen.alert.ifPresent(
          after -> teller.say("the alert NaruIsrShrinkStorm fired after %d s", after.toSeconds()));
      teller.say("they may hear it again; %d pieces were held back", cut.hits());
    }
    return seen;
  }

  /** Whether it is named and leads nothing. */
  private static boolean look(
      ChaosCluster cluster, NaruClient client, Seen seen, long began, Teller teller) {
    seen.looks++;
    long millis = (System.nanoTime() - began) / NANOS_PER_MILLI;
    for (int node = 1; node <= cluster.hosts().size(); node++) {
      var labels = "suspect=\"" + node + "\"";
      boolean isSuspected =
          cluster.metric(1, "naru_nodes_suspected", labels).filter(value -> value > 0).isPresent();
      if (isSuspected && seen.suspects.add(node)) {
        seen.alertMillis = millis;
        teller.say("the metrics of node 1 name node %d: naru_nodes_suspected is 1", node);
      }
    }
    var partitions = client.admin().describeTopic(WORKLOAD.topic()).join().partitions();
    seen.lonely += partitions.stream().filter(each -> each.isr().equals(List.of(SICK))).count();
    if (led(partitions) == 0 && seen.movedMillis < 0) {
      seen.movedMillis = millis;
      teller.say("node %d leads nothing", SICK);
    }
    return seen.alertMillis >= 0 && seen.movedMillis >= 0;
  }

  private static long led(List<PartitionDescription> partitions) {
    return partitions.stream()
        .filter(each -> each.leader().isPresent() && each.leader().getAsInt() == SICK)
        .count();
  }

  private static void readEverything(NaruClient client, Tally tally) {
    try (var reading =
        Load.begin(
            new Workload(WORKLOAD.topic(), WORKLOAD.partitions(), 0, 1, 100, 0),
            client,
            _ -> tally.ofFinalReader())) {
      reading.readEverything("final");
    }
  }

  /** What nodes have logged of replicas that left an ISR. */
  private static Stream<String> shrunk(ChaosCluster cluster) {
    return cluster.hosts().stream()
        .flatMap(host -> host.logText().lines())
        .filter(line -> line.contains("\"event.code\":\"ISR_SHRUNK\""));
  }

  /** Not a warning, or one without a cause. */
  private static boolean isBare(String line) {
    return !line.contains("\"log.level\":\"WARN\"") || !CAUSE.matcher(line).find();
  }
}
