package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Partitioning;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.ProducerBuilder;
import dev.naru.record.Murmur2;
import dev.naru.types.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of every producer, of nodes or in memory. */
abstract class ProducerContract {

  /** Takes anything but one word. */
  private static final Codec<String> PICKY =
      Codec.of(
          text -> {
            if (text.equals("poison")) {
              throw new IllegalArgumentException("no poison");
            }
            return Codec.utf8().encode(text);
          },
          bytes -> Codec.utf8().decode(bytes));

  private final SeenRecords seen = new SeenRecords();
  private Clients clients;

  abstract Clients open(SeenRecords interceptor);

  @BeforeEach
  void open() {
    clients = open(seen);
  }

  @AfterEach
  void close() {
    clients.close();
  }

  private Producer<String, String> producer() {
    return producer(with -> with);
  }

  private Producer<String, String> producer(
      UnaryOperator<ProducerBuilder<String, String>> settings) {
    return clients.producer(Codec.utf8(), PICKY, settings);
  }

  private static ErrorCode codeOf(CompletableFuture<?> failed) {
    var failure = catchThrowable(failed::join).getCause();
    assertThat(failure).isInstanceOf(NaruException.class);
    return ((NaruException) Objects.requireNonNull(failure)).code();
  }

  /** All that is stored, partition after partition. */
  private List<ConsumerRecord<String, String>> stored(String topic) {
    var found = new ArrayList<ConsumerRecord<String, String>>();
    try (var consumer =
        clients.consumer(
            Codec.utf8(), Codec.utf8(), with -> with.autoOffsetReset(OffsetReset.EARLIEST))) {
      for (var partition : consumer.partitionsOf(topic)) {
        consumer.assign(partition);
        consumer.readUntil(Position.end());
        while (!consumer.isAtStop()) {
          found.addAll(consumer.poll(Duration.ofSeconds(5)));
        }
      }
    }
    return found;
  }

  @Test
  void givesEachRecordTheNextOffsetOfItsPartition() {
    var topic = clients.topic(2);
    var producer = producer();

    var acks = new ArrayList<RecordAck>();
    for (int i = 0; i < 4; i++) {
      var record = ProducerRecord.<String, String>of(topic, "v" + i).withPartition(i % 2);
      acks.add(producer.send(record).join());
    }

    assertThat(acks).extracting(RecordAck::partition).containsExactly(0, 1, 0, 1);
    assertThat(acks).extracting(RecordAck::offset).containsExactly(0L, 0L, 1L, 1L);
    assertThat(stored(topic))
        .extracting(ConsumerRecord::value)
        .containsExactly("v0", "v2", "v1", "v3");
  }

  @Test
  void keepsKeysTimesHeadersAndWhatIsAbsent() {
    var topic = clients.topic(1);
    var producer = producer();
    var time = Instant.parse("2026-07-01T12:00:00Z");

    var ack =
        producer
            .send(ProducerRecord.of(topic, "k", "v").withTimestamp(time).withHeader("h", "x"))
            .join();
    producer.send(ProducerRecord.of(topic, null)).join();

    assertThat(ack.timestampMillis()).isEqualTo(time.toEpochMilli());
    var records = stored(topic);
    assertThat(records.get(0).key()).isEqualTo("k");
    assertThat(records.get(0).timestamp()).isEqualTo(time);
    assertThat(records.get(0).headers().get(0).name()).isEqualTo("h");
    assertThat(records.get(1).key()).isNull();
    assertThat(records.get(1).value()).isNull();
  }

  @Test
  void putsAKeyWhereKafkaDoes() {
    var topic = clients.topic(7);
    var producer = producer();

    for (var key : List.of("a", "customer-7", "나루")) {
      var ack = producer.send(ProducerRecord.of(topic, key, "v")).join();
      var bytes = key.getBytes(StandardCharsets.UTF_8);
      assertThat(ack.partition()).as(key).isEqualTo(Murmur2.partition(bytes, 7));
    }
  }

