package dev.naru.chaos.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** How the clients of a run are doing, all together. Any thread may ask and tell. */
public final class Progress {

  private static final int MESSAGES_MAX = 50;

  private final Map<String, Long> failures = new TreeMap<>();
  private final long[] byPartition;
  private long acknowledged;
  private long failed;
  private long read;
  private long lastNanos = System.nanoTime();
  private long longestGapNanos;

  /** Nothing yet, of a topic with so many partitions. */
  public Progress(int partitions) {
    this.byPartition = new long[partitions];
  }

  synchronized void acknowledged(int partition, long nowNanos) {
    acknowledged++;
    byPartition[partition]++;
    longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
    lastNanos = Math.max(lastNanos, nowNanos);
  }

  synchronized void failed(String why) {
    failed++;
    complain("send: " + why);
  }

  /** Something that a client was told and that is no answer of its own. */
  synchronized void complain(String what) {
    if (failures.containsKey(what) || failures.size() < MESSAGES_MAX) {
      failures.merge(what, 1L, Long::sum);
    }
  }

  synchronized void read(long records) {
    read += records;
  }

  /** Records acknowledged so far. */
  public synchronized long acknowledged() {
    return acknowledged;
  }

  /** The same by partition. */
  public synchronized List<Long> byPartition() {
    return LongStream.of(byPartition).boxed().toList();
  }

  /** Records whose producer gave up. */
  public synchronized long failed() {
    return failed;
  }

  /** Records that readers were given so far. */
  public synchronized long read() {
    return read;
  }

  /** The longest time without an acknowledgement. */
  public synchronized long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }

  /** What clients were told, and how often. */
  public synchronized Map<String, Long> failures() {
    return new TreeMap<>(failures);
  }
}
