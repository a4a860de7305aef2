package dev.naru.client.mock;

import dev.naru.client.Acks;
import dev.naru.client.BufferExhaustedException;
import dev.naru.client.ClientConfig;
import dev.naru.client.Codec;
import dev.naru.client.Interceptors;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Partitioner;
import dev.naru.client.ProducerConfig;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.producer.EncodedRecord;
import dev.naru.client.producer.Outgoing;
import dev.naru.client.producer.PartitionChoice;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.Receipts;
import dev.naru.client.producer.SendCallback;
import dev.naru.client.producer.SizeLimits;
import dev.naru.record.BatchHeader;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A producer of a {@link MockCluster}. Records are checked, encoded and given their partition as
 * those of a real one are, and are acknowledged at once: callbacks are called, in the order of the
 * records, by the thread that sends, before {@code send} returns, unless another thread is calling
 * some just then.
 *
 * <p>After {@link #hold} nothing is answered before the test says how: {@link #completeNext},
 * {@link #failNext}, {@link #release}. Nobody waits for that: what does not fit into {@code
 * buffer.memory} beside what is held fails as after {@code max.block.ms}.
 */
public final class MockProducer<K, V> implements Producer<K, V> {

  /** For callbacks that another thread calls. */
  private static final Duration CALLBACKS_MAX = Duration.ofSeconds(30);

  private final MockCluster cluster;
  private final ProducerConfig config;
  private final Outgoing<K, V> outgoing;
  private final PartitionChoice choice;
  private final SizeLimits limits;
  // All guarded by this.
  private final Map<String, MockTopicLanes> topics = new TreeMap<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private final Deque<NaruException> failures = new ArrayDeque<>();
  private final Deque<Runnable> completions = new ArrayDeque<>();
  private @Nullable Thread calling;
  private boolean isHolding;
  private boolean isClosed;

  MockProducer(
      MockCluster cluster,
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ProducerConfig config,
      Optional<Partitioner> partitioner,
      Interceptors interceptors) {
    config.requireTimeFor(ClientConfig.DEFAULTS.requestTimeout());
    this.cluster = cluster;
    this.config = config;
    this.choice = new PartitionChoice(config, partitioner);
    this.limits = new SizeLimits(config);
    this.outgoing =
        new Outgoing<>(
            keyCodec, valueCodec, interceptors, cluster::nowMillis, new Taking(), this::isClosed);
  }

  /** A batch that is not answered. */
  private record Held(
      TopicPartition partition, List<EncodedRecord> records, Receipts receipts, long bytes) {}

  /** From now on nothing is answered by itself. */
  public synchronized void hold() {
    isHolding = true;
  }

  /** Acknowledges what is held, and from now on everything at once. */
  public void release() {
    synchronized (this) {
      isHolding = false;
      settleAll();
    }
    callBack();
  }

  /** Acknowledges the record that waits longest, or the batch sent as one; false if none waits. */
  public boolean completeNext() {
    Held next;
    synchronized (this) {
      next = held.poll();
      if (next != null) {
        settle(next);
      }
    }
    callBack();
    return next != null;
  }

  /**
   * Fails the record that waits longest, or the batch sent as one; if none waits, the next one that
   * is sent. It is not stored.
   */
  public void failNext(ErrorCode code) {
    failNext(new NaruException(code, "Expected an acknowledgement, but the test wants a failure"));
  }

  /** The same with this failure. */
  public void failNext(NaruException failure) {
    synchronized (this) {
      failures.add(failure);
      if (failures.size() == 1 && !held.isEmpty()) {
        settle(held.remove());
      }
    }
    callBack();
  }

  /** How many records wait for an answer. */
  public synchronized int heldCount() {
    return held.stream().mapToInt(each -> each.records.size()).sum();
  }

  /** Whether the application has closed it. */
  public synchronized boolean isClosed() {
    return isClosed;
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

  /** Records as they come, encoded. */
  private final class Taking implements Outgoing.Intake {

    @Override
    public boolean append(
        String topic,
        OptionalInt partition,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        SendCallback callback) {
      var record = new EncodedRecord(partition, timestampMillis, key, value, headers);
      synchronized (MockProducer.this) {
        var lanes = lanesOf(topic);
        limits.requireSmallEnough(lanes.topic(), BatchHeader.SIZE + record.bytesMax());
        boolean isSticky = choice.isSticky(partition, key);
        int placed = isSticky ? lanes.stickyPartition() : choice.of(lanes, partition, key);
        if (!take(lanes, placed, List.of(record), callback)) {
          return false;
        }
        if (isSticky) {
          lanes.appended(placed, record.bytesMax());
        }
      }
      callBack();
      return true;
    }

    @Override
    public boolean appendWhole(String topic, List<EncodedRecord> records, SendCallback callback) {
      synchronized (MockProducer.this) {
        var lanes = lanesOf(topic);
        long bytes = bytesOf(records);
        limits.requireSmallEnough(lanes.topic(), BatchHeader.SIZE + bytes);
        var cared = choice.ofAll(lanes, records);
        int placed = cared.orElseGet(lanes::stickyPartition);
        if (!take(lanes, placed, records, callback)) {
          return false;
        }
        if (cared.isEmpty()) {
          lanes.appended(placed, bytes);
        }
      }
      callBack();
      return true;
    }
  }

  private static long bytesOf(List<EncodedRecord> records) {
    return records.stream().mapToLong(EncodedRecord::bytesMax).sum();
  }

  private MockTopicLanes lanesOf(String topic) {
    var view = cluster.view(topic);
    return topics.compute(
        topic,
        (same, known) ->
            known != null && known.topic().equals(view)
                ? known
                : new MockTopicLanes(view, config.batchSize()));
  }

  private boolean take(
      MockTopicLanes lanes, int partition, List<EncodedRecord> records, SendCallback callback) {
    if (isClosed) {
      return false;
    }
    long bytes = BatchHeader.SIZE + bytesOf(records);
    requireRoomFor(bytes);
    var receipts = new Receipts(records.size());
    records.forEach(record -> receipts.add(callback, record.timestampMillis()));
    held.add(new Held(new TopicPartition(lanes.name(), partition), records, receipts, bytes));
    if (!isHolding) {
      settleAll();
    }
    return true;
  }

  private void requireRoomFor(long bytes) {
    long waiting = held.stream().mapToLong(Held::bytes).sum();
    if (waiting + bytes > config.bufferMemory()) {
      throw new BufferExhaustedException(
          "Expected room for "
              + bytes
              + " bytes in buffer.memory ("
              + config.bufferMemory()
              + " bytes) within max.block.ms ("
              + config.maxBlock().toMillis()
              + "), but it stayed full: the test holds "
              + waiting
              + " bytes");
    }
  }

  private void settleAll() {
    for (var next = held.poll(); next != null; next = held.poll()) {
      settle(next);
    }
  }

  private void settle(Held batch) {
    var failure = failures.poll();
    if (failure != null) {
      completions.add(() -> batch.receipts.fail(failure));
      return;
    }
    long base = cluster.append(batch.partition, batch.records);
    completions.add(
        config.acks() == Acks.NONE
            ? () -> batch.receipts.handOver(batch.partition)
            : () -> batch.receipts.acknowledge(batch.partition, base, OptionalLong.empty()));
  }

  /** Calls what is to be called, in order, unless a thread is at it. */
  private void callBack() {
    for (var next = nextCompletion(true); next != null; next = nextCompletion(false)) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable nextCompletion(boolean isFirst) {
    if (isFirst && calling != null) {
      return null;
    }
    var next = completions.poll();
    calling = next == null ? null : Thread.currentThread();
    return next;
  }

  private synchronized boolean isCallbackThread() {
    return Thread.currentThread().equals(calling);
  }

  /** Acknowledges what is held. */
  @Override
  public void flush() {
    if (isCallbackThread()) {
      throw new IllegalStateException(
          "Expected flush on a thread of the application, but it would wait for the callback"
              + " thread on which it is");
    }
    var reached = new CompletableFuture<Void>();
    synchronized (this) {
      settleAll();
      completions.add(() -> reached.complete(null));
    }
    callBack();
    try {
      reached.orTimeout(CALLBACKS_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected callbacks to return within " + CALLBACKS_MAX + ", but they did not");
    }
  }

  @Override
  public void close() {
    close(config.deliveryTimeout());
  }

  /** Acknowledges what is held, or fails it if there is no time. */
  @Override
  public void close(Duration limit) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (limit.isZero() || isCallbackThread()) {
        var why =
            new NaruTimeoutException(
                ErrorCode.DELIVERY_TIMEOUT,
                "Expected an acknowledgement before the producer was closed, but there was none"
                    + " within "
                    + limit);
        held.forEach(each -> completions.add(() -> each.receipts.fail(why)));
        held.clear();
      } else {
        settleAll();
      }
    }
    callBack();
  }
}
