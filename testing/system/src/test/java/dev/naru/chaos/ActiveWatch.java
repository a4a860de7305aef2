package dev.naru.chaos;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Sees to it, look by look, that the last segment of a log is never cut or deleted: it may only
 * grow, or have a successor.
 */
final class ActiveWatch {

  private NavigableMap<Long, Long> last = new TreeMap<>();
  private long touched;

  /** Takes in the sizes of the segments there are now, by their first offset. */
  void look(NavigableMap<Long, Long> now) {
    if (!last.isEmpty()) {
      long base = last.lastKey();
      boolean isClosed = !now.isEmpty() && now.lastKey() > base;
      boolean hasGrown = now.getOrDefault(base, -1L) >= last.getOrDefault(base, 0L);
      if (!isClosed && !hasGrown) {
        touched++;
      }
    }
    last = new TreeMap<>(now);
  }

  /** As of the last look. */
  NavigableMap<Long, Long> last() {
    return last;
  }

  /** How often it was cut or deleted. */
  long touched() {
    return touched;
  }
}
