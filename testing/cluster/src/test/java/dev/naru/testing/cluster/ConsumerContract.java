package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.client.Codec;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetOutOfRangeException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.ConsumerBuilder;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.client.producer.Producer;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of every consumer, of nodes or in memory. */
abstract class ConsumerContract {

  private static final Duration SHORT = Duration.ofMillis(100);

  /** Of a group that forms, on a machine that is busy: 30 s. */
  private static final int POLLS_MAX = 300;

  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final SeenRecords seen = new SeenRecords();
  private Clients clients;
  private Producer<String, String> producer;

  abstract Clients open(SeenRecords interceptor);

  @BeforeEach
  void open() {
    clients = open(seen);
    producer = clients.producer(Codec.utf8(), Codec.utf8(), with -> with);
  }

  @AfterEach
  void close() {
    clients.close();
  }

  private Consumer<String, String> consumer() {
    return consumer(with -> with.autoOffsetReset(OffsetReset.EARLIEST));
  }

  private Consumer<String, String> consumer(
      UnaryOperator<ConsumerBuilder<String, String>> settings) {
    return clients.consumer(Codec.utf8(), Codec.utf8(), settings);
  }

  private Consumer<String, String> member(String group, boolean autoCommit) {
    return consumer(
        with -> with.autoOffsetReset(OffsetReset.EARLIEST).groupId(group).autoCommit(autoCommit));
  }

  private static String newGroup() {
    return "group-" + GROUPS.incrementAndGet();
  }

  private void send(TopicPartition to, String... values) {
    for (var value : values) {
      producer
          .send(ProducerRecord.<String, String>of(to.topic(), value).withPartition(to.partition()))
          .join();
    }
  }

  private TopicPartition newPartition(String... values) {
    var partition = new TopicPartition(clients.topic(1), 0);
    send(partition, values);
    return partition;
  }

  /** Polls until this holds, and returns the values of all records. */
  private static List<String> pollUntil(
      Consumer<String, String> consumer, List<String> values, BooleanSupplier claim) {
    for (int i = 0; i < POLLS_MAX && !claim.getAsBoolean(); i++) {
      consumer.poll(SHORT).forEach(record -> values.add(String.valueOf(record.value())));
    }
    assertThat(claim.getAsBoolean()).as("after %s", values).isTrue();
    return values;
  }

  private static List<String> poll(Consumer<String, String> consumer, int count) {
    var values = new ArrayList<String>();
    return pollUntil(consumer, values, () -> values.size() >= count);
  }

  private static Optional<Long> committedOffset(Consumer<?, ?> consumer, TopicPartition partition) {
    return Optional.ofNullable(consumer.committed(List.of(partition)).get(partition))
        .map(OffsetAndMetadata::offset);
  }

  private static ErrorCode codeOf(@Nullable Throwable failure) {
    assertThat(failure).isInstanceOf(NaruException.class);
    return ((NaruException) Objects.requireNonNull(failure)).code();
  }

  /** Notes what it hears. */
  private static final class Heard implements RebalanceListener {

    final List<String> events = new ArrayList<>();

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      events.add("revoked " + new TreeSet<>(partitions));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      events.add("assigned " + new TreeSet<>(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      events.add("lost " + new TreeSet<>(partitions));
    }

    @Override
    public void onRecordsExpired(TopicPartition partition, long from, long to) {
      events.add("expired " + from + " to " + to);
    }
  }

  @Test
  void readsWhatIsAssignedInOrderOfItsOffsets() {
    var partition = newPartition("a", "b", "c");

    try (var consumer = consumer()) {
      consumer.assign(partition);
      assertThat(poll(consumer, 3)).containsExactly("a", "b", "c");
      assertThat(consumer.position(partition)).isEqualTo(3);
      assertThat(consumer.assignment()).containsExactly(partition);
      assertThat(consumer.lag(partition)).hasValue(0);
      assertThat(consumer.poll(SHORT)).isEmpty();
      send(partition, "d");
      assertThat(poll(consumer, 1)).containsExactly("d");
    }
    assertThat(seen.events).contains("polled a", "polled d");
  }

  @Test
  void handsOutNoMoreThanMaxPollRecords() {
    var partition = newPartition("a", "b", "c", "d", "e");

    try (var consumer =
        consumer(with -> with.autoOffsetReset(OffsetReset.EARLIEST).maxPollRecords(2))) {
      consumer.assign(partition);
      var sizes = new ArrayList<Integer>();
      for (int i = 0; i < POLLS_MAX && sizes.size() < 3; i++) {
        var records = consumer.poll(SHORT);
        if (!records.isEmpty()) {
          sizes.add(records.size());
        }
      }
      assertThat(sizes).containsExactly(2, 2, 1);
    }
  }