  @Test
  void asksTheApplicationsPartitionerOrGoesInTurn() {
    var topic = clients.topic(3);
    var last = producer(with -> with.partitioner((name, key, count) -> count - 1));
    var inTurn = producer(with -> with.partitioning(Partitioning.ROUND_ROBIN));
    var astray = producer(with -> with.partitioner((name, key, count) -> count));

    assertThat(last.send(ProducerRecord.of(topic, "k", "v")).join().partition()).isEqualTo(2);
    var turns =
        Stream.generate(() -> inTurn.send(ProducerRecord.of(topic, "v")).join().partition())
            .limit(6)
            .toList();
    assertThat(turns.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(turns.subList(3, 6)).isEqualTo(turns.subList(0, 3));
    assertThat(codeOf(astray.send(ProducerRecord.of(topic, "v"))))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
  }

  @Test
  void staysWithOnePartitionUntilABatchIsFull() {
    var topic = clients.topic(3);
    var producer = producer(with -> with.batchSize(1000).linger(Duration.ofMillis(1)));

    var acks =
        IntStream.range(0, 30)
            .mapToObj(i -> producer.send(ProducerRecord.of(topic, "v".repeat(200))).join())
            .toList();

    int moves = 0;
    for (int i = 1; i < acks.size(); i++) {
      moves += acks.get(i).partition() == acks.get(i - 1).partition() ? 0 : 1;
    }
    assertThat(moves).isBetween(3, 15);
    assertThat(acks).extracting(RecordAck::partition).contains(0, 1, 2);
  }

  @Test
  void saysAtOnceWhatCannotBeSent() {
    var topic = clients.topic(1);
    var producer = producer(with -> with.maxBlock(Duration.ofSeconds(5)));
    var large = "v".repeat(2 << 20);
    var calls = new ConcurrentLinkedQueue<Thread>();

    assertThat(codeOf(producer.send(ProducerRecord.of("no-such-topic", "v"))))
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(
            codeOf(producer.send(ProducerRecord.<String, String>of(topic, "v").withPartition(1))))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(codeOf(producer.send(ProducerRecord.of(topic, "poison"))))
        .isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(codeOf(producer.send(ProducerRecord.of(topic, large))))
        .isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    producer.send(ProducerRecord.of(topic, large), (ack, failure) -> calls.add(here()));
    assertThat(calls).containsExactly(here());
    assertThat(stored(topic)).isEmpty();
  }

  private static Thread here() {
    return Thread.currentThread();
  }

  @Test
  void callsBackInOrderWhateverCallbacksThrow() {
    var topic = clients.topic(1);
    var producer = producer();
    var offsets = new ConcurrentLinkedQueue<Long>();

    for (int i = 0; i < 100; i++) {
      producer.send(
          ProducerRecord.of(topic, "v" + i),
          (ack, failure) -> {
            offsets.add(ack == null ? -1 : ack.offset());
            throw new IllegalStateException("a callback that fails");
          });
    }
    producer.flush();

    assertThat(offsets)
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> (long) i).toList());
  }

  @Test
  void callsBackBeforeItHasFlushedAndRefusesToFlushInACallback() {
    var topic = clients.topic(1);
    var producer = producer();
    var refusal = new CompletableFuture<Throwable>();

    producer.send(
        ProducerRecord.of(topic, "v"),
        (ack, failure) -> refusal.complete(catchThrowable(producer::flush)));
    producer.flush();

    assertThat(refusal).isCompleted();
    assertThat(refusal.join()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sendsABatchWholeOrNotAtAll() {
    var topic = clients.topic(4);
    var producer = producer();

    var acks =
        producer
            .send(
                List.of(
                    ProducerRecord.of(topic, "k", "a"),
                    ProducerRecord.of(topic, "b"),
                    ProducerRecord.of(topic, "k", "c")))
            .join();
    int partition = acks.get(0).partition();

    assertThat(acks).extracting(RecordAck::offset).containsExactly(0L, 1L, 2L);
    assertThat(acks).extracting(RecordAck::partition).containsOnly(partition);
    assertThat(producer.send(List.of()).join()).isEmpty();
    var other = ProducerRecord.<String, String>of(topic, "y").withPartition((partition + 1) % 4);
    assertThat(codeOf(producer.send(List.of(ProducerRecord.of(topic, "k", "x"), other))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            codeOf(
                producer.send(
                    List.of(ProducerRecord.of(topic, "x"), ProducerRecord.of("other", "y")))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            codeOf(
                producer.send(
                    List.of(ProducerRecord.of(topic, "x"), ProducerRecord.of(topic, "poison")))))
        .isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(stored(topic)).extracting(ConsumerRecord::value).containsExactly("a", "b", "c");
  }

  @Test
  void knowsNoOffsetWithoutAcknowledgements() {
    var topic = clients.topic(1);
    var producer = producer(with -> with.acks(Acks.NONE));

    var ack = producer.send(ProducerRecord.of(topic, "v")).join();

    assertThat(ack.hasOffset()).isFalse();
    assertThatThrownBy(ack::offset).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takesNothingOnceItIsClosed() {
    var topic = clients.topic(1);
    var producer = producer();
    var last = producer.send(ProducerRecord.of(topic, "v"));

    producer.close();
    producer.close();

    assertThat(last.join().offset()).isZero();
    assertThatThrownBy(() -> producer.send(ProducerRecord.of(topic, "v")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> producer.send(List.of(ProducerRecord.of(topic, "v"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesSettingsOutsideTheirBounds() {
    assertThatThrownBy(() -> producer(with -> with.maxInFlight(0)))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
    assertThatThrownBy(() -> producer(with -> with.deliveryTimeout(Duration.ofSeconds(1))))
        .hasMessageContaining("delivery.timeout.ms");
  }

  @Test
  void showsInterceptorsWhatGoesOutAndWhatBecomesOfIt() {
    var topic = clients.topic(1);
    var producer = producer();

    producer.send(ProducerRecord.of(topic, "a")).join();
    producer.send(List.of(ProducerRecord.of(topic, "b"), ProducerRecord.of(topic, "c"))).join();
    codeOf(producer.send(ProducerRecord.of(topic, "poison")));
    var records = stored(topic);

    assertThat(seen.events)
        .containsExactly(
            "send a",
            "ack a 1",
            "send b",
            "send c",
            "ack b 1",
            "ack c 1",
            "send poison",
            "INVALID_RECORD poison 1",
            "polled a",
            "polled b",
            "polled c");
    assertThat(records)
        .allSatisfy(each -> assertThat(each.headers().get(0).name()).isEqualTo(SeenRecords.HEADER));
  }

  @Test
  void sendsOnWhenAnInterceptorIsBroken() {
    var topic = clients.topic(1);
    seen.isBroken = true;

    var ack = producer().send(ProducerRecord.of(topic, "a")).join();

    assertThat(ack.offset()).isZero();
    assertThat(stored(topic)).hasSize(1).allSatisfy(each -> assertThat(each.headers()).isEmpty());
  }

  @Test
  void isSharedByThreads() throws InterruptedException {
    var topic = clients.topic(2);
    var producer = producer();
    var acks = new ConcurrentLinkedQueue<CompletableFuture<RecordAck>>();

    var threads =
        Stream.generate(() ->
                Thread.ofPlatform()
                    .start(() -> {
                      for (int i = 0; i < 50; i++) {
                        acks.add(producer.send(ProducerRecord.of(topic, "k" + i % 5, "v" + i)));
                      }
                    }))
            .limit(4)
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    Map<TopicPartition, List<Long>> offsets = new HashMap<>();
    for (var each : acks) {
      var ack = each.join();
      offsets
          .computeIfAbsent(
              new TopicPartition(topic, ack.partition()), partition -> new ArrayList<>())
          .add(ack.offset());
    }
    offsets.values().forEach(each -> assertThat(each).doesNotHaveDuplicates());
    assertThat(stored(topic)).hasSize(200);
  }
}
