package dev.naru.stories;

import dev.naru.chaos.host.Wait;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Records with keys, numbered for each key, at a steady pace; and one member of a group that reads
 * them from the latest on, and remembers what it has read of whom.
 */
final class NumberedKeys implements AutoCloseable {

  private static final int KEYS = 97;
  private static final int PER_SECOND = 200;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final NaruClient client;
  private final String topic;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> read = ConcurrentHashMap.newKeySet();
  private final Set<Integer> writtenTo = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger outOfOrder = new AtomicInteger();
  private final AtomicInteger assigned = new AtomicInteger();
  private final Thread reader;
  private final Thread writer;
  private volatile boolean isWriting = true; // told by the story, read by the thread
  private volatile boolean isReading = true; // the same

  private NumberedKeys(NaruClient client, String topic, String group) {
    this.client = client;
    this.topic = topic;
    this.writer = Thread.ofPlatform().name("numbered-writer").unstarted(this::writeAll);
    this.reader = Thread.ofPlatform().name("numbered-reader").start(() -> readAll(group));
  }

  /** Begins to write once the group has all partitions that there are. */
  static NumberedKeys begin(NaruClient client, String topic, String group, int partitions) {
    var keys = new NumberedKeys(client, topic, group);
    if (!Wait.comes(LIMIT, () -> keys.assigned.get() == partitions)) {
      keys.isReading = false;
      throw new AssertionError(
          "Expected %d partitions, but the group has %d"
              .formatted(partitions, keys.assigned.get()));
    }
    keys.writer.start();
    return keys;
  }

  /** Partitions to which a record was acknowledged. */
  Set<Integer> writtenTo() {
    return new TreeSet<>(writtenTo);
  }

  int acknowledged() {
    return acknowledged.size();
  }

  int failed() {
    return failed.get();
  }

  /** Records that came after one of their key and partition with a greater number. */
  int outOfOrder() {
    return outOfOrder.get();
  }

  /** Acknowledged records that the group has not been given. */
  int missed() {
    return (int) acknowledged.stream().filter(record -> !read.contains(record)).count();
  }

  /** Writes no more, and returns when all is acknowledged or has failed. */
  void stopWriting() {
    isWriting = false;
    join(writer);
  }

  private void writeAll() {
    try (Producer<String, String> producer = client.producer(Codec.utf8(), Codec.utf8()).build()) {
      long next = System.nanoTime();
      for (int number = 0; isWriting; number++) {
        var key = "key-" + number % KEYS;
        var value = Integer.toString(number / KEYS);
        producer.send(
            ProducerRecord.of(topic, key, value),
            (ack, failure) -> {
              if (failure != null || ack == null) {
                failed.incrementAndGet();
              } else {
                acknowledged.add(key + "/" + value);
                writtenTo.add(ack.partition());
              }
            });
        next += TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        while (System.nanoTime() < next) {
          LockSupport.parkNanos(next - System.nanoTime());
        }
      }
      producer.flush();
    }
  }

  private void readAll(String group) {
    Map<String, Integer> last = new TreeMap<>();
    try (Consumer<String, String> consumer =
        client.consumer(Codec.utf8(), Codec.utf8()).groupId(group).build()) {
      consumer.subscribe(topic);
      while (isReading) {
        for (var rec : consumer.poll(POLL)) {
          int number = Integer.parseInt(String.valueOf(rec.value()));
          var before = last.put(rec.key() + "@" + rec.partition(), number);
          if (before != null && before >= number) {
            outOfOrder.incrementAndGet();
          }
          read.add(rec.key() + "/" + number);
        }
        assigned.set(consumer.assignment().size());
      }
    }
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(LIMIT)) {
        throw new AssertionError("Expected " + thread.getName() + " to end, but it goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while " + thread.getName() + " ends", e);
    }
  }

  @Override
  public void close() {
    if (isWriting) {
      stopWriting();
    }
    isReading = false;
    join(reader);
  }
}
