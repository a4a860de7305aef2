package dev.naru.client.producer;

import static dev.naru.client.producer.Sends.failureOf;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Acks;
import dev.naru.client.BufferExhaustedException;
import dev.naru.client.ClientMetric;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Partitioning;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.Reaction;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordHeader;
import dev.naru.record.RecordReader;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProducerTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  @AfterEach
  void close() {
    cluster.releaseHeld();
    naru.close();
    cluster.close();
  }

  private ProducerBuilder<String, String> builder() {
    return naru.producer(Codec.utf8(), Codec.utf8());
  }

  @Test
  void acknowledgesARecordWithItsPlace() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();

    var first = producer.send(ProducerRecord.of("orders", "key", "a")).join();
    var second = producer.send(ProducerRecord.of("orders", "key", "b")).join();

    assertThat(first).hasToString("orders/0@0");
    assertThat(second).hasToString("orders/0@1");
    assertThat(cluster.partition("orders", 0).values()).containsExactly("a", "b");
  }

  @Test
  @Tag("S102")
  void findsTheLeaderInFourSteps() {
    cluster.createTopic("orders", 1);
    cluster.moveLeader("orders", 0, 3);
    var lone = NaruClient.builder().bootstrapServers(cluster.address(2).toString()).build();

    try (lone) {
      lone.producer(Codec.utf8(), Codec.utf8())
          .build()
          .send(ProducerRecord.of("orders", "a"))
          .join();
    }

    // Its id and the topic's leader are asked for beside each other.
    assertThat(cluster.calls())
        .containsExactlyInAnyOrder("InitProducer@2", "GetMetadata@2", "Produce@3")
        .endsWith("Produce@3");
  }

  @Test
  @Tag("S25")
  @Tag("S27")
  void sendsAllFiveFieldsOfARecord() {
    cluster.createTopic("orders", 1);
    var record =
        ProducerRecord.<String, String>of("orders", "key", null)
            .withTimestamp(Instant.ofEpochMilli(1234))
            .withHeader("trace", "t-1")
            .withHeader("trace", "")
            .withHeader(RecordHeader.withoutValue("none"));

    var ack = builder().build().send(record).join();

    var stored =
        RecordReader.open(cluster.partition("orders", 0).batches().get(0), InflationLimit.DEFAULT)
            .next();
    assertThat(ack.timestampMillis()).isEqualTo(1234);
    assertThat(stored.timestamp()).isEqualTo(1234);
    assertThat(stored.value()).isEmpty();
    assertThat(Codec.utf8().decode(stored.key().orElseThrow())).isEqualTo("key");
    assertThat(stored.headers())
        .extracting(RecordHeader::name)
        .containsExactly("trace", "trace", "none");
    assertThat(stored.headers().get(2).value()).isEmpty();
  }

  @Test
  @Tag("S19")
  void putsARecordWhereItSaysAndRefusesAPartitionThatIsNotThere() {
    cluster.createTopic("orders", 3);
    var producer = builder().build();

    var ack = producer.send(ProducerRecord.<String, String>of("orders", "x").withPartition(2));
    var none = producer.send(ProducerRecord.<String, String>of("orders", "x").withPartition(3));

    assertThat(ack.join().partition()).isEqualTo(2);
    assertThat(failureOf(none).code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(failureOf(none)).hasMessageContaining("0 to 2 in orders, but was 3");
  }

  /** The client has learned of the topic when it had fewer. */
  @Test
  @Tag("S21")
  void putsARecordIntoAPartitionThatWasJustAdded() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();
    producer.send(ProducerRecord.of("orders", "first")).join();

    cluster.addPartitions("orders", 3);
    var one = producer.send(ProducerRecord.<String, String>of("orders", "x").withPartition(2));
    cluster.addPartitions("orders", 4);
    var whole =
        producer.send(
            List.of(
                ProducerRecord.<String, String>of("orders", "y").withPartition(3),
                ProducerRecord.<String, String>of("orders", "z").withPartition(3)));

    assertThat(one.join().partition()).isEqualTo(2);
    assertThat(whole.join()).extracting(RecordAck::partition).containsExactly(3, 3);
  }

  @Test
  void doesNotWaitForAPartitionLongerThanMaxBlock() {
    cluster.createTopic("orders", 1);
    var patient = builder().build();
    var impatient = builder().maxBlock(Duration.ZERO).build();
    patient.send(ProducerRecord.of("orders", "first")).join();
    int asked = cluster.metadataCalls();
    var wrong = ProducerRecord.<String, String>of("orders", "x").withPartition(1);

    assertThat(failureOf(impatient.send(wrong)).code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(cluster.metadataCalls()).isEqualTo(asked);

    cluster.hang(1, true);
    cluster.hang(2, true);
    cluster.hang(3, true);
    var hasty = builder().maxBlock(ofMillis(100)).build();
    assertThat(failureOf(hasty.send(wrong)).code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
  }

  @Test
  @Tag("S73")
  void goesWhereTheRecordSaysOrItsKeyOrWhereTheProducerLikes() {
    cluster.createTopic("orders", 3);
    for (var way : Partitioning.values()) {
      var producer = builder().partitioning(way).batchSize(0).build();
      var named = new HashSet<Integer>();
      var keyed = new HashSet<Integer>();
      var free = new HashSet<Integer>();

      for (int i = 0; i < 10; i++) {
        var byName = ProducerRecord.of("orders", "k", "x").withPartition(i % 2);
        named.add(producer.send(byName).join().partition());
        keyed.add(producer.send(ProducerRecord.of("orders", "k", "x")).join().partition());
        free.add(producer.send(ProducerRecord.of("orders", "x")).join().partition());
      }

      assertThat(named).containsExactlyInAnyOrder(0, 1);
      assertThat(keyed).hasSize(1);
      assertThat(free).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  @Tag("S20")
  void spreadsRecordsWithoutAKeyOverAllPartitions() {
    cluster.createTopic("spread", 12);
    for (int i = 0; i < 12; i++) {
      cluster.partition("spread", i).keepNothing();
    }
    var producer = naru.producer(Codec.bytes(), Codec.bytes()).build();
    byte[] value = new byte[100];

    for (int i = 0; i < 200_000; i++) {
      var _ = producer.send(ProducerRecord.of("spread", value));
    }
    producer.flush();

    var ends = endsOf("spread", 12);
    assertThat(ends.stream().mapToLong(end -> end).sum()).isEqualTo(200_000);
    assertThat((double) Collections.max(ends) / Collections.min(ends)).isLessThanOrEqualTo(1.10);
  }

  @Test
  @Tag("S20")
  void takesTurnsByTheRecordWhenAskedTo() {
    cluster.createTopic("turns", 4);
    var producer = builder().partitioning(Partitioning.ROUND_ROBIN).build();

    for (int i = 0; i < 1001; i++) {
      var _ = producer.send(ProducerRecord.of("turns", "x"));
    }
    producer.flush();

    var ends = endsOf("turns", 4);
    assertThat(Collections.max(ends) - Collections.min(ends)).isLessThanOrEqualTo(1);
  }

  private List<Long> endsOf(String topic, int partitions) {
    var ends = new ArrayList<Long>();
    for (int i = 0; i < partitions; i++) {
      ends.add(cluster.partition(topic, i).end());
    }
    return ends;
  }

  @Test
  @Tag("S77")
  void asksTheApplicationsOwnPartitioner() {
    cluster.createTopic("orders", 3);
    var producer = builder().partitioner((topic, key, partitions) -> partitions - 1).build();

    assertThat(producer.send(ProducerRecord.of("orders", "k", "v")).join().partition())
        .isEqualTo(2);
  }

  @Test
  @Tag("S61")
  void completesWithoutAnOffsetWhenNobodyAnswers() {
    cluster.createTopic("orders", 1);
    var producer = builder().acks(Acks.NONE).build();

    var ack = producer.send(ProducerRecord.of("orders", "a")).join();

    assertThat(ack.hasOffset()).isFalse();
    assertThatThrownBy(ack::offset).isInstanceOf(IllegalStateException.class);
    Eventually.allowing("the way to the leader", ofSeconds(1))
        .until("it arrives", () -> cluster.partition("orders", 0).end() == 1);
  }

  @Test
  void compressesWithEveryCodec() {
    for (var compression : Compression.values()) {
      cluster.createTopic(compression.text(), 1);
      try (var producer = builder().compression(compression).linger(ofMillis(20)).build()) {
        for (int i = 0; i < 50; i++) {
          var _ = producer.send(ProducerRecord.of(compression.text(), "same " + i % 2));
        }
        producer.flush();
      }

      var partition = cluster.partition(compression.text(), 0);
      assertThat(partition.values()).hasSize(50);
      assertThat(partition.batches().get(0).header().compression()).contains(compression);
    }
  }

  @Test
  @Tag("S67")
  void sendsTheFirstRecordAtOnceAndGrowsABatchBehindIt() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().build();

    var all = new ArrayList<CompletableFuture<RecordAck>>();
    all.add(producer.send(ProducerRecord.of("orders", "k", "0")));
    await("the first batch is on its way", () -> cluster.heldCount() == 1);
    for (int i = 1; i <= 20; i++) {
      all.add(producer.send(ProducerRecord.of("orders", "k", Integer.toString(i))));
    }
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();
    all.forEach(CompletableFuture::join);

    assertThat(cluster.partition("orders", 0).batchSizes()).containsExactly(1, 20);
  }

  @Test
  @Tag("S67")
  @Tag("S125")
  void waitsForCompanyAsLongAsItMayLinger() {
    cluster.createTopic("orders", 1);
    var producer = builder().linger(ofMillis(500)).build();
    Sends.warmUp(producer, "orders", 0);

    long started = System.nanoTime();
    var first = producer.send(ProducerRecord.of("orders", "k", "a"));
    var second = producer.send(ProducerRecord.of("orders", "k", "b"));
    first.join();
    second.join();

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(ofMillis(500));
    assertThat(cluster.partition("orders", 0).batchSizes()).containsExactly(1, 2);
  }

  @Test
  @Tag("S67")
  void sendsRecordsWithoutAKeyAlthoughTheBatchBeforeIsNeverAnswered() {
    cluster.createTopic("orders", 2);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().batchSize(1000).build();
    String full = "x".repeat(990);

    var _ = producer.send(ProducerRecord.of("orders", full));
    await("the first batch is on its way", () -> cluster.heldCount() == 1);
    var _ = producer.send(ProducerRecord.of("orders", "follows"));

    await("the other partition has its batch, too", () -> cluster.heldCount() == 2);
  }

  @Test
  void growsBatchesBeyondTheirTargetWhileNothingMayBeSent() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().batchSize(1000).maxInFlight(1).build();

    var first = producer.send(ProducerRecord.of("orders", "k", "0"));
    await("the first batch is on its way", () -> cluster.heldCount() == 1);
    for (int i = 0; i < 400; i++) {
      var _ = producer.send(ProducerRecord.of("orders", "k", "x".repeat(100)));
    }
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();
    first.join();
    producer.flush();

    var sizes = cluster.partition("orders", 0).batches().stream().map(batch -> batch.size());
    assertThat(sizes.toList()).hasSizeBetween(3, 8).allMatch(size -> size <= 16_000);
  }

  @Test
  void growsBatchesOfManyPartitionsOnceEnoughIsOnItsWay() {
    int partitions = 300;
    cluster.createTopic("orders", partitions);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().batchSize(4_000).build();

    sendThousands(producer, 6);
    await("each node has enough", () -> batchBytes(partitions).sum() > 4_500_000);
    sendThousands(producer, 6);
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();
    producer.flush();

    assertThat(batchBytes(partitions).max().orElseThrow()).isGreaterThan(30_000);
    assertThat(batchBytes(partitions).sum()).isGreaterThan(12_000_000);
  }

  private static void sendThousands(Producer<String, String> producer, int thousands) {
    for (int i = 0; i < thousands * 1_000; i++) {
      var _ = producer.send(ProducerRecord.of("orders", "x".repeat(1_000)));
    }
  }

  private IntStream batchBytes(int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> cluster.partition("orders", partition).batches())
        .flatMapToInt(batches -> batches.stream().mapToInt(batch -> batch.size()));
  }

  @Test
  @Tag("S66")
  @Tag("S124")
  void keepsBatchesWithinTheirSizeAndSendsALargeRecordAlone() {
    cluster.createTopic("orders", 1);
    var producer = builder().batchSize(1000).linger(ofSeconds(30)).build();
    Sends.warmUp(producer, "orders", 0); // else a batch grows while it connects

    var _ = producer.send(ProducerRecord.of("orders", "k", "x".repeat(300)));
    var _ = producer.send(ProducerRecord.of("orders", "k", "y".repeat(5000)));
    var _ = producer.send(ProducerRecord.of("orders", "k", "z".repeat(300)));
    var _ = producer.send(ProducerRecord.of("orders", "k", "z".repeat(300)));
    producer.flush();

    assertThat(cluster.partition("orders", 0).batchSizes()).containsExactly(1, 1, 1, 2);
  }

  @Test
  @Tag("S28")
  void refusesARecordThatTheTopicWouldNotTake() {
    cluster.createTopic("small", 1, 2000);
    var producer = builder().build();

    var failure = failureOf(producer.send(ProducerRecord.of("small", "k", "x".repeat(3000))));

    assertThat(failure.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    assertThat(failure).hasMessageContaining("at most 2000 bytes for small");
    assertThat(producer.send(ProducerRecord.of("small", "k", "x")).join().offset()).isZero();
  }

  @Test
  void failsForATopicThatIsNotThere() {
    var failure = failureOf(builder().build().send(ProducerRecord.of("nowhere", "x")));

    assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(failure).hasMessageContaining("nowhere");
  }

  @Test
  @Tag("S121")
  void namesTheAddressesWhenNoneAnswers() {
    String dead = "127.0.0.1:1";
    try (var lost = NaruClient.builder().bootstrapServers(dead).build()) {
      var producer = lost.producer(Codec.utf8(), Codec.utf8()).maxBlock(ofMillis(300)).build();

      Eventually.allowing("a connection to be refused", ofSeconds(1))
          .untilAsserted(
              "it is known why there is no metadata",
              () -> {
                var failure = failureOf(producer.send(ProducerRecord.of("orders", "x")));

                assertThat(failure.code()).isEqualTo(ErrorCode.BOOTSTRAP_UNREACHABLE);
                assertThat(failure).hasMessageContaining(dead).hasMessageContaining("refused");
              });
    }
  }

  @Test
  @Tag("S98")
  @Tag("S121")
  void needsOneBootstrapAddressThatLives() {
    cluster.createTopic("orders", 1);
    String mixed = "127.0.0.1:1," + cluster.address(3);
    try (var client = NaruClient.builder().bootstrapServers(mixed).build()) {
      var producer = client.producer(Codec.utf8(), Codec.utf8()).build();

      assertThat(producer.send(ProducerRecord.of("orders", "x")).join().offset()).isZero();
    }
  }

  @Test
  @Tag("S68")
  @Tag("S65")
  @Tag("S123")
  @Tag("S126")
  void blocksWhenMemoryIsFullAndThenFails() {
    cluster.createTopic("orders", 1);
    var producer = builder().bufferMemory(64 << 10).batchSize(4096).maxBlock(ofMillis(500)).build();
    Sends.warmUp(producer, "orders", 0);
    long before = cluster.partition("orders", 0).end();
    cluster.onProduce((node, request) -> Reaction.hold());

    var accepted = new ArrayList<CompletableFuture<RecordAck>>();
    CompletableFuture<RecordAck> last;
    long started;
    do {
      started = System.nanoTime();
      last = producer.send(ProducerRecord.of("orders", "k", "x".repeat(1000)));
      accepted.add(last);
    } while (!last.isCompletedExceptionally());
    var blocked = Duration.ofNanos(System.nanoTime() - started);

    assertThat(blocked).isBetween(ofMillis(500), ofSeconds(30));
    var failure = failureOf(last);
    assertThat(failure).isInstanceOf(BufferExhaustedException.class);
    assertThat(failure).hasMessageContaining("buffer.memory (65536 bytes)");
    assertThat(accepted.size() * 1000).isLessThanOrEqualTo(64 << 10);
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();
    producer.flush();
    assertThat(cluster.partition("orders", 0).end()).isEqualTo(before + accepted.size() - 1);
    assertThat(((BatchingProducer<?, ?>) producer).freeMemory()).isEqualTo(64 << 10);
  }

  @Test
  @Tag("S69")
  void saysWhichSettingToChangeAndWhichNodesItWaitsFor() {
    cluster.createTopic("orders", 3);
    cluster.removeLeader("orders", 1);
    var producer = builder().bufferMemory(3000).batchSize(1000).maxBlock(ofMillis(200)).build();
    Sends.warmUp(producer, "orders", 0);
    cluster.onProduce((node, request) -> Reaction.hold());
    for (int i = 0; i < 3; i++) {
      var _ = producer.send(ProducerRecord.<String, String>of("orders", "x").withPartition(i));
    }
    var tries = new AtomicInteger();
    Eventually.allowing("a sender that is too busy to tell", ofSeconds(1))
        .untilAsserted(
            "it says what it waits for",
            () -> {
              tries.incrementAndGet();
              assertThat(failureOf(producer.send(record(0, "x".repeat(990)))))
                  .hasMessageMatching(
                      "Expected room for \\d+ bytes in buffer.memory \\(3000 bytes\\) within"
                          + " max.block.ms \\(200\\), but it stayed full: \\d+ bytes for node 1,"
                          + " \\d+ bytes for node 3, 1000 bytes for a leader; raise"
                          + " buffer.memory, or look at the nodes that it waits for");
            });

    assertThat(naru.metrics().value(ClientMetric.PRODUCER_BUFFER_EXHAUSTED)).isEqualTo(tries.get());
    assertThat(naru.metrics().value(ClientMetric.PRODUCER_BUFFER_AVAILABLE))
        .isEqualTo(((BatchingProducer<?, ?>) producer).freeMemory());
    producer.close(Duration.ZERO);
    assertThat(naru.metrics().value(ClientMetric.PRODUCER_BUFFER_AVAILABLE)).isZero();
  }

  private static ProducerRecord<String, String> record(int partition, String value) {
    return ProducerRecord.<String, String>of("orders", value).withPartition(partition);
  }

  @Test
  void usesMemoryAgainOnlyWhenItIsDoneWithIt() {
    for (var acks : Acks.values()) {
      String topic = "acks-" + acks.text();
      cluster.createTopic(topic, 1);
      var producer = builder().acks(acks).batchSize(300).bufferMemory(4096).build();

      Sends.join(Sends.numbers(producer, topic, 0, 5000));

      Eventually.allowing("the way to the leader", ofSeconds(2))
          .until("all arrive", () -> cluster.partition(topic, 0).end() == 5000);
      assertThat(cluster.partition(topic, 0).values()).isEqualTo(Sends.texts(0, 5000));
      assertThat(((BatchingProducer<?, ?>) producer).freeMemory()).isEqualTo(4096);
    }
  }

  @Test
  void doesNotLingerWhileAThreadWaitsForMemory() {
    cluster.createTopic("orders", 8);
    var producer =
        builder()
            .linger(ofMinutes(1))
            .bufferMemory(32 << 10)
            .batchSize(16 << 10)
            .maxBlock(ofSeconds(20))
            .build();

    long started = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      var _ = producer.send(ProducerRecord.<String, String>of("orders", "x").withPartition(i));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(ofSeconds(10));
  }

  @Test
  void completesFuturesOnTheCallbackThreadWhereFlushIsRefused() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().build();
    var thread = new AtomicReference<String>("");
    var refusal = new AtomicReference<Throwable>(new Throwable());

    var done =
        producer
            .send(ProducerRecord.of("orders", "x"))
            .thenAccept(ack -> {
              thread.set(Thread.currentThread().getName());
              try {
                producer.flush();
              } catch (IllegalStateException e) {
                refusal.set(e);
              }
            });
    await("it is on its way", () -> cluster.heldCount() == 1);
    cluster.releaseHeld();
    done.join();

    assertThat(thread).hasValue("naru-callbacks");
    assertThat(refusal.get()).hasMessageContaining("callback");
  }

  @Test
  @Tag("S71")
  @Tag("S128")
  void givesUpAfterTheDeliveryTimeout() {
    cluster.createTopic("orders", 2);
    cluster.removeLeader("orders", 0);
    try (var quick =
        NaruClient.builder()
            .bootstrapServers(cluster.addresses())
            .requestTimeout(ofMillis(300))
            .build()) {
      var producer =
          quick.producer(Codec.utf8(), Codec.utf8()).deliveryTimeout(ofMillis(400)).build();
      Sends.warmUp(producer, "orders", 1); // it knows by now that the other one has no leader

      long started = System.nanoTime();
      var failure = failureOf(producer.send(record(0, "x")));

      assertThat(failure.code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
      assertThat(failure)
          .hasMessageContaining("delivery.timeout.ms (400)")
          .hasMessageContaining("Expected a leader of orders/0, but none is known");
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isBetween(ofMillis(400), ofSeconds(30));
    }
  }

  @Test
  void tellsWhyTheLeaderCouldNotBeReached() {
    cluster.createTopic("orders", 1);
    try (var quick =
        NaruClient.builder()
            .bootstrapServers(cluster.addresses())
            .requestTimeout(ofMillis(300))
            .build()) {
      var producer =
          quick.producer(Codec.utf8(), Codec.utf8()).deliveryTimeout(ofMillis(400)).build();
      Sends.warmUp(producer, "orders", 0);
      cluster.kill(1);

      Eventually.allowing("a break that is noticed, and a connection refused", ofSeconds(1))
          .untilAsserted(
              "it says why",
              () ->
                  assertThat(failureOf(producer.send(record(0, "x"))))
                      .hasMessageContaining("Connection refused"));
    }
  }

  @Test
  void doesNotSayThatItHasFlushedWhenItWasInterrupted() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().build();
    var sent = producer.send(ProducerRecord.of("orders", "a"));
    await("the batch waits for its answer", () -> cluster.heldCount() == 1);

    Thread.currentThread().interrupt();
    assertThatThrownBy(producer::flush)
        .isInstanceOf(NaruTimeoutException.class)
        .hasMessageContaining("interrupted");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(sent).isNotDone();
  }

  @Test
  void takesForEverForALimit() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();
    var sent = producer.send(ProducerRecord.of("orders", "a"));

    producer.close(Duration.ofMillis(Long.MAX_VALUE));

    assertThat(sent).isCompleted();
  }

  @Test
  void flushesWhatItHoldsWhenClosedAndTakesNoMore() {
    cluster.createTopic("orders", 1);
    var producer = builder().linger(ofSeconds(10)).build();
    var sent = producer.send(ProducerRecord.of("orders", "a"));

    producer.close();

    assertThat(sent).isCompleted();
    assertThatThrownBy(() -> producer.send(ProducerRecord.of("orders", "b")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failsWhatIsLeftWhenItMayNotWait() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.ignore());
    var producer = builder().build();
    var sent = producer.send(ProducerRecord.of("orders", "a"));

    producer.close(ofMillis(50));

    assertThat(failureOf(sent).code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(failureOf(sent)).hasMessageContaining("closed");
  }

  @Test
  void reportsARecordThatItsCodecCannotEncode() {
    cluster.createTopic("orders", 1);
    Codec<String> broken =
        Codec.of(
            text -> {
              throw new UnsupportedOperationException("no " + text);
            },
            bytes -> "");
    var producer = naru.producer(Codec.utf8(), broken).build();

    var failure = failureOf(producer.send(ProducerRecord.of("orders", "x")));

    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(failure).hasRootCauseMessage("no x");
  }

  private static void await(String claim, java.util.concurrent.Callable<Boolean> condition) {
    Eventually.allowing("a few calls over loopback", ofSeconds(2)).until(claim, condition);
  }
}
