package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.client.Acks;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.stories.RackOutage.Scene;
import dev.naru.stories.RackOutage.Scene.Pace;
import dev.naru.stories.RackTopic.Outcome;
import dev.naru.stories.RackTopic.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Three racks with a replica each lose power one after the other, and it returns in each of the six
 * orders. What is lost is what was declared, and nothing where nobody allowed it. One outage is
 * played to topics of every recovery mode at once: some are led from the first rack in the
 * beginning, and change their leader, and some from the last.
 */
final class ThreeRacks implements Story {

  /** A machine with two cores is slow to answer while six nodes start. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 2000
      raft.election.timeout.max.ms: 4000
      """;

  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Longer than all need to come back. */
  private static final Duration LONG_WAIT = Duration.ofMinutes(5);

  private static final List<List<Integer>> ORDERS =
      List.of(
          List.of(1, 2, 3),
          List.of(1, 3, 2),
          List.of(2, 1, 3),
          List.of(2, 3, 1),
          List.of(3, 1, 2),
          List.of(3, 2, 1));

  private static final Set<Integer> RACKS = Set.of(1, 2, 3);

  private final RackPower power = RackPower.here();

  @Override
  public String number() {
    return "A-1";
  }

  @Override
  public String title() {
    return "Three racks lose power one by one; what is lost when it returns is what was declared";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    power
        .whyNot()
        .ifPresent(why ->
            teller.say(
                "NOT EXERCISED: loss of power: %s. NODES ARE KILLED INSTEAD, and what lies in page"
                    + " caches outlives them",
                why));
    var outcomes = new ArrayList<Outcome>();
    var apart = new ArrayList<Scene>();
    ORDERS.forEach(order -> apart.add(new Scene("P", order, Pace.SLOW)));
    apart.add(new Scene("P", ORDERS.getFirst(), Pace.HASTY));
    apart.add(new Scene("P", ORDERS.getFirst(), Pace.TOGETHER));
    outcomes.addAll(
        playAll(directory.resolve("P"), new Layout(6, List.of(4, 5, 6)), teller, apart));
    var combined = ORDERS.stream().map(order -> new Scene("C", order, Pace.HASTY)).toList();
    outcomes.addAll(playAll(directory.resolve("C"), Layout.allVote(3), teller, combined));
    teller.begin("all of them");
    outcomes.forEach(outcome -> teller.say("%s", outcome.line()));
    return new Verdict()
        .figure("power", power)
        .figure("outages", apart.size() + combined.size())
        .figure("topics", outcomes.size())
        .figure("acked", outcomes.stream().mapToLong(each -> each.acknowledged().length()).sum())
        .figure("lost", outcomes.stream().mapToLong(each -> each.lost().length()).sum())
        .figure("declared_beyond", outcomes.stream().mapToLong(Outcome::declaredBeyond).sum())
        .expect(
            "undeclared", outcomes.stream().mapToLong(each -> each.undeclared().length()).sum(), 0L)
        .expect(
            "strict_lost",
            outcomes.stream()
                .filter(Outcome::isStrict)
                .mapToLong(each -> each.lost().length())
                .sum(),
            0L)
        .expect(
            "surprises",
            outcomes.stream().flatMap(each -> each.surprises().stream()).toList(),
            List.of());
  }

  private List<Outcome> playAll(Path directory, Layout layout, Teller teller, List<Scene> scenes)
      throws IOException {
    Files.createDirectories(directory);
    var outcomes = new ArrayList<Outcome>();
    try (var cluster =
            ChaosCluster.start(
                directory,
                layout,
                new Loopback(),
                power.diskBytes(),
                false,
                node -> SETTINGS + "node.rack: rack-" + (1 + (node - 1) % RACKS.size()));
        var client = cluster.client()) {
      teller.say("%d nodes are up, of which %s vote", layout.nodes(), layout.voters());
      for (var scene : scenes) {
        teller.begin(scene.toString());
        var topics = topics(client, scene);
        teller.say("%d topics have their replicas in racks 1 to 3", topics.size());
        try {
          outcomes.addAll(new RackOutage(cluster, client, teller, power, scene, topics).unfold());
        } finally {
          topics.forEach(RackTopic::close);
        }
        topics.forEach(topic -> client.admin().deleteTopic(topic.log().topic()).join());
      }
    }
    return outcomes;
  }

  /** One of each kind in every mode. */
  private static List<RackTopic> topics(NaruClient client, Scene scene) {
    var wait = scene.isTogether() ? LONG_WAIT : WAIT;
    var topics = new ArrayList<RackTopic>();
    for (var mode : List.of("strict", "bounded", "available")) {
      topics.addAll(topics(client, scene, new Terms(mode, 1, wait), Map.of(1, 1, 3, 1)));
    }
    topics.addAll(topics(client, scene, new Terms("strict", 2, wait), Map.of(3, 1)));
    return topics;
  }

  private static List<RackTopic> topics(
      NaruClient client, Scene scene, Terms terms, Map<Integer, Integer> firstLeaders) {
    var name =
        "%s-%s-%d"
            .formatted(scene, terms.mode(), terms.minInsync())
            .replaceAll("[^A-Za-z0-9-]", "-");
    var made =
        PlacedTopics.make(client, terms.topic(name), firstLeaders, ThreeRacks::firstLeaderInRacks);
    var topics = new ArrayList<RackTopic>();
    new TreeMap<>(made)
        .forEach((leader, found) ->
            found.forEach(topic ->
                topics.add(
                    new RackTopic(
                        scene, terms, leader, new LetterLog(client, topic.name(), Acks.ALL)))));
    return topics;
  }

  private static Optional<Integer> firstLeaderInRacks(PartitionDescription partition) {
    return RACKS.containsAll(partition.replicas())
        ? partition.leader().stream().boxed().findFirst()
        : Optional.empty();
  }
}
