package dev.naru.client.mock;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Callbacks;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.client.consumer.OneThreadConsumer;
import dev.naru.client.consumer.Readings;
import dev.naru.client.consumer.RecordDecoder;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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
public final class MockConsumer<K, V> extends OneThreadConsumer<K, V> {

  /** A poll without end lets so much time pass. */
  private static final Duration PASSES_MAX = Duration.ofDays(1);

  private final MockCluster cluster;
  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private final ConsumerConfig config;
  private final RecordDecoder<K, V> decoder;
  private final Interceptors interceptors;
  private final Callbacks callbacks = new Callbacks(oneThread());
  private final MockReadings readings;
  private final Optional<MockMember> group;
  private final ConcurrentLinkedQueue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<NaruException> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private OptionalLong polledNanos = OptionalLong.empty();

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

  @Override
  public boolean isClosed() {
    return super.isClosed();
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
  public List<TopicPartition> partitionsOf(String topic) {
    try (var call = enter()) {
      return IntStream.range(0, cluster.view(topic).partitionCount())
          .mapToObj(partition -> new TopicPartition(topic, partition))
          .toList();
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
  public void wakeup() {
    isWoken.set(true);
  }

  @Override
  protected Readings readings() {
    return readings;
  }

  @Override
  protected Optional<MockMember> groupSide() {
    return group;
  }

  @Override
  protected long offsetOf(TopicPartition partition, Position place) {
    return readings.offsetOf(partition, place);
  }

  @Override
  protected long wallMillis() {
    return cluster.nowMillis();
  }

  @Override
  protected void entered() {
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
    }
  }

  @Override
  protected void end(Duration limit) {
    entered();
    group.ifPresent(this::leave);
    callbacks.throwWhatWasThrown();
  }

  private void leave(MockMember member) {
    if (member.isSubscribed()) {
      member.leave();
    } else {
      member.progress().commitProcessed(readings.names());
    }
    member.progress().callBack();
  }
}
