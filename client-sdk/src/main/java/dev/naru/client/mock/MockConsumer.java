package dev.naru.client.mock;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Callbacks;
import dev.naru.client.consumer.CommitCallback;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.GroupMembershipInfo;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.consumer.OneThread;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.client.consumer.RecordDecoder;
import dev.naru.client.core.Subscription;
import dev.naru.client.producer.EncodedRecord;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a {@link MockCluster}, for one thread at a time like the real one. A poll does all
 * that is to be done and never waits: one that returns nothing moves the clock of the cluster by
 * its limit instead, so that timed commits and timeouts come due.
 *
 * <p>While it subscribes it is granted all partitions of its topics, or those that the test says:
 * {@link #rebalance}, {@link #lose}. Nobody shares out between consumers: two in one group both
 * have all partitions until the test gives each its own. These two methods, {@link #failNextPoll},
 * {@link #failNextCommit}, {@link #deliver} and {@link #atNextPoll} may be called by any thread.
 */
@SuppressWarnings("try") // a call is entered for its end only
public final class MockConsumer<K, V> implements Consumer<K, V> {

  /** A poll without end lets so much time pass. */
  private static final Duration PASSES_MAX = Duration.ofDays(1);

  private final MockCluster cluster;
  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private final ConsumerConfig config;
  private final RecordDecoder<K, V> decoder;
  private final Interceptors interceptors;
  private final OneThread oneThread = new OneThread();
  private final Callbacks callbacks = new Callbacks(oneThread);
  private final MockReadings readings;
  private final Optional<MockMember> group;
  private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<NaruException> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private OptionalLong polledNanos = OptionalLong.empty();
  private boolean isClosed;

  MockConsumer(
      MockCluster cluster,
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ConsumerConfig config,
      Interceptors interceptors) {
    this.cluster = cluster;
    this.keyCodec = keyCodec;
    this.valueCodec = valueCodec;
    this.config = config;
    this.decoder = RecordDecoder.of(keyCodec, valueCodec);
    this.interceptors = interceptors;
    this.readings = new MockReadings(cluster, config);
    this.group =
        config
            .group()
            .groupId()
            .map(id -> new MockMember(cluster, config, id, readings, callbacks));
  }

  /** Appends a record to a partition, with the time of the cluster's clock; returns its offset. */
  public long deliver(TopicPartition to, @Nullable K key, @Nullable V value) {
    return cluster.append(
        to,
        List.of(
            new EncodedRecord(
                OptionalInt.empty(),
                cluster.nowMillis(),
                key == null ? null : keyCodec.encodeToArray(key),
                value == null ? null : valueCodec.encodeToArray(value),
                List.of())));
  }

  /**
   * The group grants just these of the subscribed topics from now on. The next poll gives back what
   * is not among them, and takes the others.
   */
  public void rebalance(TopicPartition... partitions) {
    var wanted = new TreeSet<>(List.of(partitions));
    orders.add(() -> group.ifPresent(member -> member.grant(wanted)));
  }

  /**
   * The group takes everything away, as when the session is over. The next poll hears of it, and
   * the one after that is granted anew what was granted before.
   */
  public void lose() {
    orders.add(() -> group.ifPresent(MockMember::lose));
  }

  /** The next poll throws this, once all else that it does is done. */
  public void failNextPoll(NaruException failure) {
    failures.add(failure);
  }

  /** The next commit fails with this code, whoever asks for it. */
  public void failNextCommit(ErrorCode code) {
    group.ifPresent(member ->
        member
            .progress()
            .failNext(new NaruException(code, "Expected to commit, but the test wants a failure")));
  }

  /** Runs this as the next poll begins: one task a poll, in the order in which they were given. */
  public void atNextPoll(Runnable task) {
    tasks.add(task);
  }

  /** Whether the application has closed it. For the thread that uses it. */
  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public List<ConsumerRecord<K, V>> poll(Duration limit) {
    var task = tasks.poll();
    if (task != null) {
      task.run();
    }
    try (var call = enterFromOutside()) {
      loseIfOverstayed();
      var records = pollOnce();
      boolean isWakeup = isWoken.getAndSet(false);
      if (records.isEmpty() && !isWakeup && !readings.areAllAtStop()) {
        cluster.advance(limit.compareTo(PASSES_MAX) > 0 ? PASSES_MAX : notNegative(limit));
      }
      polledNanos = OptionalLong.of(cluster.nanoTime());
      interceptors.onPolled(records);
      return records;
    }
  }

  private static Duration notNegative(Duration limit) {
    return limit.isNegative() ? Duration.ZERO : limit;
  }

  private void loseIfOverstayed() {
    long most = config.group().maxPollInterval().toNanos();
    if (polledNanos.isPresent() && cluster.nanoTime() - polledNanos.getAsLong() > most) {
      group.filter(MockMember::isSubscribed).ifPresent(MockMember::lose);
    }
  }

  private List<ConsumerRecord<K, V>> pollOnce() {
    group.ifPresent(member -> member.progress().processed().pollBegins());
    group.ifPresent(MockMember::run);
    readings.settle();
    readings.fetch(
        (reading, from) -> group.ifPresent(member -> member.starts().passesOver(reading, from)));
    group.ifPresent(MockMember::askAboutCuts);
    callbacks.throwWhatWasThrown();
    var failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
    readings.throwFailure();
    return readings.drain(
        decoder, reading -> group.ifPresent(member -> member.progress().handedOut(reading)));
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    try (var call = enterFromOutside()) {
      if (group.filter(MockMember::isSubscribed).isPresent()) {
        throw new IllegalStateException(
            "Expected no subscription, but was to "
                + group.flatMap(MockMember::subscription).orElseThrow()
                + "; unsubscribe first");
      }
      assignOnly(new TreeSet<>(partitions));
    }
  }

  private void assignOnly(Set<TopicPartition> wanted) {
    var gone = new TreeSet<>(readings.names());
    gone.removeAll(wanted);
    group.ifPresent(member -> member.progress().commitProcessed(gone));
    for (var partition : gone) {
      group.ifPresent(member -> member.starts().drop(partition));
      readings.drop(partition);
    }
    for (var partition : wanted) {
      if (!readings.has(partition)) {
        group.ifPresentOrElse(
            member -> member.starts().begin(partition, Optional.empty(), false),
            () -> readings.begin(partition, Optional.empty()));
      }
    }
  }

  @Override
  public Set<TopicPartition> assignment() {
    try (var call = enter()) {
      return readings.names();
    }
  }

  @Override
  public void subscribe(Collection<String> topics, RebalanceListener listener) {
    subscribe(Subscription.to(topics), Optional.of(listener));
  }

  @Override
  public void subscribe(Collection<String> topics) {
    subscribe(Subscription.to(topics), Optional.empty());
  }

  @Override
  public void subscribe(Pattern names, RebalanceListener listener) {
    subscribe(Subscription.matching(names), Optional.of(listener));
  }

  @Override
  public void subscribe(Pattern names) {
    subscribe(Subscription.matching(names), Optional.empty());
  }

  private void subscribe(Subscription wanted, Optional<RebalanceListener> listener) {
    try (var call = enterFromOutside()) {
      var member = member();
      if (!member.isSubscribed() && !readings.all().isEmpty()) {
        throw new IllegalStateException(
            "Expected no partitions to be assigned, but were "
                + readings.names()
                + "; unsubscribe first");
      }
      member.subscribe(wanted, listener);
    }
  }

  @Override
  public void unsubscribe() {
    try (var call = enterFromOutside()) {
      group.ifPresent(MockMember::leave);
      assignOnly(Set.of());
      callbacks.throwWhatWasThrown();
    }
  }

  @Override
  public Optional<Subscription> subscription() {
    try (var call = enter()) {
      return group.flatMap(MockMember::subscription);
    }
  }

  @Override
  public GroupMembershipInfo group() {
    try (var call = enter()) {
      return member().info();
    }
  }

  private MockMember member() {
    return group.orElseThrow(() ->
        new NaruException(
            ErrorCode.INVALID_GROUP_ID,
            "Expected a group.id to subscribe or to commit with, but there is none"));
  }

  @Override
  public List<TopicPartition> partitionsOf(String topic) {
    try (var call = enter()) {
      return IntStream.range(0, cluster.view(topic).partitionCount())
          .mapToObj(partition -> new TopicPartition(topic, partition))
          .toList();
    }
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    seek(partition, new OffsetAndMetadata(offset));
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata position) {
    try (var call = enter()) {
      var place = MockProgress.placeOf(position);
      readings.of(partition).resume(Optional.empty(), place.offset(), place.epoch());
      group.ifPresent(member -> member.starts().sought(partition, place));
    }
  }

  @Override
  public void putBack(TopicPartition partition, OffsetAndMetadata from) {
    try (var call = enter()) {
      var place = MockProgress.placeOf(from);
      readings.of(partition).putBack(place.offset(), place.epoch());
      group.ifPresent(member -> member.starts().putBack(partition, place));
    }
  }

  @Override
  public void seekToBeginning(TopicPartition... partitions) {
    seekTo(Position.beginning(), partitions);
  }

  @Override
  public void seekToEnd(TopicPartition... partitions) {
    seekTo(Position.end(), partitions);
  }

  @Override
  public void seekToTime(TopicPartition partition, Instant time) {
    seekTo(Position.time(time), partition);
  }

  private void seekTo(Position position, TopicPartition... partitions) {
    try (var call = enter()) {
      for (var partition : partitions) {
        var reading = readings.of(partition);
        reading.seek(position);
        group.ifPresent(member -> member.starts().sought(reading));
      }
    }
  }

  @Override
  public long position(TopicPartition partition) {
    try (var call = enter()) {
      var reading = readings.of(partition);
      reading.target().ifPresent(target -> reading.settle(readings.offsetOf(partition, target)));
      return reading.position().orElseThrow();
    }
  }

  @Override
  public void commit() {
    try (var call = enter()) {
      var progress = member().progress();
      progress.commitNow(progress.handedOut());
    }
  }

  @Override
  public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try (var call = enter()) {
      member().progress().commitNow(offsets);
    }
  }

  @Override
  public void commitAsync() {
    try (var call = enter()) {
      var progress = member().progress();
      progress.commitLater(progress.handedOut(), Optional.empty());
    }
  }

  @Override
  public void commitAsync(CommitCallback callback) {
    try (var call = enter()) {
      var progress = member().progress();
      progress.commitLater(progress.handedOut(), Optional.of(callback));
    }
  }

  @Override
  public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
    try (var call = enter()) {
      member().progress().commitLater(offsets, Optional.of(callback));
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
    try (var call = enter()) {
      var found = new TreeMap<TopicPartition, OffsetAndMetadata>();
      for (var partition : partitions) {
        member().progress().committed(partition).ifPresent(place -> found.put(partition, place));
      }
      return found;
    }
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return offsetsOf(partitions, Position.beginning());
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return offsetsOf(partitions, Position.end());
  }

  private Map<TopicPartition, Long> offsetsOf(
      Collection<TopicPartition> partitions, Position place) {
    try (var call = enter()) {
      var offsets = new TreeMap<TopicPartition, Long>();
      partitions.forEach(each -> offsets.put(each, readings.offsetOf(each, place)));
      return offsets;
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndTime> offsetsForTimes(Map<TopicPartition, Instant> times) {
    try (var call = enter()) {
      var records = new TreeMap<TopicPartition, OffsetAndTime>();
      times.forEach((partition, time) ->
          readings.firstSince(partition, time).ifPresent(found -> records.put(partition, found)));
      return records;
    }
  }

  @Override
  public OptionalLong lag(TopicPartition partition) {
    try (var call = enter()) {
      return readings.of(partition).lag();
    }
  }

  @Override
  public void pause(TopicPartition... partitions) {
    setPaused(true, partitions);
  }

  @Override
  public void resume(TopicPartition... partitions) {
    setPaused(false, partitions);
  }

  private void setPaused(boolean isPaused, TopicPartition... partitions) {
    try (var call = enter()) {
      for (var partition : partitions) {
        readings.of(partition).pause(isPaused);
      }
    }
  }

  @Override
  public Set<TopicPartition> paused() {
    try (var call = enter()) {
      return readings.paused();
    }
  }

  @Override
  public void readUntil(TopicPartition partition, Position stop) {
    try (var call = enter()) {
      var reading = readings.of(partition);
      if (stop instanceof Position.Time time && time.time().isAfter(cluster.now())) {
        reading.stopAtTime(time.time().toEpochMilli());
      } else {
        reading.stopAt(readings.offsetOf(partition, stop));
      }
    }
  }

  @Override
  public boolean isAtStop() {
    try (var call = enter()) {
      return readings.areAllAtStop();
    }
  }

  @Override
  public void wakeup() {
    isWoken.set(true);
  }

  @Override
  public void close(Duration limit) {
    try (var call = oneThread.enterFromOutside()) {
      if (isClosed) {
        return;
      }
      takeOrders();
      isClosed = true;
      group.ifPresent(this::leave);
      callbacks.throwWhatWasThrown();
    }
  }

  private void leave(MockMember member) {
    if (member.isSubscribed()) {
      member.leave();
    } else {
      member.progress().commitProcessed(readings.names());
    }
    member.progress().callBack();
  }

  private void takeOrders() {
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
    }
  }

  private OneThread.Call enter() {
    return entered(oneThread.enter());
  }

  private OneThread.Call enterFromOutside() {
    return entered(oneThread.enterFromOutside());
  }

  private OneThread.Call entered(OneThread.Call call) {
    if (isClosed && !oneThread.isCallingBack()) {
      call.close();
      throw new IllegalStateException("Expected an open consumer, but it is closed");
    }
    if (!oneThread.isCallingBack()) {
      takeOrders();
    }
    return call;
  }
}
