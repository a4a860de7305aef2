package dev.naru.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.kafka.clients.consumer.CommitFailedException;
import dev.naru.kafka.clients.consumer.ConsumerRebalanceListener;
import dev.naru.kafka.clients.consumer.KafkaConsumer;
import dev.naru.kafka.clients.consumer.NoOffsetForPartitionException;
import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.clients.consumer.OffsetOutOfRangeException;
import dev.naru.kafka.clients.producer.KafkaProducer;
import dev.naru.kafka.clients.producer.ProducerRecord;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.RecordDeserializationException;
import dev.naru.kafka.common.errors.RecordTooLargeException;
import dev.naru.kafka.common.errors.UnknownTopicOrPartitionException;
import dev.naru.kafka.common.errors.WakeupException;
import dev.naru.kafka.common.serialization.Deserializer;
import dev.naru.kafka.common.serialization.IntegerDeserializer;
import dev.naru.kafka.common.serialization.StringDeserializer;
import dev.naru.kafka.common.serialization.StringSerializer;
import dev.naru.testing.cluster.NaruCluster;
import dev.naru.testing.cluster.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Producers and consumers by Kafka's names; {@link KafkaStyleTest} has the node. */
abstract class ClientTests {

  private static final Duration SHORT = Duration.ofMillis(100);
  private static final int POLLS_MAX = 300;

  private final Properties settings = new Properties();

  @BeforeEach
  void address(NaruCluster cluster) {
    settings.setProperty("bootstrap.servers", cluster.bootstrapServers());
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(String... more) {
    var all = new Properties();
    all.putAll(settings);
    all.setProperty("auto.offset.reset", "earliest");
    for (int i = 0; i < more.length; i += 2) {
      all.setProperty(more[i], more[i + 1]);
    }
    return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
  }

  private void send(String topic, String... values) throws Exception {
    try (var producer = producer()) {
      for (var value : values) {
        producer.send(new ProducerRecord<>(topic, 0, "k", value)).get();
      }
    }
  }

  private static List<String> poll(KafkaConsumer<String, String> consumer, int count) {
    var values = new ArrayList<String>();
    for (int i = 0; i < POLLS_MAX && values.size() < count; i++) {
      consumer.poll(SHORT).forEach(record -> values.add(String.valueOf(record.value())));
    }
    return values;
  }

  private static @Nullable Throwable failureOfPolls(KafkaConsumer<?, ?> consumer) {
    Throwable failure = null;
    for (int i = 0; i < POLLS_MAX && failure == null; i++) {
      failure = catchThrowable(() -> consumer.poll(SHORT));
    }
    return failure;
  }

  @Test
  void saysWhereARecordIsAndWhyItIsNot(@Topic String topic) throws Exception {
    try (var producer = producer()) {
      var called = new CompletableFuture<String>();
      var record = new ProducerRecord<>(topic, null, 7L, "k", "value");
      record.headers().add("h", new byte[] {1});
      var sent =
          producer
              .send(record, (metadata, failure) -> called.complete(metadata + " " + failure))
              .get();
      assertThat(sent.offset()).isZero();
      assertThat(sent.timestamp()).isEqualTo(7);
      assertThat(sent.serializedKeySize()).isEqualTo(1);
      assertThat(sent.serializedValueSize()).isEqualTo(5);
      assertThat(called.join()).isEqualTo(topic + "-0@0 null");
      assertThatThrownBy(() -> record.headers().add("late", null))
          .isInstanceOf(IllegalStateException.class);

      var unknown = new CompletableFuture<Exception>();
      assertThatThrownBy(() ->
              producer
                  .send(
                      new ProducerRecord<>("no-such-topic", "v"),
                      (metadata, failure) -> unknown.complete(failure))
                  .get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      assertThat(unknown.join()).isInstanceOf(UnknownTopicOrPartitionException.class);
      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>(topic, "v".repeat(2 << 20))).get())
          .hasCauseInstanceOf(RecordTooLargeException.class);
      var partition = producer.partitionsFor(topic).get(0);
      assertThat(partition.leader()).isNotNull();
      assertThat(partition.inSyncReplicas()).hasSize(1);
    }
  }

