package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Reads records and prints them until there is a reason to stop. */
public final class Consumption {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int WRITE_BYTES = 64 << 10;
  private static final Duration FINISH_MAX = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final RecordFormat format;
  private final Stdout stdout;
  private final Notes notes;
  private final Limits limits;
  private final Afterwards afterwards;
  private final LongSupplier nanoTime;
  private final BooleanSupplier isAtEnd;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(WRITE_BYTES);
  private final CountDownLatch finished = new CountDownLatch(1);
  private long left;
  private boolean hasLost;
  private volatile boolean isStopped; // written by the thread of a signal, read by ours

  /**
   * Prints what this consumer, which stands at its start or is in a group, returns.
   *
   * @param isAtEnd whether there is nothing more to read; asked before each poll
   */
  public Consumption(
      Consumer<byte[], byte[]> consumer,
      RecordFormat format,
      Stdout stdout,
      Notes notes,
      Limits limits,
      Afterwards afterwards,
      LongSupplier nanoTime,
      BooleanSupplier isAtEnd) {
    this.consumer = consumer;
    this.format = format;
    this.stdout = stdout;
    this.notes = notes;
    this.limits = limits;
    this.afterwards = afterwards;
    this.nanoTime = nanoTime;
    this.isAtEnd = isAtEnd;
    this.left = limits.count().orElse(Long.MAX_VALUE);
  }

  /**
   * When to stop before the end.
   *
   * @param count records in all
   * @param silence longest wait for a record; then the command fails
   * @param isLossAllowed whether a declared loss in what is read is no failure
   */
  public record Limits(OptionalLong count, Optional<Duration> silence, boolean isLossAllowed) {}

  /** What becomes of records that are printed. */
  public enum Afterwards {
    /** Nothing. */
    NOTHING,
    /** The consumer's group goes on behind them. */
    COMMITTED
  }

  /** Prints until the first limit; fails at the end if records were lost on the way. */
  public void run() {
    try {
      readAll();
    } finally {
      finished.countDown();
    }
    if (hasLost && !limits.isLossAllowed()) {
      throw CommandFailure.of(
              ErrorCode.DATA_LOST, "Expected all records, but some are declared lost (see above)")
          .withHint("--allow-loss takes that for success");
    }
  }

  /** Makes {@link #run} end, and waits a little until what it has read is printed. Any thread. */
  public void stop() {
    isStopped = true;
    consumer.wakeup();
    try {
      if (!finished.await(FINISH_MAX.toSeconds(), TimeUnit.SECONDS)) {
        notes.note("some records that were read may not be printed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readAll() {
    long lastNanos = nanoTime.getAsLong();
    while (!isStopped && left > 0 && !isAtEnd.getAsBoolean()) {
      var records = poll(waitAfter(lastNanos));
      if (records.isEmpty()) {
        requireNotTooLate(lastNanos);
      } else {
        print(records);
        lastNanos = nanoTime.getAsLong();
      }
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    try {
      return consumer.poll(wait);
    } catch (DataLossException e) {
      hasLost = true;
      notes.warn(
          e.code().name(),
          "%s was cut: what was read from offset %d on is no longer part of it"
              .formatted(e.partition(), e.divergingEnd()));
      consumer.seek(e.partition(), e.divergingEnd());
      return List.of();
    }
  }

  private Duration waitAfter(long lastNanos) {
    var wait = limits.silence().map(limit -> limit.minusNanos(nanoTime.getAsLong() - lastNanos));
    return wait.filter(rest -> rest.compareTo(POLL) < 0)
        .map(rest -> rest.isNegative() ? Duration.ZERO : rest)
        .orElse(POLL);
  }

  private void requireNotTooLate(long lastNanos) {
    var limit = limits.silence();
    if (limit.isPresent() && nanoTime.getAsLong() - lastNanos >= limit.get().toNanos()) {
      throw CommandFailure.of(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected a record within %d ms, but none came".formatted(limit.get().toMillis()));
    }
  }

  private void print(List<ConsumerRecord<byte[], byte[]>> records) {
    int wanted = (int) Math.min(left, records.size());
    for (var read : records.subList(0, wanted)) {
      left--;
      format.append(read, pending);
      if (pending.size() >= WRITE_BYTES) {
        write();
      }
    }
    write();
    stdout.flush();
    if (afterwards == Afterwards.COMMITTED) {
      commit(records.subList(wanted, records.size()));
    }
  }

  /** What is printed, but not these. */
  private void commit(List<ConsumerRecord<byte[], byte[]>> unprinted) {
    var seen = new HashSet<TopicPartition>();
    for (var record : unprinted) {
      var partition = new TopicPartition(record.topic(), record.partition());
      if (seen.add(partition)) {
        consumer.putBack(partition, new OffsetAndMetadata(record.offset()));
      }
    }
    try {
      consumer.commit();
    } catch (NaruException e) {
      if (e.code() != ErrorCode.FENCED_MEMBER) {
        throw e;
      }
      notes.warn(
          e.code().name(),
          "the group has given the partitions to others: what was just printed is read once more by them");
    }
  }

  private void write() {
    stdout.write(pending.toByteArray());
    pending.reset();
  }
}
