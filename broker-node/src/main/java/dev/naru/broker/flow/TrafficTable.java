package dev.naru.broker.flow;

import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * How much comes in for each partition that this node leads, from counters that are looked at every
 * few seconds. A partition that is not led any more is forgotten, and begins anew when it is led
 * again: what came in meanwhile came to another node. So does one whose counter has fallen, because
 * it is another counter.
 *
 * <p>Owned by whoever looks at the counters. It holds half a KiB for each led partition.
 */
public final class TrafficTable {

  /** How often the counters are to be looked at. */
  public static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long HALF_MINUTE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long FIVE_MINUTES_NANOS = Duration.ofMinutes(5).toNanos();
  private static final long COARSE_INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

  private TreeMap<PartitionId, Counted> counted = new TreeMap<>();

  /**
   * What a partition's counter says.
   *
   * @param bytes that producers have sent, since the partition was opened
   * @param records that they have sent
   */
  public record Sample(PartitionId id, long bytes, long records) {}

  /** The loads of these, which are all that are led now: by bytes of a minute, the most first. */
  public List<PartitionLoad> look(long nowNanos, List<Sample> led) {
    var before = counted;
    counted = new TreeMap<>();
    var loads = new ArrayList<PartitionLoad>(led.size());
    for (var sample : led) {
      var known = before.get(sample.id);
      var counting = known == null || known.bytes > sample.bytes ? new Counted() : known;
      counted.put(sample.id, counting);
      loads.add(counting.look(nowNanos, sample));
    }
    loads.sort(
        Comparator.comparingDouble((PartitionLoad load) -> load.minute().bytes())
            .reversed()
            .thenComparing(PartitionLoad::id));
    return List.copyOf(loads);
  }

  /** Of one partition. */
  private static final class Counted {

    private final RateWindow fine =
        new RateWindow((int) (MINUTE_NANOS / INTERVAL_NANOS), INTERVAL_NANOS);
    private final RateWindow coarse =
        new RateWindow((int) (FIVE_MINUTES_NANOS / COARSE_INTERVAL_NANOS), COARSE_INTERVAL_NANOS);
    private long bytes;

    PartitionLoad look(long nowNanos, Sample sample) {
      bytes = sample.bytes;
      var load =
          new PartitionLoad(
              sample.id,
              fine.rate(HALF_MINUTE_NANOS, nowNanos, sample.bytes, sample.records),
              fine.rate(MINUTE_NANOS, nowNanos, sample.bytes, sample.records),
              coarse.rate(FIVE_MINUTES_NANOS, nowNanos, sample.bytes, sample.records));
      fine.note(nowNanos, sample.bytes, sample.records);
      coarse.note(nowNanos, sample.bytes, sample.records);
      return load;
    }
  }
}
