package dev.naru.client.producer;

import dev.naru.client.BufferExhaustedException;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Partitioner;
import dev.naru.client.Partitioning;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.KeyPartitioner;
import dev.naru.client.core.StickyPartitioner;
import dev.naru.client.core.TopicView;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Router;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records into the open batch of their partition, on the thread that sends them. The usual
 * case takes one look into a map and one lock of one partition. Only a new batch asks for memory,
 * and only a new topic for metadata: these may wait.
 */
final class Accumulator {

  /** Times batch.size, which is still the user's word for about how large a batch is. */
  private static final int GROWTH_MAX = 16;

  /** Beyond this a larger batch saves next to nothing, and waits longer for its first byte. */
  private static final int GROWN_BYTES_MAX = 256 << 10;

  /**
   * Batches of fewer partitions grow behind those of the same partition that are on their way. With
   * so many, 64 of 16 KiB saturate a node: all would leave half empty, unless records stay with one
   * partition until its batch is full.
   */
  private static final int LONG_TURN_PARTITIONS_MIN = 64;

  /** Beyond the limit that the router keeps itself, in case the client was closed meanwhile. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ProducerConfig config;
  private final Optional<Partitioner> partitioner;
  private final MemoryBudget memory;
  private final Router router;
  private final Sender sender;
  private final ClientLoop loop;
  private final RandomGenerator dice;
  private final Map<String, TopicLanes> topics = new ConcurrentHashMap<>();
  private final KeptLanes kept = new KeptLanes();
  private final Optional<ProducerIdentity> identity;

  Accumulator(
      ProducerConfig config,
      Optional<Partitioner> partitioner,
      Optional<ProducerIdentity> identity,
      Router router,
      Sender sender,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.partitioner = partitioner;
    this.identity = identity;
    long total = config.bufferMemory();
    int largest = (int) Math.min(grownBytesMax(), total);
    this.memory =
        new MemoryBudget(total, new ArrayPool(config.batchSize(), largest, total + total / 4));
    this.router = router;
    this.sender = sender;
    this.loop = loop;
    this.dice = dice;
  }

  MemoryBudget memory() {
    return memory;
  }

  /** Every lane there is. */
  List<Lane> lanes() {
    var all = new ArrayList<>(kept.all());
    topics.values().forEach(topic -> all.addAll(topic.lanes()));
    return all;
  }

  /**
   * Takes a record; false if the producer is closed.
   *
   * @throws NaruException if it cannot be taken
   */
  boolean append(
      String topicName,
      OptionalInt partition,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    var topic = topics.get(topicName);
    long waitedNanos = 0;
    if (topic == null) {
      long started = loop.nanoTime();
      topic = awaitTopic(topicName);
      waitedNanos = loop.nanoTime() - started;
    }
    long batchBytes = BatchBuilder.sizeMaxOf(sizeOf(key), sizeOf(value), headers);
    requireSmallEnough(topic, batchBytes);
    long bytes = batchBytes - BatchHeader.SIZE;
    boolean isSticky = isSticky(partition, key);
    int placed = isSticky ? topic.stickyPartition() : partitionOf(topic, partition, key);
    var lane = topic.lane(placed);
    var turn = isSticky ? topic.turn(placed) : null;
    if (lane.queue().tryAppend(turn, bytes, timestampMillis, key, value, headers, callback)) {
      return true;
    }
    if (turn != null && lane.queue().endBatch()) { // it was full: on with the next partition
      turn.end();
      int next = topic.stickyPartition();
      lane = topic.lane(next);
      turn = topic.turn(next);
      if (lane.queue().tryAppend(turn, bytes, timestampMillis, key, value, headers, callback)) {
        return true;
      }
    }
    long limitNanos = config.maxBlock().toNanos() - waitedNanos;
    return appendToNew(
        topic, lane, turn, bytes, limitNanos, timestampMillis, key, value, headers, callback);
  }

  private boolean appendToNew(
      TopicLanes topic,
      Lane lane,
      @Nullable Turn turn,
      long recordBytes,
      long limitNanos,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    int target = Math.min(config.batchSize(), topic.topic().maxMessageBytes());
    int grown = Math.min(grownBytesMax(), topic.topic().maxMessageBytes());
    int first = (int) Math.max(target, BatchHeader.SIZE + recordBytes);
    byte[] array = take(first, recordBytes, limitNanos);
    int records = lane.queue().recordsExpected();
    var fresh = new Batch(lane.name(), memory, array, target, grown, records, loop.nanoTime());
    var placed = BatchQueue.Placed.NOWHERE;
    try {
      placed =
          lane.queue()
              .appendTo(fresh, turn, recordBytes, timestampMillis, key, value, headers, callback);
      return placed != BatchQueue.Placed.NOWHERE;
    } finally {
      if (placed == BatchQueue.Placed.IN_FRESH) {
        sender.signal(lane);
      } else {
        memory.giveBack(array);
      }
    }
  }

  /** How large a batch may become while it cannot be sent, or would only wait. */
  private int grownBytesMax() {
    long grown = Math.min((long) GROWTH_MAX * config.batchSize(), GROWN_BYTES_MAX);
    return (int) Math.max(grown, config.batchSize());
  }

  /** Long turns while batches would only wait: a large one costs nodes hardly more than a small. */
  private int turnBytes(int partitions) {
    return mayBeLong(partitions) && sender.saturation().isReached()
        ? grownBytesMax()
        : config.batchSize();
  }

