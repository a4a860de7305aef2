package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LeaderElection;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Two of three voters die. All partitions lie on other nodes, and go on; nothing can be changed,
 * and whoever tries is told so, and what goes on. Then one of those nodes dies too, which nobody
 * can decide about. Then all come back.
 */
final class VotersLost implements Story {

  /** A machine with two cores is slow to answer while seven nodes start. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 2000
      raft.election.timeout.max.ms: 4000
      """;

  private static final int PARTITIONS = 48;
  private static final List<Integer> VOTERS = List.of(1, 2, 3);
  private static final Set<Integer> SERVING = Set.of(4, 5, 6, 7);
  private static final int VICTIM = 4;
  private static final int KILLED = 137;

  /** How long the scenario wants the quorum to be lost before another node dies. */
  private static final Duration WHOLE = Duration.ofMinutes(8);

  /** How long it is. Less is quicker, and no proof. */
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("lost.seconds", WHOLE.toSeconds()));

  /** Long enough for some records of each topic, on a machine that is busy. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration NOTICED = Duration.ofSeconds(30);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What was seen. */
  private static final class Seen {
    final Set<String> refusals = new TreeSet<>();
    long createMillis;
    int cliStatus;
    boolean isCliTelling;
    double quorumsAvailable;
    long servingLeast = PARTITIONS;
    long failedSends;
    long longestGapMillis;
  }

  @Override
  public String number() {
    return "A-5";
  }

  @Override
  public String title() {
    return "Without a metadata quorum records go on, and whoever wants a change is told that";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    var seen = new Seen();
    try (var cluster =
            ChaosCluster.start(
                directory,
                new Layout(VOTERS.size() + SERVING.size(), VOTERS),
                new Loopback(),
                Optional.empty(),
                false,
                SETTINGS);
        var client = cluster.client()) {
      teller.say("seven nodes are up, of which %s vote", VOTERS);
      var topics = topics(client);
      for (var topic : topics) {
        var _ = cluster.awaitInSync(client, topic.name(), LIMIT);
      }
      teller.say("%d topics of one partition lie on nodes %s", topics.size(), SERVING);
      var names = topics.stream().map(TopicDescription::name).toList();
      try (var traffic = Traffic.begin(client, names)) {
        int before = traffic.served(LOOK).size();
        teller.say("%d of them are written and read", before);

        var dead = killVoters(cluster, client, teller);
        askForChanges(cluster, client, seen, teller, names.getFirst());
        watch(traffic, seen, teller);

        var withVictim = withVictim(client, names);
        int status = cluster.host(VICTIM).kill();
        teller.say("node %d is killed (exit status %d)", VICTIM, status);
        Wait.hold(LOOK); // what was under way is answered
        var served = traffic.served(LOOK);
        var stopped = new TreeSet<>(names);
        stopped.removeAll(served);
        teller.say("%d partitions go on, %d stand still", served.size(), stopped.size());

        var restored = restore(cluster, client, dead, traffic, teller);
        long lost = traffic.lost();
        teller.say(
            "%d records were acknowledged, %d failed, %d are lost; clients were told %s",
            traffic.acknowledged(), traffic.failed(), lost, traffic.told());
        return verdict()
            .figure("minutes", TIME.toSeconds() / 60.0)
            .expect("serving_before", before, PARTITIONS)
            .expect("failed_sends", seen.failedSends, 0L)
            .figure("longest_gap_ms", seen.longestGapMillis)
            .expect("admin_codes", seen.refusals, Set.of("METADATA_QUORUM_LOST"))
            .expect("create_ms", seen.createMillis, "25 s at most", millis -> millis <= 25_000)
            .expect("cli_status", seen.cliStatus, 5)
            .expect("cli_tells_what_goes_on", seen.isCliTelling, true)
            .expect("quorums_available", seen.quorumsAvailable, 0.0)
            .expect("serving", seen.servingLeast + "/" + PARTITIONS, PARTITIONS + "/" + PARTITIONS)
            .figure("serving_after_kill", served.size())
            .expect("stopped_is_in_sync_on_victim", stopped.equals(withVictim), true)
            .figure("restart_ms", restored.startMillis())
            .expect(
                "restored_ms",
                restored.serviceMillis(),
                "within 30 s of the last node being ready",
                millis -> millis <= NOTICED.toMillis())
            .figure("failed_in_all", traffic.failed())
            .expect("acknowledged", traffic.acknowledged(), "some", count -> count > 0)
            .expect("lost", lost, 0L);
      }
    }
  }

  private static Verdict verdict() {
    var verdict = new Verdict();
    return TIME.compareTo(WHOLE) >= 0
        ? verdict
        : verdict.only("%d of %d s".formatted(TIME.toSeconds(), WHOLE.toSeconds()));
  }

  // ---- before

  private static List<TopicDescription> topics(NaruClient client) {
    var wanted = Map.of("serving", PARTITIONS);
    return List.copyOf(
        PlacedTopics.make(client, NewTopic.named("flow"), wanted, VotersLost::kindOf)
            .get("serving"));
  }

  private static Optional<String> kindOf(PartitionDescription partition) {
    return SERVING.containsAll(partition.replicas()) ? Optional.of("serving") : Optional.empty();
  }

  // ---- without a quorum

  /** The active controller and one more. */
  private static List<Integer> killVoters(ChaosCluster cluster, NaruClient client, Teller teller) {
    int controller = client.admin().describeCluster().join().controller().orElseThrow();
    int other = VOTERS.stream().filter(voter -> voter != controller).findFirst().orElseThrow();
    for (int voter : List.of(controller, other)) {
      int status = cluster.host(voter).kill();
      if (status != KILLED) {
        throw new AssertionError("Expected node " + voter + " to be killed, but " + status);
      }
    }
    teller.say(
        "voters %d, the active controller, and %d are killed (kill -9): the quorum is lost",
        controller, other);
    return List.of(controller, other);
  }

  private static void askForChanges(
      ChaosCluster cluster, NaruClient client, Seen seen, Teller teller, String topic) {
    long began = System.nanoTime();
    refused(
        seen,
        teller,
        "create a topic",
        () -> client.admin().createTopic(NewTopic.named("late")).join());
    seen.createMillis = (System.nanoTime() - began) / NANOS_PER_MILLI;
    refused(seen, teller, "move a leadership", () -> moved(client, topic));
    var outcome = new Commands(cluster.bootstrapServers()).run("topics", "create", "late");
    seen.cliStatus = outcome.status();
    seen.isCliTelling =
        outcome
            .stderr()
            .contains(
                "produce and consume continue on %d of %d partitions"
                    .formatted(PARTITIONS, PARTITIONS));
    teller.say("naru topics create ends with %d: %s", outcome.status(), outcome.stderr().strip());
    boolean _ = Wait.comes(NOTICED, () -> available(cluster) == 0);
    seen.quorumsAvailable = available(cluster);
    teller.say("naru_quorum_available is %.0f in the metrics of all", seen.quorumsAvailable);
  }

  /** Leaderships are answered for one by one. */
  private static List<LeaderElection> moved(NaruClient client, String topic) {
    var elections =
        client.admin().electPreferredLeaders(List.of(new TopicPartition(topic, 0))).join();
    elections.stream()
        .flatMap(each -> each.failure().stream())
        .forEach(failure -> {
          throw failure;
        });
    return elections;
  }

  private static void refused(Seen seen, Teller teller, String what, Callable<Object> change) {
    try {
      seen.refusals.add("it was possible to " + what + ": " + change.call());
    } catch (CompletionException | NaruException e) {
      var why = e.getCause() instanceof NaruException cause ? cause : e;
      seen.refusals.add(
          why instanceof NaruException known ? known.code().toString() : why.toString());
      teller.say("to %s is refused: %s", what, String.valueOf(why.getMessage()));
    } catch (Exception e) {
      seen.refusals.add(e.toString());
    }
  }

  private static double available(ChaosCluster cluster) {
    return cluster.hosts().stream()
        .filter(host -> host.isAlive())
        .mapToDouble(
            host -> cluster.metric(host.id(), "naru_quorum_available", "").orElse(Double.NaN))
        .sum();
  }

  private static void watch(Traffic traffic, Seen seen, Teller teller) {
    long until = System.nanoTime() + TIME.toNanos();
    int looks = 0;
    while (System.nanoTime() < until) {
      seen.servingLeast = Math.min(seen.servingLeast, traffic.served(LOOK).size());
      looks++;
      if (looks % 6 == 0) {
        teller.say("%d acknowledged, %d failed", traffic.acknowledged(), traffic.failed());
      }
    }
    seen.failedSends = traffic.failed();
    seen.longestGapMillis = traffic.longestGapMillis();
    teller.say(
        "for %d s and longer at least %d of %d partitions were written and read in every %d s",
        TIME.toSeconds(), seen.servingLeast, PARTITIONS, LOOK.toSeconds());
  }

  // ---- one node less, and all again

  /** Topics that wait for this node, as long as nobody can take it out of the ISR. */
  private static Set<String> withVictim(NaruClient client, List<String> names) {
    return names.stream()
        .filter(name ->
            client
                .admin()
                .describeTopic(name)
                .join()
                .partitions()
                .getFirst()
                .isr()
                .contains(VICTIM))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All nodes again; how long it took them to start, and how long until all was as before. */
  private record Restored(long startMillis, long serviceMillis) {}

  private static Restored restore(
      ChaosCluster cluster, NaruClient client, List<Integer> dead, Traffic traffic, Teller teller) {
    var down = new ArrayList<>(dead);
    down.add(VICTIM);
    long began = System.nanoTime();
    down.forEach(node -> cluster.host(node).start());
    teller.say("nodes %s are started again", down);
    cluster.hosts().forEach(host -> host.process().awaitReady());
    long ready = System.nanoTime();
    teller.say("all are ready");
    boolean isMade =
        Wait.comes(
            LIMIT,
            () -> client.admin().createTopic(NewTopic.named("again")).join().id().isPresent());
    boolean isServed =
        Wait.comes(LIMIT, () -> traffic.served(Duration.ofSeconds(1)).size() == PARTITIONS);
    long served = System.nanoTime();
    teller.say(
        "%s, and %s",
        isMade ? "a topic is made" : "NO TOPIC CAN BE MADE",
        isServed ? "all partitions are written and read" : "NOT ALL PARTITIONS ARE SERVED");
    return new Restored(
        (ready - began) / NANOS_PER_MILLI,
        isMade && isServed ? (served - ready) / NANOS_PER_MILLI : Long.MAX_VALUE);
  }
}
