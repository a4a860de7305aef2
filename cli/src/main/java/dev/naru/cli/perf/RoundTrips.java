package dev.naru.cli.perf;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One record at a time: sends it, waits for its acknowledgement and then for the consumer to return
 * it, as Kafka's {@code EndToEndLatency} does.
 */
public final class RoundTrips {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration RETURN_MAX = Duration.ofSeconds(60);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final Notes notes;
  private final LongSupplier nanoTime;
  private final Tally tally = new Tally();
  private final Tally.Share trips = tally.share();

  /** The consumer is at the end of the topic, and nobody else writes to it. */
  public RoundTrips(
      String topic,
      Producer<byte[], byte[]> producer,
      Consumer<byte[], byte[]> consumer,
      Notes notes,
      LongSupplier nanoTime) {
    this.topic = topic;
    this.producer = producer;
    this.consumer = consumer;
    this.notes = notes;
    this.nanoTime = nanoTime;
  }

  /** Sends so many of so many bytes, after some that do not count. */
  public RoundTripReport run(long uncounted, long counted, int recordBytes) {
    byte[][] values = Payloads.random(recordBytes);
    for (long i = 0; i < uncounted; i++) {
      trip(values[(int) (i % values.length)]);
    }
    long startNanos = nanoTime.getAsLong();
    long lastProgressNanos = startNanos;
    for (long i = 0; i < counted; i++) {
      long sentNanos = nanoTime.getAsLong();
      trip(values[(int) (i % values.length)]);
      long nowNanos = nanoTime.getAsLong();
      trips.took(sentNanos, nowNanos);
      if (nowNanos - lastProgressNanos >= PROGRESS_NANOS) {
        notes.note("%,d of %,d, %s".formatted(i + 1, counted, tally.sinceLastTime().brief()));
        lastProgressNanos = nowNanos;
      }
    }
    trips.enterAll();
    return RoundTripReport.of(topic, tally.all(), nanoTime.getAsLong() - startNanos);
  }

  private void trip(byte[] value) {
    var ack = producer.send(ProducerRecord.of(topic, null, value)).join();
    long deadline = nanoTime.getAsLong() + RETURN_MAX.toNanos();
    while (nanoTime.getAsLong() - deadline < 0) {
      var read = consumer.poll(POLL);
      if (!read.isEmpty()) {
        if (read.size() > 1 || !isSame(read.getFirst(), ack)) {
          throw CommandFailure.precondition(
                  ErrorCode.INVALID_REQUEST,
                  "Expected only the record that was sent, but another one came")
              .withHint("give it a topic that nobody else writes to, and acks other than 0");
        }
        return;
      }
    }
    throw CommandFailure.of(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected the record that was sent within %d s, but it did not come"
            .formatted(RETURN_MAX.toSeconds()));
  }

  private static boolean isSame(ConsumerRecord<byte[], byte[]> read, RecordAck ack) {
    return ack.hasOffset() && read.partition() == ack.partition() && read.offset() == ack.offset();
  }
}