  @Test
  void readsKeysTimesAndHeaders(@Topic String topic) throws Exception {
    try (var producer = producer();
        var consumer = consumer()) {
      var record = new ProducerRecord<>(topic, null, 7L, "k", (String) null);
      record.headers().add("h", new byte[] {1}).add("h", null);
      producer.send(record).get();

      consumer.assign(List.of(new TopicPartition(topic, 0)));
      var records = consumer.poll(Duration.ofSeconds(10));

      assertThat(records.count()).isEqualTo(1);
      var read = records.iterator().next();
      assertThat(read.key()).isEqualTo("k");
      assertThat(read.value()).isNull();
      assertThat(read.timestamp()).isEqualTo(7);
      assertThat(read.serializedValueSize()).isEqualTo(-1);
      assertThat(read.headers().toArray()).hasSize(2);
      assertThat(read.headers().headers("h")).hasSize(2);
      assertThat(records.records(new TopicPartition(topic, 0))).containsExactly(read);
    }
  }

  @Test
  void goesOnWhereItsGroupHasCommitted(@Topic String topic) throws Exception {
    send(topic, "a", "b", "c");
    var partition = new TopicPartition(topic, 0);
    var heard = new ArrayList<String>();
    var listener =
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            heard.add("revoked " + partitions);
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            heard.add("assigned " + partitions);
          }
        };

    try (var consumer = consumer("group.id", "g-" + topic, "enable.auto.commit", "false")) {
      consumer.subscribe(List.of(topic), listener);
      assertThat(consumer.subscription()).containsExactly(topic);
      assertThat(poll(consumer, 3)).hasSize(3);
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(2, "two")));
      assertThat(consumer.committed(Set.of(partition)))
          .containsEntry(partition, new OffsetAndMetadata(2, "two"));
      assertThat(consumer.groupMetadata().generationId()).isPositive();
      var other = Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(0));
      assertThat(catchThrowable(() -> consumer.commitSync(other))).isNotNull();
    }
    assertThat(heard)
        .containsExactly("assigned [" + partition + "]", "revoked [" + partition + "]");
    try (var consumer = consumer("group.id", "g-" + topic)) {
      consumer.subscribe(List.of(topic));
      assertThat(poll(consumer, 1)).containsExactly("c");
      var called = new ArrayList<Object>();
      consumer.commitAsync(
          (offsets, failure) -> offsets.values().forEach(each -> called.add(each.offset())));
      for (int i = 0; i < POLLS_MAX && called.isEmpty(); i++) {
        consumer.poll(SHORT);
      }
      assertThat(called).containsExactly(3L);
    }
  }

  @Test
  void returnsWhatComesBeforeARecordThatDoesNotDeserialize(@Topic String topic) throws Exception {
    send(topic, "four", "five!", "none");
    var partition = new TopicPartition(topic, 0);
    var all = new Properties();
    all.putAll(settings);

    try (var consumer =
        new KafkaConsumer<String, Integer>(
            all, new StringDeserializer(), new IntegerDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, 0);
      int seen = 0;
      for (int i = 0; i < POLLS_MAX && seen == 0; i++) {
        seen = consumer.poll(SHORT).count();
      }
      assertThat(seen).isEqualTo(1);
      assertThat(consumer.position(partition)).isEqualTo(1);
      assertThat(failureOfPolls(consumer))
          .isInstanceOfSatisfying(
              RecordDeserializationException.class,
              e -> {
                assertThat(e.topicPartition()).isEqualTo(partition);
                assertThat(e.offset()).isEqualTo(1);
              });
      consumer.seek(partition, 2);
      assertThat(consumer.poll(Duration.ofSeconds(10)).count()).isEqualTo(1);
    }
  }

  /** Takes texts but these two. */
  private static final class Refusing implements Deserializer<String> {
    @Override
    public @Nullable String deserialize(String topic, byte @Nullable [] bytes) {
      var text = bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
      if ("poison".equals(text)) {
        throw new IllegalArgumentException(text);
      }
      if ("error".equals(text)) {
        throw new NoClassDefFoundError(text);
      }
      return text;
    }
  }

  private KafkaConsumer<String, String> refusing(String topic) {
    var all = new Properties();
    all.putAll(settings);
    all.setProperty("auto.offset.reset", "earliest");
    all.setProperty("group.id", "g-" + topic);
    var consumer = new KafkaConsumer<>(all, new StringDeserializer(), new Refusing());
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  @Test
  void doesNotCommitWhatCameBeforeARecordThatDoesNotDeserialize(@Topic String topic)
      throws Exception {
    send(topic, "0", "1", "2", "3", "4", "poison", "6");
    var partition = new TopicPartition(topic, 0);

    try (var consumer = refusing(topic)) {
      assertThat(poll(consumer, 5)).containsExactly("0", "1", "2", "3", "4");
    } // before it has worked on one of them

    try (var consumer = refusing(topic)) {
      assertThat(poll(consumer, 5)).containsExactly("0", "1", "2", "3", "4");
      consumer.commitSync();
      assertThat(consumer.committed(Set.of(partition)).get(partition))
          .isEqualTo(new OffsetAndMetadata(5, Optional.of(1), ""));
    }
  }

  @Test
  void forgetsARecordThatDoesNotDeserializeWithItsPartition(@Topic String topic) throws Exception {
    send(topic, "0", "poison");

    try (var consumer = refusing(topic)) {
      assertThat(poll(consumer, 1)).containsExactly("0");
      consumer.unsubscribe();
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      assertThat(poll(consumer, 1)).containsExactly("0");
      consumer.seek(new TopicPartition(topic, 0), 0);
      assertThat(poll(consumer, 1)).containsExactly("0");
      assertThat(failureOfPolls(consumer)).isInstanceOf(RecordDeserializationException.class);
    }
  }

  @Test
  void keepsARecordOverWhichADeserializerFailsWithAnError(@Topic String topic) throws Exception {
    send(topic, "0", "error");

    try (var consumer = refusing(topic)) {
      assertThat(poll(consumer, 1)).containsExactly("0");
      for (int i = 0; i < 2; i++) {
        assertThat(failureOfPolls(consumer))
            .isInstanceOf(RecordDeserializationException.class)
            .hasCauseInstanceOf(NoClassDefFoundError.class);
      }
    }
  }

  @Test
  void throwsWhatKafkaThrows(@Topic String topic) throws Exception {
    send(topic, "a");
    var partition = new TopicPartition(topic, 0);

    try (var consumer = consumer("auto.offset.reset", "none")) {
      assertThatThrownBy(() -> consumer.poll(SHORT)).isInstanceOf(IllegalStateException.class);
      consumer.assign(List.of(partition));
      assertThat(failureOfPolls(consumer)).isInstanceOf(NoOffsetForPartitionException.class);
      consumer.seek(partition, 9);
      assertThat(failureOfPolls(consumer)).isInstanceOf(OffsetOutOfRangeException.class);
      consumer.seekToBeginning(Set.of());
      consumer.wakeup();
      assertThatThrownBy(() -> consumer.poll(SHORT)).isInstanceOf(WakeupException.class);
      assertThat(poll(consumer, 1)).containsExactly("a");
      assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
      assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 1L);
      assertThat(consumer.offsetsForTimes(Map.of(partition, Long.MAX_VALUE / 2)))
          .containsEntry(partition, null);
      assertThat(consumer.listTopics()).containsKey(topic);
    }
  }

  @Test
  void saysThatACommitCameTooLate(@Topic String topic, @Topic String other) throws Exception {
    send(topic, "a");

    try (var consumer = consumer("group.id", "g-" + topic, "enable.auto.commit", "false")) {
      consumer.subscribe(List.of(topic));
      poll(consumer, 1);
      var commit = Map.of(new TopicPartition(other, 0), new OffsetAndMetadata(0));
      assertThatThrownBy(() -> consumer.commitSync(commit))
          .isInstanceOf(CommitFailedException.class);
    }
  }
}
