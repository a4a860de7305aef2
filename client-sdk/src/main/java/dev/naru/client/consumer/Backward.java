package dev.naru.client.consumer;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads one partition from its end to its start, the newest record first: as it was when it was
 * first asked. Logs are read forward; so a stretch before what was read is fetched forward and
 * handed out backward. How long the next stretch is depends on how many records the last one had:
 * where few are left after compaction it becomes longer.
 *
 * <p>Belongs to one thread at a time.
 */
public final class Backward<K, V> implements AutoCloseable {

  /** So many offsets without a record cost a few fetches, and no more than that. */
  private static final long STRETCH_MAX = 1L << 20;

  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<K, V> consumer;
  private final TopicPartition partition;
  private final Duration limit;
  private final LongSupplier nanoTime;
  private Optional<Left> left = Optional.empty(); // empty before it is first asked
  private long stretch = 1;

  /**
   * Reads by a consumer of its own, which goes on at the start of the log when that has moved.
   *
   * @param limit how long it waits for the next record, or for the end of a stretch
   */
  public Backward(
      Consumer<K, V> consumer, TopicPartition partition, Duration limit, LongSupplier nanoTime) {
    this.consumer = consumer;
    this.partition = partition;
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /** What is still to be read: offsets {@code [start, end)}. */
  private record Left(long start, long end) {}

  /**
   * The next records, at least one and at most so many, by falling offsets; none when the start of
   * the log is reached. Asks the cluster.
   *
   * @throws NaruTimeoutException if nothing comes within {@code request.timeout.ms}
   * @throws dev.naru.client.NaruException as {@link Consumer#poll} does
   */
  public List<ConsumerRecord<K, V>> next(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("Expected to read at least one record, but was " + most);
    }
    var now = left.orElseGet(this::begin);
    stretch = Math.max(stretch, Math.min(most, STRETCH_MAX));
    while (now.end > now.start) {
      long from = Math.max(now.start, now.end - stretch);
      var read = read(from, now.end, most);
      now = new Left(now.start, read.from);
      left = Optional.of(now);
      if (read.hasMore) {
        stretch = Math.max(stretch / 2, 1);
      } else if (read.records.size() <= most / 2) {
        stretch = Math.min(stretch * 2, STRETCH_MAX);
      }
      if (!read.records.isEmpty()) {
        return read.records;
      }
    }
    return List.of();
  }

  private Left begin() {
    consumer.assign(partition);
    long start = at(consumer.beginningOffsets(List.of(partition)));
    return new Left(start, at(consumer.endOffsets(List.of(partition))));
  }

  private long at(Map<TopicPartition, Long> offsets) {
    return Optional.ofNullable(offsets.get(partition)).orElseThrow();
  }

  /** The newest of a stretch, so many; what is older is read again with the next one. */
  private Stretch<K, V> read(long from, long end, int most) {
    consumer.seek(partition, from);
    consumer.readUntil(partition, Position.offset(end));
    var newest = new ArrayDeque<ConsumerRecord<K, V>>();
    boolean hasMore = false;
    long deadline = nanoTime.getAsLong() + limit.toNanos();
    while (!consumer.isAtStop()) {
      var records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deadline = nanoTime.getAsLong() + limit.toNanos();
      } else if (nanoTime.getAsLong() - deadline > 0) {
        throw new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected records of " + partition + " up to " + end + ", but none came in time");
      }
      for (var record : records) {
        newest.addFirst(record);
        if (newest.size() > most) {
          newest.removeLast();
          hasMore = true;
        }
      }
    }
    long next = hasMore ? newest.getLast().offset() : from;
    return new Stretch<>(new ArrayList<>(newest), next, hasMore);
  }

  /**
   * What was read.
   *
   * @param from all from here on was handed out
   * @param hasMore whether there was more in the stretch
   */
  private record Stretch<K, V>(List<ConsumerRecord<K, V>> records, long from, boolean hasMore) {}

  /** Ends reading. */
  @Override
  public void close() {
    consumer.close();
  }
}