  @Test
  void beginsWhereItIsSent() {
    var start = Instant.parse("2026-07-01T12:00:00Z");
    var partition = newPartition();
    for (int i = 0; i < 5; i++) {
      producer
          .send(
              ProducerRecord.<String, String>of(partition.topic(), "v" + i)
                  .withTimestamp(start.plusSeconds(i)))
          .join();
    }

    try (var consumer = consumer(with -> with)) {
      consumer.assign(partition);
      consumer.seek(partition, 3);
      assertThat(poll(consumer, 2)).containsExactly("v3", "v4");
      consumer.seekToBeginning(partition);
      assertThat(consumer.position(partition)).isZero();
      assertThat(poll(consumer, 5)).hasSize(5);
      consumer.seekToTime(partition, start.plusMillis(3500));
      assertThat(poll(consumer, 1)).containsExactly("v4");
      consumer.seekToEnd(partition);
      assertThat(consumer.position(partition)).isEqualTo(5);
      assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
      assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 5L);
      var found = consumer.offsetsForTimes(Map.of(partition, start.plusMillis(1500)));
      assertThat(found)
          .containsExactly(Map.entry(partition, new OffsetAndTime(2, start.plusSeconds(2))));
      assertThat(consumer.offsetsForTimes(Map.of(partition, start.plusSeconds(9)))).isEmpty();
    }
  }

  @Test
  void handsOutAgainWhatIsPutBack() {
    var partition = newPartition("a", "b", "c");

    try (var consumer = member(newGroup(), false)) {
      consumer.subscribe(partition.topic());
      assertThat(poll(consumer, 3)).containsExactly("a", "b", "c");
      consumer.putBack(partition, new OffsetAndMetadata(1));
      assertThat(consumer.position(partition)).isEqualTo(1);
      assertThatThrownBy(() -> consumer.putBack(partition, new OffsetAndMetadata(2)))
          .isInstanceOf(IllegalArgumentException.class);
      consumer.commit();
      assertThat(committedOffset(consumer, partition)).hasValue(1L);
      assertThat(poll(consumer, 2)).containsExactly("b", "c");
    }
  }

  @Test
  void stopsWhereItIsTold() {
    var partition = newPartition("a", "b", "c");

    try (var consumer = consumer()) {
      consumer.assign(partition);
      assertThat(consumer.isAtStop()).isFalse();
      consumer.readUntil(Position.offset(2));
      assertThat(poll(consumer, 2)).containsExactly("a", "b");
      assertThat(consumer.isAtStop()).isTrue();
      assertThat(consumer.poll(SHORT)).isEmpty();
      consumer.readUntil(Position.end());
      assertThat(poll(consumer, 1)).containsExactly("c");
    }
  }

  @Test
  void handsOutNothingOfWhatIsPaused() {
    var topic = clients.topic(2);
    var one = new TopicPartition(topic, 0);
    var other = new TopicPartition(topic, 1);
    send(one, "a");
    send(other, "b");

    try (var consumer = consumer()) {
      consumer.assign(one, other);
      consumer.pause(one);
      assertThat(poll(consumer, 1)).containsExactly("b");
      assertThat(consumer.poll(SHORT)).isEmpty();
      assertThat(consumer.paused()).containsExactly(one);
      consumer.resume(one);
      assertThat(poll(consumer, 1)).containsExactly("a");
    }
  }

  @Test
  void saysWhereToGoOnBehindARecordThatDoesNotDecode() {
    var partition = newPartition("1", "x", "2");
    Codec<Integer> numbers =
        Codec.of(
            number -> Codec.utf8().encode(number.toString()),
            bytes -> Integer.parseInt(Codec.utf8().decode(bytes)));

    try (var consumer =
        clients.consumer(
            Codec.utf8(), numbers, with -> with.autoOffsetReset(OffsetReset.EARLIEST))) {
      consumer.assign(partition);
      var values = new ArrayList<Integer>();
      @Nullable Throwable failure = null;
      for (int i = 0; i < POLLS_MAX && failure == null; i++) {
        failure =
            catchThrowable(() ->
                consumer
                    .poll(SHORT)
                    .forEach(record -> values.add(Objects.requireNonNull(record.value()))));
      }
      assertThat(values).containsExactly(1);
      assertThat(codeOf(failure)).isEqualTo(ErrorCode.INVALID_RECORD);
      assertThat(failure).isInstanceOf(NaruException.class);
      assertThat(((NaruException) Objects.requireNonNull(failure)).details())
          .containsEntry("offset", "1")
          .containsEntry("next.offset", "2");
      consumer.seek(partition, 2);
      for (int i = 0; i < POLLS_MAX && values.size() < 2; i++) {
        consumer.poll(SHORT).forEach(record -> values.add(Objects.requireNonNull(record.value())));
      }
      assertThat(values).containsExactly(1, 2);
    }
  }

