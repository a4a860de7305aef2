package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.client.core.Subscription;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * The consumer that talks to a cluster. Everything but the reading of sockets happens on the thread
 * that calls it, while it calls: answers wait in the {@link Inbox}, {@link Readings} keep the
 * positions, {@link Fetcher} asks for more before records are handed out, so that the next ones are
 * on their way meanwhile. What a {@code group.id} adds is in {@link GroupSession}.
 */
@SuppressWarnings("try") // a call is entered for its end only
public final class PollingConsumer<K, V> implements Consumer<K, V> {

  private static final long TIMER_NANOS = Duration.ofMillis(10).toNanos(); // of back-offs
  private static final long SILENCE_CHECK_NANOS = Duration.ofMillis(500).toNanos();

  private final RecordDecoder<K, V> decoder;
  private final Duration requestTimeout;
  private final ConsumerMeans means;
  private final Interceptors interceptors;
  private final java.util.function.Consumer<AutoCloseable> onClose;
  private final OneThread oneThread = new OneThread();
  private final Inbox inbox = new Inbox();
  private final Seeks seeks;
  private final Fetcher fetcher;
  private final Readings readings;
  private final Optional<GroupSession> group;
  private final Runnable watcher;
  private final AtomicBoolean isViewNews = new AtomicBoolean(); // told and not yet taken
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final ClientMetrics.Watch lagWatch;
  private volatile long lagInSum; // as of the last poll; read by whoever shows metrics
  private boolean isClosed;

  /** Belongs to the client whose parts these are. */
  public PollingConsumer(
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ClientConfig clientConfig,
      ConsumerConfig config,
      ConsumerMeans means,
      Interceptors interceptors,
      java.util.function.Consumer<AutoCloseable> onClose) {
    this.decoder = RecordDecoder.of(keyCodec, valueCodec);
    this.requestTimeout = clientConfig.requestTimeout();
    this.means = means;
    this.interceptors = interceptors;
    this.onClose = onClose;
    this.seeks = new Seeks(means.offsets(), means.router(), inbox, means.loop(), clientConfig);
    this.fetcher =
        new Fetcher(
            clientConfig,
            config,
            means.router(),
            means.channels(),
            inbox,
            means.loop(),
            means.dice(),
            this::passesOver);
    this.readings = new Readings(config, means.router(), fetcher, seeks);
    this.group = config.group().groupId().map(id -> means.join(id, clientConfig, config, parts()));
    this.watcher = this::tellViewChanged;
    means.router().watch(watcher);
    this.lagWatch = means.metrics().watch(ClientMetric.CONSUMER_LAG, () -> lagInSum);
  }

  private ConsumerMeans.Parts parts() {
    return new ConsumerMeans.Parts(oneThread, inbox, readings);
  }

  private void passesOver(Reading reading, long from) {
    group.ifPresent(session -> session.passesOver(reading, from));
  }

  private void tellViewChanged() {
    if (!isViewNews.getAndSet(true)) {
      inbox.put(() -> {
        isViewNews.set(false);
        fetcher.onViewChanged();
      });
    }
  }

