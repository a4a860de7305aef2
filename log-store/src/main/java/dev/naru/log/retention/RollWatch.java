package dev.naru.log.retention;

import dev.naru.types.PartitionId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Knows since when the active segments of a node's logs have had batches, from looking at all of
 * them again and again; so a log that rests needs no clock of its own. As exact as the looks are
 * frequent. Owned by whoever looks.
 */
public final class RollWatch {

  /** Longer than any segment lives, and no number that overflows. */
  private static final long AGE_MILLIS_MAX = 1L << 60;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private Map<PartitionId, Active> before = new TreeMap<>();
  private Map<PartitionId, Active> now = new TreeMap<>();

  /** An active segment: empty, or with batches since some look. */
  private record Active(long base, boolean isEmpty, long sinceMillis) {}

  /** Begins the next look; logs that the last one left out are forgotten. */
  public void beginLook() {
    before = now;
    now = new TreeMap<>();
  }

  /**
   * Whether this segment has been written to for so long that it is to be closed.
   *
   * @param base of the active segment
   * @param ageMillis of its first batch; asked for once, if the log has been unknown so far: it was
   *     written by an earlier process
   */
  public boolean isDue(
      PartitionId log,
      long base,
      boolean isEmpty,
      long segmentMillis,
      long nowNanos,
      LongSupplier ageMillis) {
    long nowMillis = nowNanos / NANOS_PER_MILLI;
    Active known = before.get(log);
    long since = nowMillis;
    if (known != null && known.base == base && !known.isEmpty) {
      since = known.sinceMillis;
    } else if (known == null && !isEmpty) {
      since = nowMillis - Math.clamp(ageMillis.getAsLong(), 0, AGE_MILLIS_MAX);
    }
    now.put(log, new Active(base, isEmpty, since));
    return !isEmpty && nowMillis - since >= segmentMillis;
  }
}
