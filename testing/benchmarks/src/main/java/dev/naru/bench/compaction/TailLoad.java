package dev.naru.bench.compaction;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A producer at a steady rate and a consumer at the end of its log, each on a thread of its own.
 * All times count from when a record should have been sent.
 */
final class TailLoad implements AutoCloseable {

  static final int PER_SECOND = 2_000;

  private static final int RECORD_BYTES = 1024;
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LAST_MAX = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final long startNanos;
  private final AtomicLongArray acked; // nanos after a record was due; 0 before that
  private final AtomicLongArray read; // the same
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isEnding; // told to the threads

  private TailLoad(NaruClient client, String topic, Duration most) {
    int recordsMax = Math.toIntExact(most.toSeconds() * PER_SECOND);
    this.topic = topic;
    this.acked = new AtomicLongArray(recordsMax);
    this.read = new AtomicLongArray(recordsMax);
    this.producer = client.producer(Codec.bytes(), Codec.bytes()).build();
    this.consumer = client.consumer(Codec.bytes(), Codec.bytes()).build();
    consumer.assign(List.of(new TopicPartition(topic, 0)));
    consumer.seekToBeginning(new TopicPartition(topic, 0));
    this.startNanos = System.nanoTime();
  }

  /** Starts both, for no longer than this. */
  static TailLoad start(NaruClient client, String topic, Duration most) {
    var load = new TailLoad(client, topic, most);
    load.threads.add(Thread.ofPlatform().name("tail-sending").start(load::send));
    load.threads.add(Thread.ofPlatform().name("tail-reading").start(load::read));
    return load;
  }

  private void send() {
    for (int i = 0; i < acked.length() && !isEnding; i++) {
      int number = i;
      long dueNanos = due(number);
      for (long left = dueNanos - System.nanoTime();
          left > 0;
          left = dueNanos - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      var value = new byte[RECORD_BYTES];
      ByteBuffer.wrap(value).putInt(0, number);
      producer.send(
          ProducerRecord.of(topic, null, value),
          (ack, failure) -> {
            if (failure == null) {
              acked.set(number, System.nanoTime() - dueNanos);
            }
          });
    }
  }

  private void read() {
    while (!isEnding) {
      for (var each : consumer.poll(POLL)) {
        byte[] value = each.value();
        if (value != null) {
          int number = ByteBuffer.wrap(value).getInt(0);
          read.set(number, System.nanoTime() - due(number));
        }
      }
    }
  }

  private long due(int number) {
    return startNanos + number * STEP_NANOS;
  }

  /** The number of the record that is due then. */
  private int numberAt(long nanos) {
    return Math.clamp((nanos - startNanos) / STEP_NANOS, 0, acked.length() - 1);
  }

  /** What became of the records that were due between two readings of the clock, all past. */
  Latencies between(long fromNanos, long toNanos) {
    int from = numberAt(fromNanos);
    int to = numberAt(toNanos);
    long deadline = System.nanoTime() + LAST_MAX.toNanos();
    while (from < to && read.get(to - 1) == 0 && System.nanoTime() - deadline < 0) {
      Work.pause(1);
    }
    return Latencies.of(from, to, acked, read);
  }

  @Override
  public void close() {
    isEnding = true;
    try {
      for (Thread each : threads) {
        each.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait, but was interrupted", e);
    }
    consumer.close();
    producer.close();
  }
}
