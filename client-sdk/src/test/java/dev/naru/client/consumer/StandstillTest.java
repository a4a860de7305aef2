package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.eventually;
import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientConfig;
import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.Interceptors;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Coordinators;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.MetadataCalls;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.Router;
import dev.naru.client.transport.TopicNames;
import dev.naru.testing.Seeds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A member whose process stood still until its lease was over, and whose polling thread goes on
 * before the client's loop does: nobody has said yet that all is lost.
 */
class StandstillTest {

  private static final Duration STANDSTILL = Duration.ofHours(1);

  /** At the clock, of a poll of 200 ms: one that is woken every 10 ms looks more often. */
  private static final int LOOKS_MAX = 50;

  private final Members members = new Members();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Channels channels = new Channels("", Thread::new);
  private final AtomicLong looks = new AtomicLong(); // at the clock
  private final AtomicLong stoodStillNanos = new AtomicLong();
  private final ClientLoop loop =
      new ClientLoop(
          thread,
          () -> {
            looks.incrementAndGet();
            return System.nanoTime() + stoodStillNanos.get();
          });
  private final CountDownLatch standstill = new CountDownLatch(1);
  private final Diary diary = new Diary();

  @AfterEach
  void close() {
    standstill.countDown();
    thread.shutdownNow();
    channels.close();
    members.close();
  }

  @Test
  void losesWhatItWasToGiveBackBeforeItStoodStill() {
    var consumer = reader();
    int epoch = consumer.group().epoch();
    members.group.withhold("orders", 1);
    eventually().until("it is told to give back", () -> consumer.group().epoch() > epoch);

    standStill();
    consumer.poll(ofMillis(20));
    assertThat(diary.entries).containsExactly("assigned [orders/0, orders/1]");
    standstill.countDown();

    pollUntil("it knows", () -> diary.entries.size() > 1, consumer);
    assertThat(diary.entries.get(1)).isEqualTo("lost [orders/0, orders/1]");
    assertThat(members.group.commits()).isEmpty();
    consumer.close();
  }

  @Test
  void losesEverythingWhenItIsClosed() {
    var consumer = reader();

    standStill();
    consumer.close(ofMillis(20));
    standstill.countDown();

    assertThat(diary.entries)
        .containsExactly("assigned [orders/0, orders/1]", "lost [orders/0, orders/1]");
    assertThat(members.group.commits()).isEmpty();
  }

  /** Its last commit was on its way; what became of it nobody knows. */
  @Test
  void losesEverythingWhenItStandsStillWhileItIsClosed() throws InterruptedException {
    var consumer = reader();
    members.group.holdCommits(true); // so that it waits for its last commit

    var closing = Thread.ofPlatform().start(() -> consumer.close(ofSeconds(1)));
    eventually().until("it commits", () -> members.group.heldCommits() == 1);
    standStill();
    closing.join();
    standstill.countDown();

    assertThat(diary.entries)
        .containsExactly("assigned [orders/0, orders/1]", "lost [orders/0, orders/1]");
  }

  @Test
  void commitsNoPlaceWhereItWasToBegin() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = builder().build();
    consumer.subscribe(List.of("orders"), diary);
    eventually()
        .until(
            "it is granted",
            () -> {
              consumer.poll(Duration.ZERO);
              return !consumer.assignment().isEmpty();
            });
    assertThat(consumer.position(orders(0))).isZero(); // and the next poll would commit that

    standStill();
    consumer.poll(ofMillis(20));
    standstill.countDown();
    consumer.close();

