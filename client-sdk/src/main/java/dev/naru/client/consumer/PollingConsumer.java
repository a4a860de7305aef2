package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The consumer that talks to a cluster. Everything but the reading of sockets happens on the thread
 * that calls it, while it calls: answers wait in the {@link Inbox}, {@link Reading} keeps the
 * positions, {@link Fetcher} asks for more before records are handed out, so that the next ones are
 * on their way meanwhile.
 */
@SuppressWarnings("try") // a call is entered for its end only
public final class PollingConsumer<K, V> implements Consumer<K, V> {

  private static final long TIMER_NANOS = Duration.ofMillis(10).toNanos(); // of back-offs
  private static final long SILENCE_CHECK_NANOS = Duration.ofMillis(500).toNanos();

  /** A poll that returns any record makes room for so many at once: the default of most. */
  private static final int RECORDS_EXPECTED = 500;

  private final RecordDecoder<K, V> decoder;
  private final ConsumerConfig config;
  private final Router router;
  private final ClientLoop clock;
  private final LongSupplier wallMillis;
  private final java.util.function.Consumer<AutoCloseable> onClose;
  private final OneThread oneThread = new OneThread();
  private final Inbox inbox = new Inbox();
  private final Seeks seeks;
  private final Fetcher fetcher;
  private final Runnable watcher;
  private final AtomicBoolean isViewNews = new AtomicBoolean(); // told and not yet taken
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final Map<TopicPartition, Reading> readings = new LinkedHashMap<>(); // next one first
  private boolean isClosed;