  private static boolean mayBeLong(int partitions) {
    return partitions >= LONG_TURN_PARTITIONS_MIN;
  }

  private byte[] take(int bytes, long recordBytes, long limitNanos) {
    try {
      byte[] array = memory.take(bytes, limitNanos, () -> sender.serveSoon(lanes()));
      if (array == null) {
        throw new BufferExhaustedException(
            "Expected memory for a record of "
                + recordBytes
                + " bytes within max.block.ms ("
                + config.maxBlock().toMillis()
                + "), but buffer.memory ("
                + config.bufferMemory()
                + ") stayed full; raise buffer.memory, or look at the nodes");
      }
      return array;
    } catch (InterruptedException e) {
      throw interrupted("memory");
    }
  }

  private TopicLanes awaitTopic(String name) {
    identity.ifPresent(sender::identify); // beside the first metadata rather than after it
    try {
      var limit = config.maxBlock().plus(GRACE);
      var found =
          router
              .topic(name, config.maxBlock().toNanos())
              .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return topics.compute(name, (same, known) -> lanesOf(found, known));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NaruException known
          ? known
          : new NaruException(
              ErrorCode.INTERNAL,
              "Expected metadata of " + name + ", but " + e.getCause(),
              Map.of("topic", name),
              e);
    } catch (TimeoutException e) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT, "Expected metadata of " + name + ", but the client is closed");
    } catch (InterruptedException e) {
      throw interrupted("metadata of " + name);
    }
  }

  private static NaruException interrupted(String awaited) {
    Thread.currentThread().interrupt();
    return new NaruTimeoutException(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected " + awaited + ", but the thread was interrupted while it waited");
  }

  private boolean isSticky(OptionalInt partition, byte @Nullable [] key) {
    return key == null
        && partition.isEmpty()
        && partitioner.isEmpty()
        && config.partitioning() == Partitioning.DEFAULT;
  }

  private int partitionOf(TopicLanes topic, OptionalInt wanted, byte @Nullable [] key) {
    int count = topic.partitionCount();
    int partition;
    if (wanted.isPresent()) {
      partition = wanted.getAsInt();
    } else if (partitioner.isPresent()) {
      var shown = key == null ? null : ByteBuffer.wrap(key);
      partition = partitioner.get().partition(topic.topic().name(), shown, count);
    } else if (key != null) {
      partition = KeyPartitioner.partition(key, count);
    } else {
      partition = topic.nextPartition();
    }
    if (partition < 0 || partition >= count) {
      throw NaruException.of(
          new Refused(
              ErrorCode.PARTITION_NOT_FOUND,
              "Expected a partition of 0 to "
                  + (count - 1)
                  + " in "
                  + topic.topic().name()
                  + ", but was "
                  + partition));
    }
    return partition;
  }

  private void requireSmallEnough(TopicLanes topic, long bytes) {
    int most = topic.topic().maxMessageBytes();
    if (bytes > most && config.compression() == Compression.NONE) {
      throw NaruException.of(SizeLimits.tooLarge(topic.topic().name(), bytes, most));
    }
    if (bytes > config.bufferMemory() || bytes > BatchBuilder.BATCH_BYTES_MAX) {
      long memoryMax = Math.min(config.bufferMemory(), BatchBuilder.BATCH_BYTES_MAX);
      throw NaruException.of(SizeLimits.largerThanMemory(topic.topic().name(), bytes, memoryMax));
    }
  }

  private static int sizeOf(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Follows the cluster view: topics that grew, were made anew, or are no longer in the cache. */
  void onViewChanged() {
    var view = router.view();
    for (var name : topics.keySet()) {
      topics.computeIfPresent(
          name,
          (same, known) -> {
            var topic = view.topic(name);
            if (topic.filter(now -> now.id().equals(known.topic().id())).isEmpty()) {
              keep(known);
            }
            return topic.map(now -> lanesOf(now, known)).orElse(null);
          });
    }
  }

  private void keep(TopicLanes unused) {
    if (kept.keep(unused.topic().id(), unused.lanes())) {
      identity.ifPresent(ProducerIdentity::renew);
    }
  }

  private TopicLanes lanesOf(TopicView topic, @Nullable TopicLanes known) {
    boolean isSame = known != null && known.topic().id().equals(topic.id());
    if (known != null && isSame && known.topic().equals(topic)) {
      return known;
    }
    int count = topic.partitionCount();
    var present = known != null && isSame ? known.lanes() : kept.take(topic.id());
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < count; i++) {
      lanes.add(i < present.size() ? present.get(i) : newLane(topic, i));
    }
    int first = dice.nextInt(Math.max(count, 1));
    var sticky = new StickyPartitioner(count, config.batchSize(), () -> turnBytes(count), first);
    IntPredicate hasLeader =
        partition ->
            router.view().topic(topic.name()).filter(now -> now.hasLeader(partition)).isPresent();
    var turns =
        lanes.stream()
            .map(lane ->
                new Turn(
                    sticky,
                    lane.name().partition(),
                    mayBeLong(count),
                    hasLeader,
                    () -> sender.signal(lane)));
    return new TopicLanes(topic, lanes, turns.toList(), sticky, first);
  }

  private Lane newLane(TopicView topic, int partition) {
    return new Lane(
        config,
        memory,
        sender.saturation(),
        new TopicPartition(topic.name(), partition),
        topic.id(),
        identity.map(Numbers::new));
  }
}
