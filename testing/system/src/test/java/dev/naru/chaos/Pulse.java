package dev.naru.chaos;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.producer.Producer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends at a steady pace until it is closed, so that a gap is the cluster's and not its own. */
final class Pulse implements AutoCloseable {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Thread thread;
  private volatile AckGap gap = new AckGap(); // told by the client's threads, taken by the watcher
  private volatile boolean isClosed; // written by who closes, read by the thread

  private Pulse(NaruClient client, String topic) {
    this.topic = topic;
    this.producer = client.producer(Codec.bytes(), Codec.bytes()).build();
    this.thread = Thread.ofPlatform().name("pulse").start(this::send);
  }

  /** Sends to this topic, which has one partition. */
  static Pulse of(NaruClient client, String topic) {
    return new Pulse(client, topic);
  }

  /** What is acknowledged from now on. */
  AckGap watch() {
    var fresh = new AckGap();
    fresh.expectFrom(System.nanoTime());
    gap = fresh;
    return fresh;
  }

  private void send() {
    long next = System.nanoTime();
    while (!isClosed) {
      var _ =
          producer
              .send(ProducerRecord.of(topic, new byte[100]))
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  gap.acknowledged(System.nanoTime());
                } else {
                  gap.failed();
                }
              });
      next += EVERY_NANOS;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      if (!thread.join(END_LIMIT)) {
        throw new AssertionError("Expected the pulse to end, but it goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the pulse ends", e);
    }
    producer.close();
  }
}
