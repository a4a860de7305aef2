package dev.naru.cli.perf;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.consumer.Consumer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads as fast as it can and measures it. */
public final class ReadRun {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final long recordsMax;

  /** Reads until so many records or the consumer's stop position, whichever comes first. */
  public ReadRun(Consumer<byte[], byte[]> consumer, String topic, long recordsMax) {
    this.consumer = consumer;
    this.topic = topic;
    this.recordsMax = recordsMax;
  }

  /** Runs to the end. */
  public ReadReport run() {
    long records = 0;
    long bytes = 0;
    long startNanos = System.nanoTime();
    while (records < recordsMax && !consumer.isAtStop()) {
      for (var read : consumer.poll(POLL)) {
        records++;
        bytes += bytesOf(read);
      }
    }
    double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    return new ReadReport(topic, records, bytes, seconds);
  }

  private static long bytesOf(ConsumerRecord<byte[], byte[]> read) {
    return Optional.ofNullable(read.value()).map(value -> value.length).orElse(0);
  }
}
