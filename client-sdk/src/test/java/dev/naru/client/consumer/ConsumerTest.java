package dev.naru.client.consumer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetOutOfRangeException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import dev.naru.record.Compression;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConsumerTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  private ConsumerBuilder<String, String> builder() {
    return naru.consumer(Codec.utf8(), Codec.utf8()).fetchMaxWait(ofMillis(100));
  }

  private Consumer<String, String> fromBeginning() {
    var consumer = builder().autoOffsetReset(OffsetReset.EARLIEST).build();
    consumer.assign(ORDERS);
    return consumer;
  }

  private void store(String... values) {
    cluster.partition("orders", 0).store(Batches.at(1000, values));
  }

  /** Polls until so many values are there. */
  private static List<String> values(Consumer<String, String> consumer, int count) {
    var values = new ArrayList<String>();
    Eventually.allowing("a few fetches", ofSeconds(2))
        .until(
            count + " records are read",
            () -> {
              consumer.poll(ofMillis(50)).forEach(record -> values.add(record.value()));
              return values.size() >= count;
            });
    return values;
  }

  /** What a poll throws, the first that does; those before it return nothing. */
  private static <X extends Throwable> X failureOf(Consumer<?, ?> consumer, Class<X> type) {
    var polls = Eventually.allowing("a few fetches", ofSeconds(2));
    return catchThrowableOfType(
        type,
        () ->
            polls.until(
                "a poll fails",
                () -> {
                  assertThat(consumer.poll(ofMillis(50))).isEmpty();
                  return false;
                }));
  }

  @Test
  void takesForEverForALimit() {
    cluster.createTopic("orders", 1);
    store("a");

    assertThat(fromBeginning().poll(Duration.ofMillis(Long.MAX_VALUE))).hasSize(1);
  }

  @Test
  @Tag("S25")
  void readsAllFieldsOfARecord() {
    cluster.createTopic("orders", 1);
    naru.producer(Codec.utf8(), Codec.utf8())
        .build()
        .send(
            ProducerRecord.<String, String>of("orders", "key", null)
                .withTimestamp(Instant.ofEpochMilli(77))
                .withHeader("trace", "t"))
        .join();

    var record = fromBeginning().poll(ofSeconds(5)).get(0);

    assertThat(record.key()).isEqualTo("key");
    assertThat(record.value()).isNull();
    assertThat(record.offset()).isZero();
    assertThat(record.leaderEpoch()).isEqualTo(1);
    assertThat(record.timestamp()).isEqualTo(Instant.ofEpochMilli(77));
    assertThat(record.headers().get(0).name()).isEqualTo("trace");
  }

  @Test
  void readsEveryCodecInOrder() {
    cluster.createTopic("orders", 1);
    for (var compression : Compression.values()) {
      String name = compression.text();
      cluster
          .partition("orders", 0)
          .store(Batches.of(compression, 5, name + 1, name + 2, name + 3));
    }

    var values = values(fromBeginning(), 15);

    assertThat(values).hasSize(15).startsWith("none1", "none2", "none3", "gzip1");
    assertThat(values).endsWith("zstd3");
  }

  @Test
  void returnsAtMostWhatOnePollMayAndLosesNothing() {
    cluster.createTopic("orders", 1);
    store("a", "b", "c", "d", "e");
    var consumer = builder().maxPollRecords(2).build();
    consumer.assign(ORDERS);
    consumer.seekToBeginning(ORDERS);

    var first = consumer.poll(ofSeconds(5));

    assertThat(first).extracting(ConsumerRecord::value).containsExactly("a", "b");
    assertThat(consumer.position(ORDERS)).isEqualTo(2);
    assertThat(consumer.poll(ofSeconds(5)))
        .extracting(ConsumerRecord::value)
        .containsExactly("c", "d");
    assertThat(consumer.lag(ORDERS)).hasValue(1);
  }

  @Test
  @Tag("S120")
  void readsOnWhereItIsToldTo() {
    cluster.createTopic("orders", 1);
    store("a", "b", "c");
    store("d", "e");
    var consumer = fromBeginning();

    consumer.seek(ORDERS, 2);
    assertThat(values(consumer, 3)).containsExactly("c", "d", "e");
    consumer.seekToTime(ORDERS, Instant.ofEpochMilli(1001));
    assertThat(values(consumer, 4)).startsWith("b", "c");
    consumer.seekToBeginning(ORDERS);
    assertThat(values(consumer, 5)).startsWith("a");
    consumer.seekToEnd(ORDERS);
    assertThat(consumer.poll(ofMillis(20))).isEmpty();
    assertThat(consumer.position(ORDERS)).isEqualTo(5);
    store("f");
    assertThat(values(consumer, 1)).containsExactly("f");
  }

  @Test
  void looksUpOffsets() {
    cluster.createTopic("orders", 3);
    store("a", "b", "c");
    cluster.partition("orders", 0).raiseStart(1);
    var consumer = builder().build();
    var other = new TopicPartition("orders", 1);

    assertThat(consumer.partitionsOf("orders")).hasSize(3);
    assertThat(consumer.endOffsets(List.of(ORDERS, other)))
        .isEqualTo(Map.of(ORDERS, 3L, other, 0L));
    assertThat(consumer.beginningOffsets(List.of(ORDERS))).isEqualTo(Map.of(ORDERS, 1L));
    assertThat(
            consumer.offsetsForTimes(
                Map.of(
                    ORDERS, Instant.ofEpochMilli(1002),
                    other, Instant.ofEpochMilli(0))))
        .hasSize(1)
        .hasEntrySatisfying(ORDERS, found -> assertThat(found.offset()).isEqualTo(2));
  }

  @Test
  void beginsAtTheEndUnlessToldOtherwise() {
    cluster.createTopic("orders", 1);
    store("a");
    var consumer = builder().build();
    consumer.assign(ORDERS);

    assertThat(consumer.position(ORDERS)).isEqualTo(1);
    store("b");

    assertThat(values(consumer, 1)).containsExactly("b");
  }

  @Test
  @Tag("S93")
  void namesBothBoundsWhenAPositionIsOutsideTheLog() {
    cluster.createTopic("orders", 1);
    store("a", "b", "c");
    cluster.partition("orders", 0).raiseStart(2);
    var consumer = builder().autoOffsetReset(OffsetReset.NONE).build();
    consumer.assign(ORDERS);
    consumer.seek(ORDERS, 9);

    var failure =
        catchThrowableOfType(OffsetOutOfRangeException.class, () -> consumer.poll(ofSeconds(5)));

    assertThat(failure)
        .hasMessageContaining("Expected a position of 2 to 3 in orders/0, but was 9");
    assertThat(failure.logStart()).isEqualTo(2);
    consumer.seek(ORDERS, failure.logStart());
    assertThat(values(consumer, 1)).containsExactly("c");
  }

  @Test
  void failsWithoutAPositionWhenNothingSaysWhereToBegin() {
    cluster.createTopic("orders", 1);
    var consumer = builder().autoOffsetReset(OffsetReset.NONE).build();
    consumer.assign(ORDERS);

    assertThatThrownBy(() -> consumer.poll(ofSeconds(5)))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("auto.offset.reset");
  }

  @Test
  void resetsAPositionOutsideTheLogAsItWasTold() {
    cluster.createTopic("orders", 1);
    store("a", "b");
    store("c");
    cluster.partition("orders", 0).raiseStart(2);
    var consumer = fromBeginning();

    consumer.seek(ORDERS, 0);

    assertThat(values(consumer, 1)).containsExactly("c");
  }

  @Test
  void reportsRecordsThatWereReadAndAreLostAndGoesOnWhereItIsTold() {
    cluster.createTopic("orders", 1);
    store("a");
    store("b");
    var consumer = fromBeginning();
    assertThat(values(consumer, 2)).containsExactly("a", "b");

    cluster.partition("orders", 0).lose(1, 1);
    cluster.moveLeader("orders", 0, 2);
    store("B", "C");
    var failure = failureOf(consumer, DataLossException.class);

    assertThat(failure.divergingEnd()).isEqualTo(1);
    consumer.seek(ORDERS, failure.divergingEnd());
    assertThat(values(consumer, 2)).containsExactly("B", "C");
  }

  @Test
  void reportsADamagedBatchAfterWhatIsBeforeItAndStepsOverIt() {
    cluster.createTopic("orders", 1);
    store("a", "b");
    cluster.partition("orders", 0).store(Batches.damaged("x", "y"));
    store("c");
    var consumer = fromBeginning();
    assertThat(values(consumer, 2)).containsExactly("a", "b");

    var failure = failureOf(consumer, NaruException.class);

    assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT_RECORD);
    assertThat(failure.details()).containsEntry("offset", "2").containsEntry("next.offset", "4");
    assertThat(failureOf(consumer, NaruException.class)).as("again").isNotNull();
    consumer.seek(ORDERS, 4);
    assertThat(values(consumer, 1)).containsExactly("c");
  }

  @Test
  void reportsARecordThatDoesNotDecodeAndStepsOverIt() {
    cluster.createTopic("orders", 1);
    store("1", "two", "3");
    var consumer =
        naru.consumer(
                Codec.utf8(),
                Codec.of(
                    (Integer number) -> java.nio.ByteBuffer.allocate(0),
                    bytes -> Integer.valueOf(Codec.utf8().decode(bytes))))
            .autoOffsetReset(OffsetReset.EARLIEST)
            .build();
    consumer.assign(ORDERS);

    assertThat(consumer.poll(ofSeconds(5))).extracting(ConsumerRecord::value).containsExactly(1);
    var failure = failureOf(consumer, NaruException.class);
    assertThat(failure).hasMessageContaining("orders/0@1");
    consumer.seek(ORDERS, Long.parseLong(failure.details().get("next.offset")));
    assertThat(consumer.poll(ofSeconds(5))).extracting(ConsumerRecord::value).containsExactly(3);
  }

  @Test
  void stopsBeforeAnOffset() {
    cluster.createTopic("orders", 1);
    store("a", "b", "c", "d");
    var consumer = fromBeginning();

    consumer.readUntil(ORDERS, Position.offset(2));

    assertThat(consumer.poll(ofSeconds(5)))
        .extracting(ConsumerRecord::value)
        .containsExactly("a", "b");
    assertThat(consumer.isAtStop()).isTrue();
    assertThat(consumer.poll(ofMinutes(1))).isEmpty();
    assertThat(consumer.position(ORDERS)).isEqualTo(2);
  }

  @Test
  void stopsBeforeATimeAndAtTheEndAsItIsNow() {
    cluster.createTopic("orders", 2);
    store("a", "b", "c");
    var consumer = fromBeginning();
    var empty = new TopicPartition("orders", 1);
    consumer.assign(ORDERS, empty);

    consumer.readUntil(ORDERS, Position.time(Instant.ofEpochMilli(1002)));
    consumer.readUntil(empty, Position.end());
    store("late");

    assertThat(values(consumer, 2)).containsExactly("a", "b");
    assertThat(consumer.isAtStop()).isTrue();
  }

  @Test
  void stopsBeforeATimeThatIsStillToCome() {
    cluster.createTopic("orders", 1);
    var consumer = fromBeginning();
    var future = Instant.now().plusSeconds(3600);
    consumer.readUntil(ORDERS, Position.time(future));

    cluster.partition("orders", 0).store(Batches.at(1, "a"));
    cluster.partition("orders", 0).store(Batches.at(future.toEpochMilli(), "b"));

    assertThat(values(consumer, 1)).containsExactly("a");
    Eventually.allowing("a fetch", ofSeconds(1))
        .until(
            "the stop is met", () -> consumer.poll(ofMillis(50)).isEmpty() && consumer.isAtStop());
  }

  @Test
  void returnsNothingOfWhatIsPaused() {
    cluster.createTopic("orders", 1);
    store("a", "b");
    var consumer = fromBeginning();

    consumer.pause(ORDERS);
    assertThat(consumer.poll(ofMillis(150))).isEmpty();
    assertThat(consumer.paused()).containsExactly(ORDERS);
    consumer.resume(ORDERS);

    assertThat(values(consumer, 2)).containsExactly("a", "b");
  }

  @Test
  void returnsAtOnceWhenWoken() throws InterruptedException {
    cluster.createTopic("orders", 1);
    var consumer = fromBeginning();
    consumer.poll(Duration.ZERO);
    var waker = Thread.ofVirtual().start(consumer::wakeup);

    long started = System.nanoTime();
    assertThat(consumer.poll(ofMinutes(1))).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(ofSeconds(30));
    waker.join();
  }

  @Test
  void refusesASecondThread() throws InterruptedException {
    cluster.createTopic("orders", 1);
    var consumer = fromBeginning();
    var polls = Thread.ofPlatform().start(() -> consumer.poll(ofMinutes(1)));
    Eventually.allowing("a call to the leader", ofSeconds(1))
        .until("the other thread is inside poll", () -> cluster.fetchCalls() > 0);

    assertThatThrownBy(() -> consumer.position(ORDERS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one thread at a time");

    consumer.wakeup();
    polls.join();
  }

  @Test
  void failsForATopicThatIsNotThere() {
    var consumer = builder().build();
    consumer.assign(new TopicPartition("nowhere", 0));

    var failure = catchThrowableOfType(NaruException.class, () -> consumer.poll(ofSeconds(20)));

    assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
  }

  @Test
  void doesNotTakeANameThatWasCreatedAgainForTheSameTopic() {
    cluster.createTopic("orders", 1);
    store("a");
    var consumer = fromBeginning();
    assertThat(values(consumer, 1)).containsExactly("a");

    cluster.deleteTopic("orders");
    cluster.createTopic("orders", 1);
    store("b");
    var failure =
        catchThrowableOfType(
            NaruException.class,
            () -> {
              while (true) {
                consumer.poll(ofSeconds(1));
              }
            });

    assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    consumer.seekToBeginning(ORDERS);
    assertThat(values(consumer, 1)).containsExactly("b");
  }

  @Test
  void goesOnWithTheNextLeader() {
    cluster.createTopic("orders", 1);
    store("a");
    var consumer = fromBeginning();
    assertThat(values(consumer, 1)).containsExactly("a");

    cluster.moveLeader("orders", 0, 2);
    store("b");
    assertThat(values(consumer, 1)).containsExactly("b");
    cluster.kill(2);
    cluster.moveLeader("orders", 0, 3);
    store("c");
    assertThat(values(consumer, 1)).containsExactly("c");
    cluster.hang(3, true);
    cluster.moveLeader("orders", 0, 1);
    store("d");
    assertThat(values(consumer, 1)).containsExactly("d");
  }

  @Test
  void goesOnWithTheNextLeaderOfAPartitionWhoseDiskHasFailed() {
    cluster.createTopic("orders", 1);
    store("a");
    var consumer = fromBeginning();
    assertThat(values(consumer, 1)).containsExactly("a");

    cluster.loseDisk(1);
    assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
    cluster.moveLeader("orders", 0, 2);
    store("b");
    assertThat(values(consumer, 1)).containsExactly("b");
  }

  @Test
  @Tag("S79")
  void asksEachNodeOnceAWaitWhileThereIsNothing() {
    cluster.createTopic("idle", 6);
    var consumer = builder().fetchMaxWait(ofMillis(200)).build();
    consumer.assign(consumer.partitionsOf("idle"));
    consumer.poll(ofMillis(300));
    int before = cluster.fetchCalls();

    consumer.poll(ofSeconds(1));

    assertThat(cluster.fetchCalls() - before).isBetween(3, 3 * 6);
  }

  @Test
  @Tag("S80")
  void waitsForTheLeastSizeOrTheWait() {
    cluster.createTopic("orders", 1);
    var consumer =
        builder()
            .autoOffsetReset(OffsetReset.EARLIEST)
            .fetchMinBytes(100_000)
            .fetchMaxWait(ofMillis(400))
            .build();
    consumer.assign(ORDERS);
    store("a");
    consumer.position(ORDERS);

    long started = System.nanoTime();
    assertThat(consumer.poll(ofSeconds(10))).hasSize(1);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(ofMillis(350));
  }

  @Test
  @Tag("S78")
  void holdsAtMostTwiceWhatOneAnswerMayBring() {
    cluster.createTopic("orders", 3);
    int batchBytes = 0;
    for (int i = 0; i < 300; i++) {
      var batch = Batches.at(1, "x".repeat(1000));
      batchBytes = batch.size();
      cluster.partition("orders", i % 3).store(batch);
    }
    var consumer =
        builder()
            .autoOffsetReset(OffsetReset.EARLIEST)
            .fetchMaxBytes(10_000)
            .maxPartitionFetchBytes(8_000)
            .maxPollRecords(1)
            .build();
    consumer.assign(consumer.partitionsOf("orders"));

    long most = 0;
    int count = 0;
    while (count < 300) {
      count += consumer.poll(ofSeconds(5)).size();
      most = Math.max(most, ((PollingConsumer<?, ?>) consumer).heldBytes());
    }

    assertThat(most).isPositive().isLessThanOrEqualTo(20_000 + 3L * batchBytes);
  }
}
