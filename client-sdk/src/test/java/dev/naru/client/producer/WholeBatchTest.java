package dev.naru.client.producer;

import static dev.naru.client.producer.Sends.failureOf;
import static dev.naru.client.producer.Sends.texts;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Partitioning;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.FakePartition;
import dev.naru.client.fake.Reaction;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list that is sent is one batch: stored whole or not at all. */
class WholeBatchTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  /** Soon takes an answer for lost; on a slow machine also one that is not. */
  private final NaruClient hasty =
      NaruClient.builder()
          .bootstrapServers(cluster.addresses())
          .requestTimeout(ofMillis(400))
          .build();

  @AfterEach
  void close() {
    cluster.releaseHeld();
    hasty.close();
    naru.close();
    cluster.close();
  }

  private ProducerBuilder<String, String> builder() {
    return naru.producer(Codec.utf8(), Codec.utf8());
  }

  private FakePartition orders(int partition) {
    return cluster.partition("orders", partition);
  }

  private static ProducerRecord<String, String> free(int number) {
    return ProducerRecord.of("orders", Integer.toString(number));
  }

  private static List<ProducerRecord<String, String>> free(int from, int to) {
    return IntStream.range(from, to).mapToObj(WholeBatchTest::free).toList();
  }

  private static List<RecordAck> acksOf(CompletableFuture<List<RecordAck>> sent) {
    return sent.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Test
  void storesAllOfThemAsOneBatchBehindWhatWasSentBefore() {
    cluster.createTopic("orders", 1);
    var producer = builder().linger(ofMinutes(1)).batchSize(100).build();

    var before = producer.send(free(0));
    var acks = acksOf(producer.send(free(1, 101))); // without lingering

    assertThat(before).isCompletedWithValueMatching(ack -> ack.offset() == 0);
    assertThat(acks).extracting(RecordAck::offset).isSorted().hasSize(100).startsWith(1L);
    assertThat(orders(0).batchSizes()).containsExactly(1, 100);
    assertThat(orders(0).values()).isEqualTo(texts(0, 101));
  }

  @Test
  void storesThemOnceWhenTheAnswerIsLost() {
    cluster.createTopic("orders", 1);
    var reactions = new ArrayList<>(List.of(Reaction.appendAndBreak(), Reaction.appendSilently()));
    cluster.onProduce(
        (node, request) -> reactions.isEmpty() ? Reaction.accept() : reactions.remove(0));
    var producer = hasty.producer(Codec.utf8(), Codec.utf8()).idempotence(true).build();

    assertThat(acksOf(producer.send(free(0, 10)))).extracting(RecordAck::offset).startsWith(0L);

    assertThat(orders(0).batchSizes()).containsExactly(10);
    assertThat(orders(0).duplicates()).isGreaterThanOrEqualTo(2); // each answer that was lost
  }

  @Test
  void failsAllOfThemAtOnce() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.refuse(ErrorCode.INVALID_RECORD));

    var failure = failureOf(builder().build().send(free(0, 10)));

    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(orders(0).values()).isEmpty();
  }

  @Test
  void goesWhereOneOfThemHasToGo() {
    cluster.createTopic("orders", 3);
    for (var way : Partitioning.values()) {
      var producer = builder().partitioning(way).build();
      int keyed = producer.send(ProducerRecord.of("orders", "k", "warm up")).join().partition();

      var byKey = List.of(free(1), ProducerRecord.of("orders", "k", "2"), free(3));
      var byName = List.of(free(1), free(2).withPartition(2));

      assertThat(acksOf(producer.send(byKey))).allMatch(ack -> ack.partition() == keyed);
      assertThat(acksOf(producer.send(byName))).allMatch(ack -> ack.partition() == 2);
      assertThat(acksOf(producer.send(free(0, 9)))).hasSize(9);
    }
    assertThat(Stream.of(0, 1, 2).flatMap(each -> orders(each).batchSizes().stream()))
        .containsExactlyInAnyOrder(1, 3, 2, 9, 1, 3, 2, 9);
  }

  @Test
  void takesTurnsWithPartitionsLikeOtherBatches() {
    cluster.createTopic("orders", 3);
    for (var way : Partitioning.values()) {
      var producer = builder().partitioning(way).batchSize(100).build();
      for (int i = 0; i < 30; i++) {
        acksOf(producer.send(free(0, 50)));
      }
    }
    assertThat(IntStream.range(0, 3).map(each -> orders(each).batchSizes().size()))
        .containsExactly(20, 20, 20);
  }

  @Test
  void refusesWhatCannotTravelTogether() {
    cluster.createTopic("orders", 3);
    cluster.createTopic("bills", 1);
    var producer = builder().maxRequestSize(2000).build();

    var partitions = producer.send(List.of(free(1).withPartition(2), free(2).withPartition(0)));
    var topics = producer.send(List.of(free(1), ProducerRecord.of("bills", "x")));
    var tooMany = producer.send(free(0, 200));

    assertThat(failureOf(partitions).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failureOf(partitions))
        .hasMessage(
            "Expected records for one partition of orders, because they are stored together, but they go to 2 and 0");
    assertThat(failureOf(topics).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(failureOf(topics)).hasMessageContaining("they go to orders and bills");
    assertThat(failureOf(tooMany).code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    assertThat(failureOf(tooMany)).hasMessageContaining("max.request.size");
    assertThat(acksOf(producer.send(List.of()))).isEmpty();
    assertThat(cluster.produceRequests()).isZero();
  }

  @Test
  void waitsForMemoryAndGivesItBack() {
    cluster.createTopic("orders", 1);
    var producer = builder().bufferMemory(4000).batchSize(1000).maxBlock(ofMillis(300)).build();
    Sends.warmUp(producer, "orders", 0);
    cluster.onProduce((node, request) -> Reaction.hold());
    var first = producer.send(free(0, 100));

    var second = producer.send(free(100, 200));
    assertThat(failureOf(second).code()).isEqualTo(ErrorCode.BUFFER_EXHAUSTED);
    cluster.onProduce((node, request) -> Reaction.accept());
    cluster.releaseHeld();

    assertThat(acksOf(first)).hasSize(100);
    assertThat(acksOf(producer.send(free(100, 200)))).hasSize(100);
    assertThat(((BatchingProducer<?, ?>) producer).freeMemory()).isEqualTo(4000);
  }

  @Test
  void fallsWithTheRecordThatCannotBeEncoded() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();
    var wrong = new ArrayList<>(free(0, 3));
    wrong.add(free(3).withPartition(7));

    assertThat(failureOf(producer.send(wrong)).code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(((BatchingProducer<?, ?>) producer).freeMemory()).isEqualTo(32 << 20);
    assertThat(orders(0).values()).isEmpty();
  }

  @Test
  void isHandedOverWithoutOffsetsWhenNobodyAnswers() {
    cluster.createTopic("orders", 1);

    var acks = acksOf(builder().acks(Acks.NONE).build().send(free(0, 3)));

    assertThat(acks).hasSize(3).noneMatch(RecordAck::hasOffset);
  }

  @Test
  void takesNothingOnceClosed() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();
    producer.close(ofSeconds(1));

    assertThatThrownBy(() -> producer.send(free(0, 2))).isInstanceOf(IllegalStateException.class);
  }
}
