package dev.naru.client.producer;

import dev.naru.client.BufferExhaustedException;
import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Partitioner;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.StickyPartitioner;
import dev.naru.client.core.TopicView;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Router;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchHeader;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
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
final class Accumulator implements Outgoing.Intake {

  /**
   * Batches of fewer partitions grow behind those of the same partition that are on their way. With
   * so many, 64 of 16 KiB saturate a node: all would leave half empty, unless records stay with one
   * partition until its batch is full.
   */
  private static final int LONG_TURN_PARTITIONS_MIN = 64;

  /** Beyond the limit that the router keeps itself, in case the client was closed meanwhile. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The loop never waits; if it is that busy, a message has to do without its knowledge. */
  private static final Duration BACKLOG_WAIT_MAX = Duration.ofMillis(100);

  private final ProducerConfig config;
  private final SizeLimits limits;
  private final PartitionChoice choice;
  private final MemoryBudget memory;
  private final Router router;
  private final Sender sender;
  private final ClientMetrics metrics;
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
      ClientMetrics metrics,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.limits = new SizeLimits(config);
    this.choice = new PartitionChoice(config, partitioner);
    this.identity = identity;
    long total = config.bufferMemory();
    int largest = (int) Math.min(limits.grown(), total);
    this.memory =
        new MemoryBudget(total, new ArrayPool(config.batchSize(), largest, total + total / 4));
    this.router = router;
    this.sender = sender;
    this.metrics = metrics;
    this.loop = loop;
    this.dice = dice;
  }

  MemoryBudget memory() {
    return memory;
  }

  /** The topics in use. */
  Collection<TopicLanes> topics() {
    return topics.values();
  }

  /** Every lane there is. */
  List<Lane> lanes() {
    var all = new ArrayList<>(kept.all());
    topics.values().forEach(topic -> all.addAll(topic.lanes()));
    return all;
  }

  @Override
  public boolean append(
      String topicName,
      OptionalInt partition,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    var topic = topics.get(topicName);
    long waitedNanos = 0;
    if (topic == null || topic.lacks(partition)) {
      long started = loop.nanoTime();
      topic = awaitTopic(topicName, partition);
      waitedNanos = loop.nanoTime() - started;
    }
    long batchBytes =
        BatchBuilder.sizeMaxOf(EncodedRecord.sizeOf(key), EncodedRecord.sizeOf(value), headers);
    limits.requireSmallEnough(topic.topic(), batchBytes);
    long bytes = batchBytes - BatchHeader.SIZE;
    boolean isSticky = choice.isSticky(partition, key);
    int placed = isSticky ? topic.stickyPartition() : choice.of(topic, partition, key);
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
    int target = limits.target(topic.topic());
    int first = (int) Math.max(target, BatchHeader.SIZE + recordBytes);
    byte[] array = take(first, recordBytes, limitNanos);
    int records = lane.queue().recordsExpected();
    int grown = limits.grown(topic.topic());
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

  @Override
  public boolean appendWhole(String topicName, List<EncodedRecord> records, SendCallback callback) {
    long started = loop.nanoTime();
    var known = topics.get(topicName);
    var named = EncodedRecord.greatestPartition(records);
    var topic = known == null || known.lacks(named) ? awaitTopic(topicName, named) : known;
    long bytes = records.stream().mapToLong(EncodedRecord::bytesMax).sum();
    limits.requireSmallEnough(topic.topic(), BatchHeader.SIZE + bytes);
    var cared = choice.ofAll(topic, records);
    int placed = cared.orElseGet(topic::stickyPartition);
    var lane = topic.lane(placed);
    long limitNanos = config.maxBlock().toNanos() - (loop.nanoTime() - started);
    byte[] array = take((int) (BatchHeader.SIZE + bytes), bytes, limitNanos);
    boolean isTaken = false;
    try {
      int size = array.length;
      var whole =
          new Batch(lane.name(), memory, array, size, size, records.size(), loop.nanoTime());
      records.forEach(record -> whole.append(record, callback));
      isTaken = lane.queue().add(whole, cared.isPresent() ? null : topic.turn(placed), records);
      return isTaken;
    } finally {
      if (isTaken) {
        sender.signal(lane);
      } else {
        memory.giveBack(array);
      }
    }
  }

  /** Long turns while batches would only wait: a large one costs nodes hardly more than a small. */
  private int turnBytes(int partitions) {
    return mayBeLong(partitions) && sender.saturation().isReached()
        ? limits.grown()
        : config.batchSize();
  }

  private static boolean mayBeLong(int partitions) {
    return partitions >= LONG_TURN_PARTITIONS_MIN;
  }

  private byte[] take(int bytes, long recordBytes, long limitNanos) {
    try {
      byte[] array = memory.take(bytes, limitNanos, () -> sender.serveSoon(lanes()));
      if (array == null) {
        metrics.count(ClientMetric.PRODUCER_BUFFER_EXHAUSTED);
        throw exhausted(recordBytes);
      }
      return array;
    } catch (InterruptedException e) {
      throw interrupted("memory");
    }
  }

  private BufferExhaustedException exhausted(long recordBytes) throws InterruptedException {
    return new BufferExhaustedException(
        "Expected room for "
            + recordBytes
            + " bytes in buffer.memory ("
            + config.bufferMemory()
            + " bytes) within max.block.ms ("
            + config.maxBlock().toMillis()
            + "), but it stayed full"
            + backlog().map(text -> ": " + text).orElse("")
            + "; raise buffer.memory, or look at the nodes that it waits for");
  }

  private Optional<String> backlog() throws InterruptedException {
    try {
      var known = sender.backlog(lanes()).get(BACKLOG_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(known.toString()).filter(text -> !text.isEmpty());
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    }
  }

  /**
   * The topic, with the partition that a record names if it is there: it may have been added since
   * metadata was asked for. Waits for {@code max.block.ms} at most.
   */
  private TopicLanes awaitTopic(String name, OptionalInt partition) {
    long started = loop.nanoTime();
    long blockNanos = config.maxBlock().toNanos();
    var known = Optional.ofNullable(topics.get(name));
    var topic = known.orElseGet(() -> await(name, router.topic(name, blockNanos)));
    long leftNanos = blockNanos - (loop.nanoTime() - started);
    if (!topic.lacks(partition) || leftNanos <= 0) {
      return topic;
    }
    return await(name, router.topicWith(name, partition.getAsInt(), leftNanos));
  }

  private TopicLanes await(String name, CompletableFuture<TopicView> answer) {
    identity.ifPresent(sender::identify); // beside the first metadata rather than after it
    try {
      var limit = config.maxBlock().plus(GRACE);
      return lanesOf(name, answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
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

  /** Another thread's, or new ones, of the newest view: that may be beyond the answer by now. */
  private TopicLanes lanesOf(String name, TopicView answer) {
    var lanes =
        topics.computeIfAbsent(
            name, same -> lanesOf(router.view().topic(name).orElse(answer), null));
    if (router.view().topic(name).filter(lanes.topic()::equals).isEmpty()) {
      loop.execute(this::onViewChanged); // it changed meanwhile, and may have passed them over
    }
    return lanes;
  }

  private static NaruException interrupted(String awaited) {
    Thread.currentThread().interrupt();
    return new NaruTimeoutException(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected " + awaited + ", but the thread was interrupted while it waited");
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
    var keys =
        present.isEmpty() ? new FrequentKeys(config.keyReporting(), dice) : present.get(0).keys();
    var lastSent = present.isEmpty() ? new LastSent() : present.get(0).lastSent();
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < count; i++) {
      lanes.add(i < present.size() ? present.get(i) : newLane(topic, i, keys, lastSent));
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

  private Lane newLane(TopicView topic, int partition, FrequentKeys keys, LastSent lastSent) {
    return new Lane(
        config,
        memory,
        sender.saturation(),
        keys,
        lastSent,
        new TopicPartition(topic.name(), partition),
        topic.id(),
        identity.map(Numbers::new));
  }
}
