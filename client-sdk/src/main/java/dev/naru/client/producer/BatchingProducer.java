package dev.naru.client.producer;

import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.KeyReporting;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Partitioner;
import dev.naru.client.ProducerConfig;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.KeyReports;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The producer that talks to a cluster: an {@link Accumulator} in front of the client's {@link
 * Sender}.
 */
public final class BatchingProducer<K, V> implements Producer<K, V> {

  /** Slower callbacks are on their own. */
  private static final Duration CALLBACKS_MAX = Duration.ofSeconds(30);

  private final Codec<K> keyCodec;
  private final Codec<V> valueCodec;
  private final ProducerConfig config;
  private final Accumulator accumulator;
  private final Sender sender;
  private final Router router;
  private final LongSupplier wallMillis;
  private final BooleanSupplier isCallbackThread;
  private final Consumer<AutoCloseable> onClose;
  private final Runnable watcher;
  private final ClientMetrics.Watch available;
  private final KeyReporter keyReporter;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** Belongs to the client whose parts these are. */
  public BatchingProducer(
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ProducerConfig config,
      Optional<Partitioner> partitioner,
      Router router,
      Sender sender,
      KeyReports keyReports,
      ClientMetrics metrics,
      ClientLoop loop,
      LongSupplier wallMillis,
      RandomGenerator dice,
      BooleanSupplier isCallbackThread,
      Consumer<AutoCloseable> onClose) {
    this.keyCodec = keyCodec;
    this.valueCodec = valueCodec;
    this.config = config;
    this.router = router;
    this.sender = sender;
    this.wallMillis = wallMillis;
    this.isCallbackThread = isCallbackThread;
    this.onClose = onClose;
    var identity = sender.identityOf(config);
    this.accumulator =
        new Accumulator(config, partitioner, identity, router, sender, metrics, loop, dice);
    this.available =
        metrics.watch(ClientMetric.PRODUCER_BUFFER_AVAILABLE, accumulator.memory()::free);
    this.watcher = accumulator::onViewChanged;
    router.watch(watcher);
    this.keyReporter = new KeyReporter(accumulator::topics, router, keyReports, loop);
    if (config.keyReporting() != KeyReporting.OFF) {
      keyReporter.start();
    }
  }

  @Override
  public CompletableFuture<RecordAck> send(ProducerRecord<K, V> record) {
    var pending = new PendingSend();
    send(record, pending);
    return pending;
  }

  @Override
  public void send(ProducerRecord<K, V> record, SendCallback callback) {
    if (isClosed.get() || !takes(record, callback)) {
      throw new IllegalStateException("Expected an open producer, but it is closed");
    }
  }

  /** False if the producer was closed meanwhile. */
  private boolean takes(ProducerRecord<K, V> record, SendCallback callback) {
    NaruException refusal;
    try {
      return accumulator.append(
          record.topic(),
          record.partition(),
          timestampOf(record),
          encoded(keyCodec, record.key()),
          encoded(valueCodec, record.value()),
          record.headers(),
          callback);
    } catch (NaruException e) {
      refusal = e;
    } catch (RuntimeException e) {
      refusal = unusable(record, e);
    }
    var receipt = new Receipts(1);
    receipt.add(callback, 0);
    receipt.fail(refusal);
    return true;
  }

  @Override
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<K, V>> records) {
    var pending = new PendingBatch(records.size());
    if (records.isEmpty()) {
      pending.complete(List.of());
      return pending;
    }
    if (isClosed.get() || !takes(records, pending)) {
      throw new IllegalStateException("Expected an open producer, but it is closed");
    }
    return pending;
  }

  /** False if the producer was closed meanwhile. */
  private boolean takes(List<ProducerRecord<K, V>> records, PendingBatch pending) {
    var first = records.get(0);
    try {
      requireOneTopic(first.topic(), records);
      return accumulator.appendWhole(
          first.topic(), records.stream().map(this::encoded).toList(), pending);
    } catch (NaruException e) {
      pending.completeExceptionally(e);
    } catch (RuntimeException e) {
      pending.completeExceptionally(unusable(first, e));
    }
    return true;
  }

  private static <K, V> void requireOneTopic(String topic, List<ProducerRecord<K, V>> records) {
    for (var record : records) {
      if (!record.topic().equals(topic)) {
        throw new NaruException(
            ErrorCode.INVALID_REQUEST,
            "Expected records for one partition, because they are stored together, but they go to "
                + topic
                + " and "
                + record.topic());
      }
    }
  }

  private EncodedRecord encoded(ProducerRecord<K, V> record) {
    return new EncodedRecord(
        record.partition(),
        timestampOf(record),
        encoded(keyCodec, record.key()),
        encoded(valueCodec, record.value()),
        record.headers());
  }

  private long timestampOf(ProducerRecord<?, ?> record) {
    var given = record.timestampMillis();
    return given.isPresent() ? given.getAsLong() : wallMillis.getAsLong();
  }

  private static <T> byte @Nullable [] encoded(Codec<T> codec, @Nullable T value) {
    return value == null ? null : codec.encodeToArray(value);
  }

  /** Bytes of {@code buffer.memory} that no batch holds now. */
  long freeMemory() {
    return accumulator.memory().free();
  }

  /** A codec, a partitioner or the record itself is at fault, not the cluster. */
  private static NaruException unusable(ProducerRecord<?, ?> record, RuntimeException cause) {
    return new NaruException(
        ErrorCode.INVALID_RECORD,
        "Expected a record that can be encoded for " + record.topic() + ", but " + cause,
        Map.of("topic", record.topic()),
        cause);
  }

  @Override
  public void flush() {
    if (isCallbackThread.getAsBoolean()) {
      throw new IllegalStateException(
          "Expected flush on a thread of the application, but it would wait for the callback"
              + " thread on which it is");
    }
    if (!await(sender.flush(accumulator.lanes()), everythingEnds())) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          Thread.currentThread().isInterrupted()
              ? "Expected every record to be settled, but the thread was interrupted"
              : "Expected every record to be settled within " + everythingEnds() + ", but was not");
    }
  }

  @Override
  public void close() {
    close(config.deliveryTimeout());
  }

  @Override
  public void close(Duration limit) {
    boolean isFirst = !isClosed.getAndSet(true);
    if (isFirst) {
      try {
        end(limit);
      } finally {
        closed.complete(null);
      }
    } else if (!isCallbackThread.getAsBoolean()) {
      await(closed, limit); // whoever closes the client next would cut off what is being sent
    }
  }

  private void end(Duration limit) {
    accumulator.memory().close();
    var lanes = accumulator.lanes();
    if (!isCallbackThread.getAsBoolean() && !limit.isZero()) {
      await(sender.flush(lanes), limit);
    }
    var abandoned = sender.abandon(lanes, unsettled(limit));
    router.unwatch(watcher);
    available.close();
    keyReporter.close();
    onClose.accept(this);
    if (!isCallbackThread.getAsBoolean()) {
      await(abandoned, everythingEnds());
    }
  }

  private static NaruException unsettled(Duration limit) {
    return new NaruTimeoutException(
        ErrorCode.DELIVERY_TIMEOUT,
        "Expected an acknowledgement before the producer was closed, but there was none within "
            + limit);
  }

  /** Every batch ends by {@code delivery.timeout.ms}; then its callbacks are called. */
  private Duration everythingEnds() {
    return config.deliveryTimeout().plus(CALLBACKS_MAX);
  }

  /** Whether it was done in time, and before somebody interrupted. */
  private static boolean await(CompletableFuture<Void> done, Duration limit) {
    try {
      done.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Expected batches to be settled, but " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
