package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Interceptors;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.client.transport.MetadataCalls.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The consumer that talks to a cluster. Everything but the reading of sockets happens on the thread
 * that calls it, while it calls: answers wait in the {@link Inbox}, {@link Readings} keep the
 * positions, {@link Fetcher} asks for more before records are handed out, so that the next ones are
 * on their way meanwhile. What a {@code group.id} adds is in {@link GroupSession}.
 */
@SuppressWarnings("try") // a call is entered for its end only
public final class PollingConsumer<K, V> extends OneThreadConsumer<K, V> {

  private static final long TIMER_NANOS = Duration.ofMillis(10).toNanos(); // of back-offs
  private static final long SILENCE_CHECK_NANOS = Duration.ofMillis(500).toNanos();

  private final RecordDecoder<K, V> decoder;
  private final ConsumerMeans means;
  private final Interceptors interceptors;
  private final java.util.function.Consumer<AutoCloseable> onClose;
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
    this.readings = new FetchedReadings(config, means.router(), fetcher, seeks);
    this.group = config.group().groupId().map(id -> means.join(id, clientConfig, config, parts()));
    this.watcher = this::tellViewChanged;
    means.router().watch(watcher);
    this.lagWatch = means.metrics().watch(ClientMetric.CONSUMER_LAG, () -> lagInSum);
  }

  private ConsumerMeans.Parts parts() {
    return new ConsumerMeans.Parts(oneThread(), inbox, readings);
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
  public List<TopicPartition> partitionsOf(String topic) {
    try (var call = enter()) {
      return seeks.awaitPartitions(topic);
    }
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
  protected Readings readings() {
    return readings;
  }

  @Override
  protected Optional<GroupSession> groupSide() {
    return group;
  }

  @Override
  protected long offsetOf(TopicPartition partition, Position place) {
    return seeks.await(partition, place);
  }

  @Override
  protected long wallMillis() {
    return means.wallMillis().getAsLong();
  }

  @Override
  protected void end(Duration limit) {
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