  @Test
  void belongsToOneThreadAndToNobodyOnceItIsClosed() {
    var partition = newPartition("a");
    var consumer = consumer();
    consumer.assign(partition);
    consumer.wakeup();
    assertThat(consumer.poll(Duration.ofMinutes(1))).hasSizeLessThan(2);

    consumer.close();
    consumer.close();

    assertThatThrownBy(() -> consumer.poll(SHORT)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(consumer::assignment).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void wantsAnAssignedPartition() {
    var partition = newPartition();

    try (var consumer = consumer()) {
      assertThatThrownBy(() -> consumer.seek(partition, 0))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> consumer.pause(partition)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> consumer.position(partition))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void wantsAPositionWithoutAReset() {
    var partition = newPartition("a");

    try (var consumer = consumer(with -> with.autoOffsetReset(OffsetReset.NONE))) {
      consumer.assign(partition);
      assertThat(codeOf(catchThrowable(() -> consumer.poll(SHORT))))
          .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
      consumer.seek(partition, 7);
      @Nullable Throwable failure = null;
      for (int i = 0; i < POLLS_MAX && failure == null; i++) {
        failure = catchThrowable(() -> consumer.poll(SHORT));
      }
      assertThat(failure)
          .isInstanceOfSatisfying(
              OffsetOutOfRangeException.class,
              e -> {
                assertThat(e.logStart()).isZero();
                assertThat(e.highWatermark()).isEqualTo(1);
              });
      consumer.seek(partition, 0);
      assertThat(poll(consumer, 1)).containsExactly("a");
    }
  }

  @Test
  void wantsAGroupToSubscribeOrCommit() {
    try (var consumer = consumer()) {
      assertThat(codeOf(catchThrowable(() -> consumer.subscribe("orders"))))
          .isEqualTo(ErrorCode.INVALID_GROUP_ID);
      assertThat(codeOf(catchThrowable(consumer::commit))).isEqualTo(ErrorCode.INVALID_GROUP_ID);
      assertThat(codeOf(catchThrowable(consumer::group))).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }
  }

  @Test
  void isGrantedWhatItSubscribesToAndGivesItBack() {
    var topic = clients.topic(2);
    var all = Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
    var names = new TreeSet<>(all).toString();
    all.forEach(partition -> send(partition, "v"));
    var heard = new Heard();

    try (var consumer = member(newGroup(), true)) {
      consumer.subscribe(List.of(topic), heard);
      assertThat(consumer.subscription()).isPresent();
      assertThat(poll(consumer, 2)).hasSize(2);
      assertThat(consumer.assignment()).isEqualTo(all);
      assertThat(consumer.group().epoch()).isPositive();
      assertThatThrownBy(() -> consumer.assign(all)).isInstanceOf(IllegalStateException.class);
      consumer.unsubscribe();
      assertThat(consumer.assignment()).isEmpty();
      assertThat(heard.events).containsExactly("assigned " + names, "revoked " + names);
      consumer.subscribe(Pattern.compile(topic), heard);
      pollUntil(consumer, new ArrayList<>(), () -> consumer.assignment().equals(all));
    }
    assertThat(heard.events)
        .containsExactly(
            "assigned " + names, "revoked " + names, "assigned " + names, "revoked " + names);
  }

  @Test
  void goesOnWhereItsGroupHasCommitted() {
    var partition = newPartition("a", "b", "c");
    var group = newGroup();

    try (var consumer = member(group, false)) {
      consumer.subscribe(partition.topic());
      assertThat(poll(consumer, 3)).hasSize(3);
      consumer.commit(Map.of(partition, new OffsetAndMetadata(2, "two")));
      assertThat(consumer.committed(List.of(partition)))
          .containsEntry(partition, new OffsetAndMetadata(2, "two"));
    }
    try (var consumer = member(group, false)) {
      consumer.assign(partition);
      assertThat(poll(consumer, 1)).containsExactly("c");
      consumer.commit();
      assertThat(committedOffset(consumer, partition)).hasValue(3L);
    }
  }

  @Test
  void commitsByItselfOnlyWhatEarlierPollsReturned() {
    var partition = newPartition("a");
    var group = newGroup();

    try (var consumer = member(group, true)) {
      consumer.subscribe(partition.topic());
      assertThat(poll(consumer, 1)).containsExactly("a");
      consumer.poll(SHORT);
      send(partition, "b");
      assertThat(poll(consumer, 1)).containsExactly("b");
    }
    try (var consumer = member(group, true)) {
      assertThat(committedOffset(consumer, partition)).hasValue(1L);
      consumer.subscribe(partition.topic());
      assertThat(poll(consumer, 1)).containsExactly("b");
      consumer.commitSync();
    }
    try (var consumer = member(group, true)) {
      assertThat(committedOffset(consumer, partition)).hasValue(2L);
    }
  }

  @Test
  void commitsWhereItBeginsWithoutBeingAsked() {
    var partition = newPartition("a");
    var group = newGroup();

    try (var consumer = consumer(with -> with.groupId(group).autoOffsetReset(OffsetReset.LATEST))) {
      consumer.subscribe(partition.topic());
      pollUntil(
          consumer,
          new ArrayList<>(),
          () -> consumer.committed(List.of(partition)).containsKey(partition));
      assertThat(committedOffset(consumer, partition)).hasValue(1L);
    }
  }

  @Test
  void callsCommitsBackInTheirOrder() {
    var partition = newPartition("a", "b");
    var offsets = new ArrayList<Long>();

    try (var consumer = member(newGroup(), false)) {
      consumer.subscribe(partition.topic());
      poll(consumer, 2);
      for (long i = 1; i <= 2; i++) {
        consumer.commitAsync(
            Map.of(partition, new OffsetAndMetadata(i)),
            (committed, failure) -> {
              assertThat(failure).isNull();
              committed.values().forEach(each -> offsets.add(each.offset()));
            });
      }
      assertThat(offsets).isEmpty();
      pollUntil(consumer, new ArrayList<>(), () -> offsets.size() == 2);
      assertThat(offsets).containsExactly(1L, 2L);
      consumer.commitAsync((committed, failure) -> offsets.add(3L));
    }
    assertThat(offsets).containsExactly(1L, 2L, 3L);
  }

  @Test
  void refusesACommitOfWhatIsNotItsOwn() {
    var partition = newPartition("a");
    var other = newPartition("b");

    try (var consumer = member(newGroup(), false)) {
      consumer.subscribe(partition.topic());
      poll(consumer, 1);
      var commit = Map.of(other, new OffsetAndMetadata(1));
      assertThat(codeOf(catchThrowable(() -> consumer.commit(commit))))
          .isEqualTo(ErrorCode.FENCED_MEMBER);
      assertThat(consumer.committed(List.of(other))).isEmpty();
    }
  }

  @Test
  void completesAChangeBeforeItThrowsWhatTheListenerThrew() {
    var partition = newPartition("a");
    var consumer = member(newGroup(), true);
    var listener =
        new RebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            throw new IllegalStateException("a listener that fails");
          }
        };

    try (consumer) {
      consumer.subscribe(List.of(partition.topic()), listener);
      @Nullable Throwable failure = null;
      for (int i = 0; i < POLLS_MAX && failure == null; i++) {
        failure = catchThrowable(() -> consumer.poll(SHORT));
      }
      assertThat(failure).hasMessage("a listener that fails");
      assertThat(consumer.assignment()).containsExactly(partition);
      assertThat(poll(consumer, 1)).containsExactly("a");
    }
  }

  @Test
  void letsAListenerSeekAndCommitButNotPoll() {
    var partition = newPartition("a", "b", "c");
    var refusal = new CompletableFuture<Throwable>();
    var consumer = member(newGroup(), false);
    var listener =
        new RebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            consumer.commit(Map.of(partition, new OffsetAndMetadata(3)));
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            refusal.complete(catchThrowable(() -> consumer.poll(SHORT)));
            consumer.seek(partition, 2);
          }
        };