  /** Belongs to the client whose parts these are. */
  public PollingConsumer(
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ClientConfig clientConfig,
      ConsumerConfig config,
      Router router,
      Channels channels,
      OffsetLookup offsets,
      ClientLoop clock,
      LongSupplier wallMillis,
      RandomGenerator dice,
      java.util.function.Consumer<AutoCloseable> onClose) {
    this.decoder = RecordDecoder.of(keyCodec, valueCodec);
    this.config = config;
    this.router = router;
    this.clock = clock;
    this.wallMillis = wallMillis;
    this.onClose = onClose;
    this.seeks = new Seeks(offsets, router, inbox, clock, clientConfig);
    this.fetcher = new Fetcher(clientConfig, config, router, channels, inbox, clock, dice);
    this.watcher = this::tellViewChanged;
    router.watch(watcher);
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
    try (var call = enter()) {
      long wait = Math.max(TimeUnit.NANOSECONDS.convert(limit), 0); // for ever, if it is too long
      long deadline = clock.nanoTime() + Math.min(wait, Long.MAX_VALUE / 4);
      while (true) {
        inbox.take();
        throwFailure();
        var records = drain();
        seeks.begin(readings.values());
        fetcher.ask(readings.values());
        long left = deadline - clock.nanoTime();
        boolean isWakeup = isWoken.getAndSet(false);
        if (!records.isEmpty() || isWakeup || allAtStop() || left <= 0) {
          return records;
        }
        inbox.await(Math.min(left, timerNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private long timerNanos() {
    return fetcher.isBackingOff() ? TIMER_NANOS : SILENCE_CHECK_NANOS;
  }

  private void throwFailure() {
    for (var reading : readings.values()) {
      var failure = reading.failure();
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  /** Serves one partition after the other; whoever was served goes to the end of the line. */
  private List<ConsumerRecord<K, V>> drain() {
    var records = new ArrayList<ConsumerRecord<K, V>>();
    var served = new ArrayList<Reading>();
    for (var reading : readings.values()) {
      int room = config.maxPollRecords() - records.size();
      if (room == 0) {
        break;
      }
      if (reading.fetchedBytes() > 0) {
        records.ensureCapacity(Math.min(config.maxPollRecords(), RECORDS_EXPECTED));
        var partition = reading.partition();
        if (reading.drain(room, record -> records.add(decoder.decode(partition, record))) > 0) {
          served.add(reading);
        }
      }
    }
    for (var reading : served) {
      readings.remove(reading.partition());
      readings.put(reading.partition(), reading);
    }
    return records;
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    try (var call = enter()) {
      var wanted = new TreeSet<>(partitions);
      for (var reading : List.copyOf(readings.values())) {
        if (!wanted.contains(reading.partition())) {
          fetcher.forget(reading);
          seeks.forget(reading.partition());
          readings.remove(reading.partition());
        }
      }
      for (var partition : wanted) {
        readings.computeIfAbsent(partition, this::begin);
      }
    }
  }

  private Reading begin(TopicPartition partition) {
    router.used(partition.topic());
    var reading =
        new Reading(
            partition,
            config.autoOffsetReset() == OffsetReset.EARLIEST
                ? Position.beginning()
                : Position.end());
    if (config.autoOffsetReset() == OffsetReset.NONE) {
      reading.fail(
          new NaruException(
              ErrorCode.OFFSET_OUT_OF_RANGE,
              "Expected a position in "
                  + partition
                  + ", but there is none; seek, or set auto.offset.reset"));
    }
    return reading;
  }

  @Override
  public Set<TopicPartition> assignment() {
    try (var call = enter()) {
      return Collections.unmodifiableSet(new TreeSet<>(readings.keySet()));
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
    seekTo(Position.offset(offset), partition);
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
        reading(partition).seek(position);
      }
    }
  }

  @Override
  public long position(TopicPartition partition) {
    try (var call = enter()) {
      var reading = reading(partition);
      var target = reading.target();
      if (target.isPresent()) {
        reading.settle(seeks.await(partition, target.get()));
      }
      return reading.position().orElseThrow();
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

  @Override
  public OptionalLong lag(TopicPartition partition) {
    try (var call = enter()) {
      return reading(partition).lag();
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
        reading(partition).pause(isPaused);
      }
    }
  }

  @Override
  public Set<TopicPartition> paused() {
    try (var call = enter()) {
      var paused = new TreeSet<TopicPartition>();
      readings.values().stream()
          .filter(Reading::isPaused)
          .forEach(reading -> paused.add(reading.partition()));
      return paused;
    }
  }

  @Override
  public void readUntil(TopicPartition partition, Position stop) {
    try (var call = enter()) {
      var reading = reading(partition);
      if (stop instanceof Position.Time time && isAhead(time.time())) {
        reading.stopAtTime(time.time().toEpochMilli());
      } else {
        reading.stopAt(seeks.await(partition, stop));
      }
    }
  }

  /** Records of that time are still to come, so the place is not settled before one is seen. */
  private boolean isAhead(Instant time) {
    return time.toEpochMilli() > wallMillis.getAsLong();
  }

  @Override
  public boolean isAtStop() {
    try (var call = enter()) {
      return allAtStop();
    }
  }

  private boolean allAtStop() {
    for (var reading : readings.values()) {
      if (!reading.isAtStop()) {
        return false;
      }
    }
    return !readings.isEmpty();
  }

  /** Bytes that are fetched and not handed out, or may still come. */
  long heldBytes() {
    return fetcher.heldBytes(readings.values());
  }

  @Override
  public void wakeup() {
    isWoken.set(true);
    inbox.put(() -> {});
  }

  @Override
  public void close() {
    try (var call = oneThread.enter()) {
      if (!isClosed) {
        isClosed = true;
        router.unwatch(watcher);
        fetcher.close();
        onClose.accept(this);
      }
    }
  }

  private OneThread.Call enter() {
    var call = oneThread.enter();
    if (isClosed) {
      call.close();
      throw new IllegalStateException("Expected an open consumer, but it is closed");
    }
    return call;
  }

  private Reading reading(TopicPartition partition) {
    var reading = readings.get(partition);
    if (reading == null) {
      throw new IllegalStateException(
          "Expected one of " + readings.keySet() + ", which are assigned, but was " + partition);
    }
    return reading;
  }
}