    assertThat(diary.entries).containsExactly("assigned [orders/0]", "lost [orders/0]");
    assertThat(members.group.commits()).isEmpty();
  }

  @Test
  void waitsForNothingMoreWhenItHasUnsubscribed() throws InterruptedException {
    var consumer = reader();
    members.group.holdCommits(true);
    members.group.withhold("orders", 1);
    pollUntil("it begins to give back", () -> members.group.heldCommits() == 1, consumer);

    standStill();
    var leaving = Thread.ofPlatform().start(consumer::unsubscribe);
    eventually()
        .until(
            "it has lost all and waits for its commit",
            () -> leaving.getState() == Thread.State.TIMED_WAITING);
    standstill.countDown();
    members.group.holdCommits(false);
    leaving.join();

    assertThat(diary.entries.getLast()).isEqualTo("lost [orders/0, orders/1]");
    eventually()
        .until(
            "a poll sleeps",
            () -> {
              long before = looks.get();
              consumer.poll(ofMillis(200));
              return looks.get() - before < LOOKS_MAX;
            });
    consumer.close();
  }

  @Test
  void awaitsTheCommitsOfEachPartitionThatItGivesBack() {
    var consumer = builder().autoCommit(false).build();
    var committing =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            super.onPartitionsRevoked(partitions);
            consumer.commitAsync();
          }
        };
    beginReading(consumer, committing);
    members.group.holdCommits(true);
    members.group.withhold("orders", 0);
    pollUntil("it is told", () -> committing.entries.contains("revoked [orders/0]"), consumer);
    stoodStillNanos.addAndGet(Duration.ofMillis(4500).toNanos());
    members.group.withhold("orders", 1);
    pollUntil(
        "it is told of the other",
        () -> committing.entries.contains("revoked [orders/1]"),
        consumer);

    stoodStillNanos.addAndGet(ofSeconds(1).toNanos());
    for (int i = 0; i < 5; i++) {
      consumer.poll(ofMillis(20));
    }
    assertThat(members.group.isHeld("orders", 1)).isTrue();
    members.group.holdCommits(false);

    pollUntil("it is given back", () -> !members.group.isHeld("orders", 1), consumer);
    assertThat(members.group.committed("orders", 1)).hasValue(1);
    consumer.close();
  }

  private void standStill() {
    var begun = new CountDownLatch(1);
    loop.execute(() -> {
      begun.countDown();
      try {
        standstill.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    eventually().until("the loop stands still", () -> begun.getCount() == 0);
    stoodStillNanos.set(STANDSTILL.toNanos());
  }

  private ConsumerBuilder<String, String> builder() {
    return new ConsumerBuilder<String, String>(ConsumerConfig.DEFAULTS, this::open)
        .groupId(Members.GROUP)
        .autoOffsetReset(OffsetReset.EARLIEST)
        .autoCommitInterval(Duration.ofMinutes(1))
        .fetchMaxWait(ofMillis(50));
  }

  /** A member with two partitions and records that it has processed and not committed. */
  private Consumer<String, String> reader() {
    var consumer = builder().build();
    beginReading(consumer, diary);
    return consumer;
  }

  private void beginReading(Consumer<String, String> consumer, RebalanceListener listener) {
    members.cluster.createTopic("orders", 2);
    members.group.put("orders", 0, 0, 0);
    members.group.put("orders", 1, 0, 0);
    members.store(0, "a");
    members.store(1, "b");
    consumer.subscribe(List.of("orders"), listener);
    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("a", "b");
    consumer.poll(Duration.ZERO);
    assertThat(consumer.assignment()).containsExactly(orders(0), orders(1));
  }

  private Consumer<String, String> open(ConsumerConfig config) {
    var defaults = ClientConfig.DEFAULTS;
    var client =
        new ClientConfig(
            List.of(members.cluster.address(1)),
            "",
            defaults.security(),
            defaults.requestTimeout(),
            defaults.retryBackoff(),
            defaults.retryBackoffMax(),
            defaults.metadataMaxAge(),
            defaults.metadataMaxIdle(),
            defaults.connectionInflightBytes());
    var dice = Seeds.random(1);
    var metadata = new MetadataCalls(channels);
    var router = new Router(client, metadata, loop, dice);
    var coordinators = new Coordinators(client, router, channels, loop);
    var metrics = new ClientMetrics();
    var means =
        new ConsumerMeans(
            router,
            channels,
            new OffsetLookup(client, router, metadata, loop, dice),
            coordinators,
            new GroupCalls(client, router, channels, coordinators, loop, dice),
            new TopicNames(client, router, metadata, loop),
            metrics,
            loop,
            System::currentTimeMillis,
            dice,
            UUID::randomUUID);
    var interceptors = new Interceptors(List.of(), metrics);
    return new PollingConsumer<>(
        Codec.utf8(), Codec.utf8(), client, config, means, interceptors, closed -> {});
  }
}
