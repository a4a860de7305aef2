package dev.naru.cli.perf;

import dev.naru.cli.output.Notes;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.consumer.Consumer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads as fast as it can and measures it. Without a place to stop it goes on at the tail. */
public final class ReadRun {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final long recordsMax;
  private final Notes notes;
  private final LongSupplier nanoTime;
  private long records;
  private long bytes;
  private ReadReport lastProgress;
  private long lastProgressNanos;

  /** Reads until so many records or the consumer's stop position, whichever comes first. */
  public ReadRun(
      Consumer<byte[], byte[]> consumer,
      String topic,
      long recordsMax,
      Notes notes,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.topic = topic;
    this.recordsMax = recordsMax;
    this.notes = notes;
    this.nanoTime = nanoTime;
    this.lastProgress = new ReadReport(topic, 0, 0, 0);
  }

  /** Runs to the end. */
  public ReadReport run() {
    long startNanos = nanoTime.getAsLong();
    lastProgressNanos = startNanos;
    while (records < recordsMax && !consumer.isAtStop()) {
      for (var read : consumer.poll(POLL)) {
        records++;
        bytes += bytesOf(read);
      }
      tellProgress();
    }
    return soFar(nanoTime.getAsLong() - startNanos);
  }

  private void tellProgress() {
    long nanos = nanoTime.getAsLong() - lastProgressNanos;
    if (nanos >= PROGRESS_NANOS) {
      var now = soFar(nanos);
      var recent =
          new ReadReport(
              topic, records - lastProgress.records(), bytes - lastProgress.bytes(), now.seconds());
      notes.note(recent.rate());
      lastProgress = now;
      lastProgressNanos += nanos;
    }
  }

  private ReadReport soFar(long nanos) {
    double seconds = Math.max(1, nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    return new ReadReport(topic, records, bytes, seconds);
  }

  private static long bytesOf(ConsumerRecord<byte[], byte[]> read) {
    return Optional.ofNullable(read.value()).map(value -> value.length).orElse(0);
  }
}
