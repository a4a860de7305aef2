package dev.naru.chaos.load;

import static java.util.Objects.requireNonNull;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.PartitionName;
import dev.naru.testing.history.Payload;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One reader of all partitions, from their beginning on. */
final class Reading implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long AFTER_A_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Workload workload;
  private final NaruClient client;
  private final Recorder recorder;
  private final Progress progress;
  private final boolean toTheEnd;
  private final Thread thread;
  private volatile boolean isClosed; // written by who closes, read by the thread

  private Reading(
      String name,
      Workload workload,
      NaruClient client,
      Recorder recorder,
      Progress progress,
      boolean toTheEnd) {
    this.workload = workload;
    this.client = client;
    this.recorder = recorder;
    this.progress = progress;
    this.toTheEnd = toTheEnd;
    this.thread = Thread.ofPlatform().name(name).start(this::read);
  }

  /** Reads what there is and what comes, until it is closed. */
  static Reading endless(
      String name, Workload workload, NaruClient client, Recorder recorder, Progress progress) {
    return new Reading(name, workload, client, recorder, progress, false);
  }

  /** Reads what there is now; returns when it has been read. */
  static void untilNow(
      String name, Workload workload, NaruClient client, Recorder recorder, Progress progress) {
    var reading = new Reading(name, workload, client, recorder, progress, true);
    Threads.join(reading.thread);
    recorder.close();
  }

  private void read() {
    var settings =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .autoOffsetReset(OffsetReset.NONE)
            .maxPollRecords(5000);
    try (var consumer = settings.build()) {
      begin(consumer);
      while (!isClosed && !(toTheEnd && consumer.isAtStop())) {
        readOnce(consumer);
      }
    }
  }

  private void begin(Consumer<byte[], byte[]> consumer) {
    var partitions = workload.allPartitions();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions.toArray(TopicPartition[]::new));
    for (var partition : partitions) {
      recorder.record(new Positioned(System.nanoTime(), name(partition), OptionalLong.empty()));
    }
    if (toTheEnd) {
      consumer.readUntil(Position.end());
    }
  }

  private void readOnce(Consumer<byte[], byte[]> consumer) {
    try {
      var records = consumer.poll(POLL);
      records.forEach(this::polled);
      progress.read(records.size());
    } catch (DataLossException lost) {
      progress.complain("read: " + lost.code());
      consumer.seek(lost.partition(), lost.divergingEnd());
      recorder.record(
          new Positioned(
              System.nanoTime(), name(lost.partition()), OptionalLong.of(lost.divergingEnd())));
    } catch (NaruException e) {
      progress.complain("read: " + e.code());
      LockSupport.parkNanos(AFTER_A_FAILURE_NANOS);
    }
  }

  private void polled(ConsumerRecord<byte[], byte[]> rec) {
    recorder.record(
        new Polled(
            System.nanoTime(),
            new PartitionName(rec.topic(), rec.partition()),
            rec.offset(),
            rec.leaderEpoch(),
            Payload.read(requireNonNull(rec.value()))));
  }

  private static PartitionName name(TopicPartition partition) {
    return new PartitionName(partition.topic(), partition.partition());
  }

  @Override
  public void close() {
    isClosed = true;
    Threads.join(thread);
    recorder.close();
  }
}
