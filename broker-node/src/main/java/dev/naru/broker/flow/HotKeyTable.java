package dev.naru.broker.flow;

import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which keys are frequent in the partitions that are led here, from what producers tell of the keys
 * they use. What was told counts half as much a minute later, and when nobody tells anything for a
 * minute, nothing is known any more.
 *
 * <p>A share is of all that came in for the partition, as far as that is known, so that one
 * producer which tells of its few records does not make their key look hot. Owned by one thread at
 * a time. It holds at most {@value #PARTITIONS_MAX} partitions, of each some KiB.
 */
public final class HotKeyTable {

  /** Those that were told of last. */
  static final int PARTITIONS_MAX = 10_000;

  /** Of one partition; one that has more often come takes the place of the least frequent. */
  static final int KEYS_MAX = 32;

  /** As many are shown: who looks for what is hot needs no more. */
  static final int SHOWN_MAX = 8;

  /** What is less is not hot, and may be an accident of the sample. */
  private static final double SHARE_MIN = 0.01;

  private static final double HALF_LIFE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long SILENCE_MAX_NANOS = Duration.ofMinutes(1).toNanos();

  /** In the order in which they were last told of. */
  private final LinkedHashMap<PartitionId, Counted> partitions =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * How often a producer has used a key.
   *
   * @param key its first bytes, if they may be shown
   * @param sure records that have it for certain
   */
  public record KeyCount(long hash, Optional<ByteBuffer> key, long sure) {}

  /**
   * A producer tells what it has used since it told last.
   *
   * @param records all that it has sent to the partition meanwhile
   * @param taken all that has ever come in here, by any producer, if that is counted
   */
  public void report(
      PartitionId partition, long nowNanos, long records, OptionalLong taken, List<KeyCount> keys) {
    var counted = partitions.get(partition);
    if (counted == null) {
      counted = new Counted(nowNanos);
      partitions.put(partition, counted);
      if (partitions.size() > PARTITIONS_MAX) {
        partitions.pollFirstEntry();
      }
    }
    counted.add(nowNanos, records, taken, keys);
  }

  /** The most frequent first. */
  public List<HotKey> of(PartitionId partition, long nowNanos) {
    var counted = partitions.get(partition);
    return counted == null || nowNanos - counted.toldNanos > SILENCE_MAX_NANOS
        ? List.of()
        : counted.hot();
  }

  int partitions() {
    return partitions.size();
  }

  /** Of one partition; all counts are those of the time at which it was last told of. */
  private static final class Counted {

    private final TreeMap<Long, Frequent> keys = new TreeMap<>();
    private double told;
    private double came;
    private OptionalLong lastTaken = OptionalLong.empty();
    private long toldNanos;

    private record Frequent(Optional<ByteBuffer> key, double count) {}

    Counted(long nowNanos) {
      this.toldNanos = nowNanos;
    }

    void add(long nowNanos, long records, OptionalLong taken, List<KeyCount> counts) {
      fade(Math.max(0, nowNanos - toldNanos));
      toldNanos = nowNanos;
      told += records;
      if (taken.isPresent()) {
        // A counter that has fallen is another one: the partition was opened anew.
        came += Math.max(0, taken.getAsLong() - lastTaken.orElse(taken.getAsLong()));
      }
      lastTaken = taken;
      for (var count : counts) {
        if (count.sure > 0) {
          add(count);
        }
      }
    }

    private void fade(long nanos) {
      double part = Math.pow(0.5, nanos / HALF_LIFE_NANOS);
      told *= part;
      came *= part;
      keys.replaceAll((hash, known) -> new Frequent(known.key, known.count * part));
      keys.values().removeIf(known -> known.count < 1);
    }

    private void add(KeyCount count) {
      var known = keys.get(count.hash);
      if (known == null && keys.size() >= KEYS_MAX) {
        var least =
            keys.entrySet().stream()
                .min(Comparator.comparingDouble(entry -> entry.getValue().count))
                .orElseThrow();
        if (least.getValue().count >= count.sure) {
          return;
        }
        keys.remove(least.getKey());
      }
      var key = count.key.or(() -> Optional.ofNullable(known).flatMap(Frequent::key));
      keys.put(count.hash, new Frequent(key, count.sure + (known == null ? 0 : known.count)));
    }

    List<HotKey> hot() {
      double all = Math.max(told, came);
      var hot = new ArrayList<HotKey>();
      keys.forEach((hash, known) -> {
        double share = all > 0 ? Math.min(1, known.count / all) : 0;
        if (share >= SHARE_MIN) {
          hot.add(new HotKey(hash, known.key, share));
        }
      });
      hot.sort(Comparator.comparingDouble(HotKey::share).reversed());
      return List.copyOf(hot.subList(0, Math.min(hot.size(), SHOWN_MAX)));
    }
  }
}
