package dev.naru.stories;

import dev.naru.chaos.load.Threads;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Reads what a {@link SteadyLoad} writes, at its end, and notes what came and how old it was. */
final class TailReader implements AutoCloseable {

  private static final int DIGITS = 3;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long AFTER_A_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final String name;
  private final Consumer<byte[], byte[]> consumer;
  private final Set<String> topics;
  private final int partitions;
  private final Recorder times = new Recorder(DIGITS);
  private final BitSet seen = new BitSet(); // guarded by itself
  private final LongAdder read = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder reordered = new LongAdder();
  private final Map<TopicPartition, Integer> last = new HashMap<>(); // the thread's own
  private final Thread thread;
  private volatile boolean isReady; // told by the thread
  private volatile boolean isEnding; // told to the thread

  private TailReader(
      String name, Consumer<byte[], byte[]> consumer, Set<String> topics, int partitions) {
    this.name = name;
    this.consumer = consumer;
    this.topics = Set.copyOf(topics);
    this.partitions = partitions;
    this.thread = Thread.ofPlatform().name("reading-" + name).start(this::readOn);
  }

  /** The only member of a group that subscribes to these topics, of so many partitions in all. */
  static TailReader ofGroup(NaruClient client, String group, Set<String> topics, int partitions) {
    var consumer =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .groupId(group)
            .autoOffsetReset(OffsetReset.EARLIEST)
            .build();
    consumer.subscribe(new TreeSet<>(topics));
    return new TailReader(group, consumer, topics, partitions);
  }

  /** Belongs to no group, and begins where these partitions of one topic end now. */
  static TailReader ofEnd(NaruClient client, List<TopicPartition> partitions) {
    var consumer = client.consumer(Codec.bytes(), Codec.bytes()).build();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions.toArray(TopicPartition[]::new));
    partitions.forEach(consumer::position); // looks where that is, now and not with the first poll
    return new TailReader(
        "tail", consumer, Set.of(partitions.getFirst().topic()), partitions.size());
  }

  private void readOn() {
    while (!isEnding) {
      try {
        var records = consumer.poll(POLL);
        long nowNanos = System.nanoTime();
        records.forEach(each -> take(each, nowNanos));
        read.add(records.size());
        isReady = isReady || consumer.assignment().size() == partitions;
      } catch (NaruException e) {
        System.out.printf("%s is told %s%n", this, e.code());
        LockSupport.parkNanos(AFTER_A_FAILURE_NANOS);
      }
    }
    consumer.close();
  }

  private void take(ConsumerRecord<byte[], byte[]> each, long nowNanos) {
    var value = each.value();
    if (value == null) {
      throw new AssertionError("Expected a value, but " + each + " has none");
    }
    times.recordValue(nowNanos - SteadyLoad.dueNanosOf(value));
    int number = Math.toIntExact(SteadyLoad.numberOf(value));
    synchronized (seen) {
      if (seen.get(number)) {
        duplicates.increment();
      }
      seen.set(number);
    }
    var before = last.put(new TopicPartition(each.topic(), each.partition()), number);
    if (before != null && before > number) {
      reordered.increment();
    }
  }

  /** Whether it has all its partitions. */
  boolean isReady() {
    return isReady;
  }

  /** What it reads. */
  Set<String> topics() {
    return topics;
  }

  /** Records that it has had. */
  long read() {
    return read.sum();
  }

  /** Those of them that it had had before. */
  long duplicates() {
    return duplicates.sum();
  }

  /** Records that came behind one of the same partition that was sent after them. */
  long reordered() {
    return reordered.sum();
  }

  /** The numbers of records that it has had. */
  BitSet seen() {
    synchronized (seen) {
      return (BitSet) seen.clone();
    }
  }

  /** Nanoseconds from when records were due until a poll returned them, since this was asked. */
  Histogram times() {
    return times.getIntervalHistogram();
  }

  @Override
  public String toString() {
    return "reader " + name;
  }

  @Override
  public void close() {
    isEnding = true;
    Threads.join(thread);
  }
}
