package dev.naru.stories;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.producer.Producer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Records with keys at a steady pace, four of five with the same one until that is dropped. */
final class KeyedTraffic implements AutoCloseable {

  /** The key of four records of five, until it is dropped. */
  static final String KEY = "a";

  private static final int OTHER_KEYS = 10_000;
  private static final int VALUE_BYTES = 100;
  private static final int TURNS_A_SECOND = 100;
  private static final int FIFTHS = 5;
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(30);
  private static final Duration JOIN_MAX = Duration.ofSeconds(30);

  private final Producer<String, byte[]> producer;
  private final String topic;
  private final int rate;
  private final Thread thread;
  private final AtomicInteger partitionOfTheKey = new AtomicInteger(-1);
  private final LongAdder acknowledged = new LongAdder();
  private final long beganNanos = System.nanoTime();
  private volatile boolean isDropped; // told by the story, read by the thread
  private volatile boolean isClosed; // the same

  private KeyedTraffic(NaruClient client, String topic, int rate) {
    this.producer = client.producer(Codec.utf8(), Codec.bytes()).build();
    this.topic = topic;
    this.rate = rate;
    this.thread = Thread.ofPlatform().name("keyed-traffic").start(this::write);
  }

  static KeyedTraffic begin(NaruClient client, String topic, int rate) {
    return new KeyedTraffic(client, topic, rate);
  }

  /** From now on all records have the other keys, which are even. */
  void dropTheKey() {
    isDropped = true;
  }

  /** Where the key's records are; -1 before one is acknowledged. */
  int partitionOfTheKey() {
    return partitionOfTheKey.get();
  }

  /** Records acknowledged in a second, on average. */
  long perSecond() {
    return acknowledged.sum()
        / Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos));
  }

  private void write() {
    long next = System.nanoTime();
    for (int number = 0; !isClosed; ) {
      for (int i = 0; i < rate / TURNS_A_SECOND; i++, number++) {
        send(number);
      }
      // After a longer halt the rest is left out.
      next = Math.max(next, System.nanoTime() - CATCH_UP_MAX.toNanos());
      next += TimeUnit.SECONDS.toNanos(1) / TURNS_A_SECOND;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private void send(int number) {
    boolean isTheKey = !isDropped && number % FIFTHS != 0;
    var key = isTheKey ? KEY : "key " + number % OTHER_KEYS;
    producer.send(
        ProducerRecord.of(topic, key, new byte[VALUE_BYTES]),
        (ack, failure) -> {
          if (failure == null && ack != null) {
            acknowledged.increment();
            if (isTheKey) {
              partitionOfTheKey.set(ack.partition());
            }
          }
        });
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      if (!thread.join(JOIN_MAX)) {
        throw new AssertionError("Expected the traffic to end, but it goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the traffic ends", e);
    }
    producer.close();
  }
}