    try (consumer) {
      consumer.subscribe(List.of(partition.topic()), listener);
      assertThat(poll(consumer, 1)).containsExactly("c");
      assertThat(refusal.join()).isInstanceOf(IllegalStateException.class);
      consumer.unsubscribe();
      assertThat(committedOffset(consumer, partition)).hasValue(3L);
    }
  }

  @Test
  void tellsItsListenerWhatWasDeletedBeforeItWasRead() {
    var partition = newPartition("a", "b", "c", "d");
    var heard = new Heard();

    try (var consumer = member(newGroup(), true)) {
      consumer.subscribe(List.of(partition.topic()), heard);
      poll(consumer, 4);
      clients.expire(partition, 3);
      consumer.seek(partition, 1);
      assertThat(poll(consumer, 1)).containsExactly("d");
      pollUntil(consumer, new ArrayList<>(), () -> heard.events.contains("expired 1 to 3"));
    }
  }

  @Test
  void readsFromItsStartWhatIsYoungerThanTheGroup() {
    var partition = newPartition("old");
    var later = new TopicPartition("later-than-" + partition.topic(), 0);

    try (var consumer =
        consumer(with -> with.groupId(newGroup()).autoOffsetReset(OffsetReset.LATEST))) {
      consumer.subscribe(partition.topic(), later.topic());
      pollUntil(consumer, new ArrayList<>(), () -> consumer.assignment().contains(partition));
      clients.create(later.topic(), 1);
      send(later, "new");
      assertThat(poll(consumer, 1)).containsExactly("new");
      assertThat(consumer.assignment()).containsExactlyInAnyOrder(partition, later);
    }
  }
}
