package dev.naru.stories;

import static java.util.Objects.requireNonNull;

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
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.testing.files.PartitionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A, then B that no follower hears of, then the leader's death, then C and D. */
final class FourLetters {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than an acknowledgement takes, shorter than anybody needs to count as dead. */
  private static final Duration HELD_BACK = Duration.ofSeconds(2);

  private final ChaosCluster cluster;
  private final NaruClient client;
  private final Teller teller;
  private final Acks acks;
  private final String topic;
  private final Map<Character, CompletableFuture<RecordAck>> sent = new LinkedHashMap<>();

  private FourLetters(ChaosCluster cluster, NaruClient client, Teller teller, Acks acks) {
    this.cluster = cluster;
    this.client = client;
    this.teller = teller;
    this.acks = acks;
    this.topic = "letters-" + acks.text();
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
    return new FourLetters(cluster, client, teller, acks).unfold();
  }

  private Outcome unfold() throws IOException {
    teller.begin("acks=" + acks.text());
    client.admin().createTopic(NewTopic.named(topic).partitions(1).replicationFactor(3)).join();
    var _ = cluster.awaitInSync(client, topic, LIMIT);
    NodeHost first;
    String before;
    try (Producer<byte[], String> producer =
        client.producer(Codec.bytes(), Codec.utf8()).acks(acks).build()) {
      send(producer, 'A');
      awaitAcknowledged('A');
      first = cluster.host(awaitCommitted(1));
      teller.say("A is acknowledged, and all replicas have it; node %d leads", first.id());
      before = sendOnlyToTheLeader(producer, first, 'B');
      send(producer, 'C');
      send(producer, 'D');
      awaitAcknowledged('B', 'C', 'D');
      teller.say("node %d leads; C and D are sent; acknowledged: %s", leader(), acknowledged());
    }
    first.start().awaitReady();
    var _ = cluster.awaitInSync(client, topic, LIMIT);
    var outcome = new Outcome(before, acknowledged(), read(), setAside(first), truncations(first));
    teller.say("node %d is back, and has cut its log to that of node %d", first.id(), leader());
    teller.say(
        "the log reads %s; lost+found of node %d holds %s",
        outcome.read(), first.id(), outcome.setAside().isEmpty() ? "nothing" : outcome.setAside());
    return outcome;
  }

  /** Kills the leader, too; returns what was acknowledged before. */
  private String sendOnlyToTheLeader(
      Producer<byte[], String> producer, NodeHost leader, char letter) {
    var place = Place.node(leader.id());
    var nodes =
        cluster.hosts().stream()
            .map(host -> Place.node(host.id()))
            .collect(Collectors.toCollection(TreeSet::new));
    try (var _ =
        cluster.network().disturb(Effect.SILENCE, Stage.from(place, nodes), Traffic.INTERNAL)) {
      teller.say("what node %d sends to the others is held back from now on", leader.id());
      send(producer, letter);
      boolean isAcknowledged = Wait.comes(HELD_BACK, () -> isAnswered(letter));
      teller.say(
          "%c is sent: %s", letter, isAcknowledged ? "acknowledged" : "no acknowledgement for 2 s");
      var before = acknowledged();
      int _ = leader.kill();
      teller.say("node %d is killed (kill -9)", leader.id());
      return before;
    }
  }

  private void send(Producer<byte[], String> producer, char letter) {
    sent.put(letter, producer.send(ProducerRecord.of(topic, String.valueOf(letter))));
  }

  private void awaitAcknowledged(Character... letters) {
    for (var letter : letters) {
      if (!Wait.comes(LIMIT, () -> isAnswered(letter))) {
        throw new AssertionError("Expected " + letter + " to have an answer, but it has none");
      }
    }
  }

  private boolean isAnswered(char letter) {
    return requireNonNull(sent.get(letter)).isDone();
  }

  private String acknowledged() {
    return sent.entrySet().stream()
        .filter(entry -> entry.getValue().isDone() && !entry.getValue().isCompletedExceptionally())
        .map(entry -> entry.getKey().toString())
        .collect(Collectors.joining());
  }

  /** Waits until the end that readers see is this one; returns the leader. */
  private int awaitCommitted(long end) {
    var partition = new TopicPartition(topic, 0);
    try (var consumer = client.consumer(Codec.bytes(), Codec.utf8()).build()) {
      if (!Wait.comes(
          LIMIT,
          () -> Objects.equals(consumer.endOffsets(List.of(partition)).get(partition), end))) {
        throw new AssertionError("Expected " + partition + " to end at " + end);
      }
    }
    return leader();
  }

  private int leader() {
    var partition = client.admin().describeTopic(topic).join().partitions().getFirst();
    return partition.leader().orElseThrow();
  }

  private String read() {
    var text = new StringBuilder();
    try (var consumer = client.consumer(Codec.bytes(), Codec.utf8()).build()) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(partition);
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        consumer.poll(Duration.ofSeconds(1)).forEach(rec -> text.append(rec.value()));
      }
    }
    return text.toString();
  }

  /** The values of what was cut from this log on a host. */
  private String setAside(NodeHost host) throws IOException {
    var id = client.admin().describeTopic(topic).join().id().orElseThrow();
    var values = new StringBuilder();
    try (var places = Files.list(host.dataDirectory().resolve("lost+found"))) {
      for (var place : places.filter(path -> path.toString().endsWith(id + "-0")).toList()) {
        for (var segment : new PartitionFolder(place).segments()) {
          segment.batches().stream()
              .flatMap(batch -> batch.read().stream())
              .forEach(rec -> values.append(rec.value().orElse("")));
        }
      }
    }
    return values.toString();
  }

  private long truncations(NodeHost host) {
    return cluster
        .metric(host.id(), "naru_events_total", "LOG_TRUNCATED")
        .map(Double::longValue)
        .orElse(0L);
  }
}
