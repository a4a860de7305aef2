package dev.naru.client.consumer;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer of which some partitions, or other threads, do not do what the rest expects. */
class ConsumerFaultTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final int PARTITIONS = 10;
  private static final int BATCHES = 30; // in each, of a kilobyte

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  private ConsumerBuilder<String, String> builder() {
    return naru.consumer(Codec.utf8(), Codec.utf8())
        .autoOffsetReset(OffsetReset.EARLIEST)
        .fetchMaxWait(ofMillis(100));
  }

  private static void read(Consumer<String, String> consumer, TopicPartition from, int upTo) {
    Eventually.allowing("a few fetches", ofSeconds(2))
        .until(
            "all of " + from + " is read",
            () -> {
              consumer.poll(ofMillis(20));
              return consumer.position(from) == upTo;
            });
  }

  private static List<TopicPartition> partitions() {
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition("orders", i)).toList();
  }

  /** Holds as much as it may of all partitions. */
  private Consumer<String, String> fullOfRecords() {
    cluster.createTopic("orders", PARTITIONS);
    for (int i = 0; i < PARTITIONS * BATCHES; i++) {
      cluster.partition("orders", i % PARTITIONS).store(Batches.at(1, "x".repeat(1000)));
    }
    var consumer =
        builder().fetchMaxBytes(10_000).maxPartitionFetchBytes(4_000).maxPollRecords(1).build();
    consumer.assign(partitions());
    Eventually.allowing("a few fetches", ofSeconds(2))
        .until(
            "there is no room for more",
            () -> {
              consumer.poll(ofMillis(20));
              return ((PollingConsumer<?, ?>) consumer).heldBytes() > 16_000;
            });
    return consumer;
  }

  @Test
  void readsOnWhileTheOthersArePaused() {
    var consumer = fullOfRecords();
    var read = partitions().get(PARTITIONS - 1);

    consumer.pause(partitions().subList(0, PARTITIONS - 1).toArray(TopicPartition[]::new));
    read(consumer, read, BATCHES);
    consumer.resume(partitions().toArray(TopicPartition[]::new));

    partitions().forEach(partition -> read(consumer, partition, BATCHES));
  }

  @Test
  void readsOnWhileTheOthersAreAtTheirStop() {
    var consumer = fullOfRecords();
    var read = partitions().get(PARTITIONS - 1);

    partitions()
        .subList(0, PARTITIONS - 1)
        .forEach(partition ->
            consumer.readUntil(partition, Position.offset(consumer.position(partition))));
    read(consumer, read, BATCHES);
    partitions().forEach(partition -> consumer.readUntil(partition, Position.offset(BATCHES)));

    partitions().forEach(partition -> read(consumer, partition, BATCHES));
  }

  @Test
  void failsForAPartitionThatIsNotThere() {
    cluster.createTopic("orders", 1);
    var consumer = builder().build();
    consumer.assign(new TopicPartition("orders", 1));

    var failure = catchThrowableOfType(NaruException.class, () -> consumer.poll(ofSeconds(20)));

    assertThat(failure.code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(cluster.metadataCalls()).as("it was asked again").isGreaterThan(1);
  }

  @Test
  void aPollEndsWhenAnotherThreadClosesTheClient() throws InterruptedException {
    cluster.createTopic("orders", 1);
    var other = NaruClient.builder().bootstrapServers(cluster.addresses()).build();
    var consumer = other.consumer(Codec.utf8(), Codec.utf8()).fetchMaxWait(ofMillis(100)).build();
    consumer.assign(ORDERS);
    var thrown = new AtomicReference<@Nullable Throwable>();
    var polls =
        Thread.ofPlatform()
            .daemon()
            .start(() ->
                thrown.set(
                    catchThrowableOfType(
                        IllegalStateException.class, () -> consumer.poll(ofDays(1)))));
    Eventually.allowing("a call to the leader", ofSeconds(1))
        .until("the other thread is inside poll", () -> cluster.fetchCalls() > 0);

    assertThatThrownBy(other::close).isInstanceOf(IllegalStateException.class);

    assertThat(polls.join(ofSeconds(10))).as("the poll has ended").isTrue();
    assertThat(thrown.get()).hasMessageContaining("closed");
  }
}
