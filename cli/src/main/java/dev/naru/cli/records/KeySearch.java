package dev.naru.cli.records;

import dev.naru.cli.output.HotKeyNames;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.record.Murmur2;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Finds keys by their hashes in the newest records of their partitions: a key that many records
 * have is among them. Reads as the one who asks, with his rights.
 */
public final class KeySearch {

  /** Records before the end; first few, then, if something was not found, what lies before. */
  private static final long[] WINDOWS = {1_000, 10_000};

  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration limit;
  private final LongSupplier nanoClock;

  /**
   * Reads through this consumer, which is given partitions.
   *
   * @param limit of the time for all of it; what was not found by then has no name
   */
  public KeySearch(Consumer<byte[], byte[]> consumer, Duration limit, LongSupplier nanoClock) {
    this.consumer = consumer;
    this.limit = limit;
    this.nanoClock = nanoClock;
  }

  /** Looks for these hashes in each partition. */
  public HotKeyNames find(Map<TopicPartition, Set<Long>> hashes) {
    var names = HotKeyNames.none();
    var missing = new TreeMap<TopicPartition, Set<Long>>();
    hashes.forEach((partition, some) -> missing.put(partition, new TreeSet<>(some)));
    long deadline = nanoClock.getAsLong() + limit.toNanos();
    var starts = consumer.beginningOffsets(missing.keySet());
    var ends = consumer.endOffsets(missing.keySet());
    long looked = 0;
    for (long window : WINDOWS) {
      var ranges = new TreeMap<TopicPartition, Range>();
      for (var partition : missing.keySet()) {
        long start = starts.getOrDefault(partition, 0L);
        long end = ends.getOrDefault(partition, 0L);
        var range = new Range(Math.max(start, end - window), end - looked);
        if (range.from < range.to) {
          ranges.put(partition, range);
        }
      }
      if (!ranges.isEmpty()) {
        read(ranges, missing, names, deadline);
      }
      looked = window;
    }
    return names;
  }

  private record Range(long from, long to) {}

  private void read(
      Map<TopicPartition, Range> ranges,
      Map<TopicPartition, Set<Long>> missing,
      HotKeyNames names,
      long deadline) {
    consumer.assign(ranges.keySet());
    ranges.forEach((partition, range) -> {
      consumer.seek(partition, range.from);
      consumer.readUntil(partition, Position.offset(range.to));
    });
    while (!missing.isEmpty() && !consumer.isAtStop() && nanoClock.getAsLong() - deadline < 0) {
      for (var record : consumer.poll(POLL)) {
        var key = record.key();
        if (key != null) {
          look(new TopicPartition(record.topic(), record.partition()), key, missing, names);
        }
      }
    }
  }

  private static void look(
      TopicPartition partition,
      byte[] key,
      Map<TopicPartition, Set<Long>> missing,
      HotKeyNames names) {
    var hashes = missing.get(partition);
    long hash = Murmur2.hash64(key);
    if (hashes != null && hashes.remove(hash)) {
      names.found(partition, hash, ByteBuffer.wrap(key.clone()).asReadOnlyBuffer());
      if (hashes.isEmpty()) {
        missing.remove(partition);
      }
    }
  }
}
