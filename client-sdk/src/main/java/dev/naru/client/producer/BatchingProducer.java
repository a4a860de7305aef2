package dev.naru.client.producer;

import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.Codec;
import dev.naru.client.Interceptors;
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

/**
 * The producer that talks to a cluster: an {@link Accumulator} in front of the client's {@link
 * Sender}.
 */
public final class BatchingProducer<K, V> implements Producer<K, V> {

  /** Slower callbacks are on their own. */
  private static final Duration CALLBACKS_MAX = Duration.ofSeconds(30);

  private final ProducerConfig config;
  private final Outgoing<K, V> outgoing;
  private final Accumulator accumulator;
  private final Sender sender;
  private final Router router;
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
      Interceptors interceptors,
      ClientLoop loop,
      LongSupplier wallMillis,
      RandomGenerator dice,
      BooleanSupplier isCallbackThread,
      Consumer<AutoCloseable> onClose) {
    this.config = config;
    this.router = router;
    this.sender = sender;
    this.isCallbackThread = isCallbackThread;
    this.onClose = onClose;
    var identity = sender.identityOf(config);
    this.accumulator =
        new Accumulator(config, partitioner, identity, router, sender, metrics, loop, dice);
    this.outgoing =
        new Outgoing<>(keyCodec, valueCodec, interceptors, wallMillis, accumulator, isClosed::get);
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
    return outgoing.send(record);
  }

  @Override
  public void send(ProducerRecord<K, V> record, SendCallback callback) {
    outgoing.send(record, callback);
  }

  @Override
  public CompletableFuture<List<RecordAck>> send(List<ProducerRecord<K, V>> records) {
    return outgoing.send(records);
  }

  /** Bytes of {@code buffer.memory} that no batch holds now. */
  long freeMemory() {
    return accumulator.memory().free();
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
