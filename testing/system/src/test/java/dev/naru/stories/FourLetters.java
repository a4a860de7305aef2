package dev.naru.stories;

import dev.naru.chaos.fault.Stage;
import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.Wait;
import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A, then B that no follower hears of, then the leader's death, then C and D. */
final class FourLetters {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than an acknowledgement takes, shorter than anybody needs to count as dead. */
  private static final Duration HELD_BACK = Duration.ofSeconds(2);

  private final ChaosCluster cluster;
  private final NaruClient client;
  private final Teller teller;
  private final LetterLog log;

  private FourLetters(ChaosCluster cluster, NaruClient client, Teller teller, LetterLog log) {
    this.cluster = cluster;
    this.client = client;
    this.teller = teller;
    this.log = log;
  }

  /**
   * What came of it.
   *
   * @param read the log from its beginning, once the old leader is back
   * @param setAside what is in {@code lost+found} of the old leader
   * @param truncations that the old leader has told of
   */
  record Outcome(
      String acknowledgedBeforeTheKill,
      String acknowledged,
      String read,
      String setAside,
      long truncations) {

    long duplicates() {
      return read.length() - read.chars().distinct().count();
    }
  }

  /** Writes them to a topic of their own. */
  static Outcome of(ChaosCluster cluster, NaruClient client, Teller teller, Acks acks)
      throws IOException {
    teller.begin("acks=" + acks.text());
    var topic = "letters-" + acks.text();
    client.admin().createTopic(NewTopic.named(topic).partitions(1).replicationFactor(3)).join();
    var _ = cluster.awaitInSync(client, topic, LIMIT);
    try (var log = new LetterLog(client, topic, acks)) {
      return new FourLetters(cluster, client, teller, log).unfold();
    }
  }

  private Outcome unfold() throws IOException {
    log.send('A');
    awaitAcknowledged('A');
    var first = cluster.host(awaitCommitted(1));
    teller.say("A is acknowledged, and all replicas have it; node %d leads", first.id());
    var before = sendOnlyToTheLeader(first, 'B');
    log.send('C');
    log.send('D');
    awaitAcknowledged('B', 'C', 'D');
    teller.say(
        "node %d leads; C and D are sent; acknowledged: %s", log.leader(), log.acknowledged());
    first.start().awaitReady();
    var _ = cluster.awaitInSync(client, log.topic(), LIMIT);
    var outcome =
        new Outcome(
            before, log.acknowledged(), log.read(), log.setAside(first), truncations(first));
    teller.say("node %d is back, and has cut its log to that of node %d", first.id(), log.leader());
    teller.say(
        "the log reads %s; lost+found of node %d holds %s",
        outcome.read(), first.id(), outcome.setAside().isEmpty() ? "nothing" : outcome.setAside());
    return outcome;
  }

  /** Kills the leader, too; returns what was acknowledged before. */
  private String sendOnlyToTheLeader(NodeHost leader, char letter) {
    var place = Place.node(leader.id());
    var nodes =
        cluster.hosts().stream()
            .map(host -> Place.node(host.id()))
            .collect(Collectors.toCollection(TreeSet::new));
    try (var _ =
        cluster.network().disturb(Effect.SILENCE, Stage.from(place, nodes), Traffic.INTERNAL)) {
      teller.say("what node %d sends to the others is held back from now on", leader.id());
      log.send(letter);
      boolean isAcknowledged = Wait.comes(HELD_BACK, () -> log.isAnswered(letter));
      teller.say(
          "%c is sent: %s", letter, isAcknowledged ? "acknowledged" : "no acknowledgement for 2 s");
      var before = log.acknowledged();
      int _ = leader.kill();
      teller.say("node %d is killed (kill -9)", leader.id());
      return before;
    }
  }

  private void awaitAcknowledged(Character... letters) {
    for (var letter : letters) {
      if (!Wait.comes(LIMIT, () -> log.isAnswered(letter))) {
        throw new AssertionError("Expected " + letter + " to have an answer, but it has none");
      }
    }
  }

  /** Waits until the end that readers see is this one; returns the leader. */
  private int awaitCommitted(long end) {
    var partition = log.partition();
    try (var consumer = client.consumer(Codec.bytes(), Codec.utf8()).build()) {
      if (!Wait.comes(
          LIMIT,
          () -> Objects.equals(consumer.endOffsets(List.of(partition)).get(partition), end))) {
        throw new AssertionError("Expected " + partition + " to end at " + end);
      }
    }
    return log.leader();
  }

  private long truncations(NodeHost host) {
    return cluster
        .metric(host.id(), "naru_events_total", "LOG_TRUNCATED")
        .map(Double::longValue)
        .orElse(0L);
  }
}