  @Override
  public List<ConsumerRecord<K, V>> poll(Duration limit) {
    try (var call = enterFromOutside()) {
      long wait = Math.max(TimeUnit.NANOSECONDS.convert(limit), 0); // for ever, if it is too long
      long deadline = now() + Math.min(wait, Long.MAX_VALUE / 4);
      group.ifPresent(session -> session.progress().pollBegins());
      while (true) {
        inbox.take();
        requireOpenClient();
        if (group.isEmpty() || group.get().run(now())) {
          readings.throwFailure();
        }
        var records = drain();
        seeks.begin(readings.all());
        fetcher.ask(readings.all());
        long left = deadline - now();
        boolean isWakeup = isWoken.getAndSet(false);
        if (!records.isEmpty() || isWakeup || readings.areAllAtStop() || left <= 0) {
          lagInSum = readings.lagInSum();
          interceptors.onPolled(records);
          return records;
        }
        inbox.await(Math.min(left, timerNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private void requireOpenClient() {
    if (inbox.isClosed()) {
      throw new IllegalStateException("Expected an open client, but it was closed meanwhile");
    }
  }

  /**
   * Ends what another thread waits for in a call: nothing comes any more, because the client is
   * closed beside it.
   */
  public void abandon() {
    inbox.close();
  }

  private long now() {
    return means.loop().nanoTime();
  }

  private long timerNanos() {
    boolean isTimeNear =
        fetcher.isBackingOff() || group.filter(GroupSession::isWaiting).isPresent();
    return isTimeNear ? TIMER_NANOS : SILENCE_CHECK_NANOS;
  }

  private List<ConsumerRecord<K, V>> drain() {
    if (group.isEmpty()) {
      return readings.drain(decoder, reading -> {});
    }
    var session = group.get();
    return session.mayHandOut(now())
        ? readings.drain(decoder, session.progress()::handedOut)
        : List.of();
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    try (var call = enterFromOutside()) {
      if (group.filter(GroupSession::isSubscribed).isPresent()) {
        throw new IllegalStateException(
            "Expected nothing to be subscribed to, but was "
                + group.flatMap(GroupSession::subscription)
                + "; unsubscribe first");
      }
      assignOnly(new TreeSet<>(partitions));
    }
  }

  private void assignOnly(Set<TopicPartition> wanted) {
    var gone = new TreeSet<>(readings.names());
    gone.removeAll(wanted);
    group.ifPresent(session -> session.unassigned(gone));
    gone.forEach(readings::drop);
    for (var partition : wanted) {
      if (readings.find(partition).isEmpty()) {
        var reading = readings.begin(partition, Optional.empty());
        group.ifPresent(session -> session.assigned(reading));
      }
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
      var session = session();
      if (!session.isSubscribed() && !readings.all().isEmpty()) {
        throw new IllegalStateException(
            "Expected no partitions to be assigned, but were "
                + readings.names()
                + "; unsubscribe first");
      }
      session.subscribe(wanted, listener);
    }
  }

  @Override
  public void unsubscribe() {
    try (var call = enterFromOutside()) {
      group.ifPresent(session -> session.unsubscribe(requestTimeout, "unsubscribe"));
      assignOnly(Set.of());
      group.ifPresent(GroupSession::throwWhatWasThrown);
    }
  }

  @Override
  public Optional<Subscription> subscription() {
    try (var call = enter()) {
      return group.flatMap(GroupSession::subscription);
    }
  }

  @Override
  public GroupMembershipInfo group() {
    try (var call = enter()) {
      return session().info();
    }
  }

  @Override
  public Set<TopicPartition> assignment() {
    try (var call = enter()) {
      return readings.names();
    }
  }

  @Override
  public List<TopicPartition> partitionsOf(String topic) {
    try (var call = enter()) {
      return seeks.awaitPartitions(topic);
    }
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    seek(partition, new OffsetAndMetadata(offset));
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata position) {
    try (var call = enter()) {
      var reading = readings.of(partition);
      Optional<LeaderEpoch> epoch = Commits.placeOf(position).epoch();
      reading.resume(Optional.empty(), position.offset(), epoch);
      group.ifPresent(session -> session.sought(reading, position.offset(), epoch));
    }
  }

  @Override
  public void putBack(TopicPartition partition, OffsetAndMetadata from) {
    try (var call = enter()) {
      var reading = readings.of(partition);
      var place = Commits.placeOf(from);
      reading.putBack(place.offset(), place.epoch());
      group.ifPresent(session -> session.putBack(reading, place));
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
        group.ifPresent(session -> session.sought(reading));
      }
    }
  }

  @Override
  public long position(TopicPartition partition) {
    try (var call = enter()) {
      var reading = readings.of(partition);
      group.ifPresent(session -> session.awaitStart(partition, requestTimeout));
      reading
          .whyNowhere()
          .ifPresent(why -> {
            throw why;
          });
      var target = reading.target();
      if (target.isPresent()) {
        reading.settle(seeks.await(partition, target.get()));
      }
      return reading.position().orElseThrow();
    }
  }

  @Override
  public void commit() {
    try (var call = enter()) {
      var progress = session().progress();
      progress.commitNow(progress.handedOut());
    }
  }

  @Override
  public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try (var call = enter()) {
      session().progress().commitNow(new TreeMap<>(offsets));
    }
  }

  @Override
  public void commitAsync() {
    try (var call = enter()) {
      var progress = session().progress();
      progress.commitLater(progress.handedOut(), Optional.empty());
    }
  }

  @Override
  public void commitAsync(CommitCallback callback) {
    try (var call = enter()) {
      var progress = session().progress();
      progress.commitLater(progress.handedOut(), Optional.of(callback));
    }
  }

  @Override
  public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
    try (var call = enter()) {
      session().progress().commitLater(new TreeMap<>(offsets), Optional.of(callback));
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
    try (var call = enter()) {
      return session().progress().committed(partitions);
    }
  }

  private GroupSession session() {
    return group.orElseThrow(() ->
        new NaruException(
            ErrorCode.INVALID_GROUP_ID,
            "Expected a group.id to subscribe or to commit with, but there is none"));
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return ends(partitions, Kind.EARLIEST);
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return ends(partitions, Kind.LATEST);
  }

  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, Kind kind) {
    try (var call = enter()) {
      return seeks.awaitEnds(partitions, kind);
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndTime> offsetsForTimes(Map<TopicPartition, Instant> times) {
    try (var call = enter()) {
      return seeks.awaitTimes(times);
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
      if (stop instanceof Position.Time time && isAhead(time.time())) {
        reading.stopAtTime(time.time().toEpochMilli());
      } else {
        reading.stopAt(seeks.await(partition, stop));
      }
    }
  }

  /** Records of that time are still to come, so the place is not settled before one is seen. */
  private boolean isAhead(Instant time) {
    return time.toEpochMilli() > means.wallMillis().getAsLong();
  }

  @Override
  public boolean isAtStop() {
    try (var call = enter()) {
      return readings.areAllAtStop();
    }
  }

  /** Bytes that are fetched and not handed out, or may still come. */
  long heldBytes() {
    return fetcher.heldBytes(readings.all());
  }

  @Override
  public void wakeup() {
    if (!isWoken.getAndSet(true)) { // else it is in the inbox, or was taken and is heeded next
      inbox.put(() -> {});
    }
  }

  @Override
  public void close(Duration limit) {
    try (var call = oneThread.enterFromOutside()) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      try {
        group.ifPresent(session -> session.close(limit));
      } finally {
        means.router().unwatch(watcher);
        lagWatch.close();
        fetcher.close();
        onClose.accept(this);
      }
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
    return call;
  }
}
