package dev.naru.stories;

import dev.naru.chaos.host.NodeHost;
import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.producer.Producer;
import dev.naru.testing.files.PartitionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A topic of one partition whose records are single letters, and a producer that knows which of
 * them were acknowledged. No letter is sent twice by whoever uses it.
 */
final class LetterLog implements AutoCloseable {

  private final NaruClient client;
  private final TopicPartition partition;
  private final Acks acks;
  private final Map<Character, CompletableFuture<RecordAck>> sent = new LinkedHashMap<>();
  private Optional<Producer<byte[], String>> producer = Optional.empty();

  /** The topic must be there. */
  LetterLog(NaruClient client, String topic, Acks acks) {
    this.client = client;
    this.partition = new TopicPartition(topic, 0);
    this.acks = acks;
  }

  TopicPartition partition() {
    return partition;
  }

  String topic() {
    return partition.topic();
  }

  // ---- written

  /** Sends one more; the producer sends it again until it has an answer. */
  void send(char letter) {
    sent.put(letter, producer().send(ProducerRecord.of(topic(), String.valueOf(letter))));
  }

  private Producer<byte[], String> producer() {
    return producer.orElseGet(() -> {
      var opened = client.producer(Codec.bytes(), Codec.utf8()).acks(acks).build();
      producer = Optional.of(opened);
      return opened;
    });
  }

  /** Whether it was acknowledged, or has failed for good. */
  boolean isAnswered(char letter) {
    return Optional.ofNullable(sent.get(letter)).map(CompletableFuture::isDone).orElse(false);
  }

  boolean isAcknowledged(char letter) {
    return offset(letter).isPresent();
  }

  /** Where it was put; empty unless it was acknowledged. */
  OptionalLong offset(char letter) {
    return Optional.ofNullable(sent.get(letter))
        .filter(answer -> answer.isDone() && !answer.isCompletedExceptionally())
        .map(answer -> OptionalLong.of(answer.join().offset()))
        .orElseGet(OptionalLong::empty);
  }

  /** All that were acknowledged, in the order in which they were sent. */
  String acknowledged() {
    return sent.keySet().stream()
        .filter(this::isAcknowledged)
        .map(String::valueOf)
        .collect(Collectors.joining());
  }

  /** Does not send again what has no answer; the next letter has a producer of its own. */
  void giveUp() {
    producer.ifPresent(open -> open.close(Duration.ZERO));
    producer = Optional.empty();
  }

  // ---- as the cluster sees it

  PartitionDescription description() {
    return client.admin().describeTopic(topic()).join().partitions().getFirst();
  }

  /** The node that leads; there must be one. */
  int leader() {
    return description().leader().orElseThrow();
  }

  /** All of it, from its beginning. */
  String read() {
    var text = new StringBuilder();
    try (var consumer = client.consumer(Codec.bytes(), Codec.utf8()).build()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(partition);
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        consumer.poll(Duration.ofSeconds(1)).forEach(rec -> text.append(rec.value()));
      }
    }
    return text.toString();
  }

  /** What was cut from it on a host. */
  String setAside(NodeHost host) throws IOException {
    var lostAndFound = host.dataDirectory().resolve("lost+found");
    if (!Files.isDirectory(lostAndFound)) {
      return "";
    }
    var id = client.admin().describeTopic(topic()).join().id().orElseThrow();
    var letters = new StringBuilder();
    try (var places = Files.list(lostAndFound)) {
      for (var place : places.filter(path -> path.toString().endsWith(id + "-0")).toList()) {
        for (var segment : new PartitionFolder(place).segments()) {
          segment.batches().stream()
              .flatMap(batch -> batch.read().stream())
              .forEach(rec -> letters.append(rec.value().orElse("")));
        }
      }
    }
    return letters.toString();
  }

  /** Waits until every letter has its answer. */
  @Override
  public void close() {
    producer.ifPresent(Producer::close);
    producer = Optional.empty();
  }
}
