package dev.naru.broker.upkeep;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often members of each group were out in the last hour because they took too long between two
 * polls. For any thread.
 */
final class SlowMembers {

  private static final Duration SPAN = Duration.ofHours(1);

  /** Groups with members so slow; the one that was first noted is forgotten for another. */
  private static final int GROUPS_MAX = 1_000;

  /** More than anybody needs to know. */
  private static final int TIMES_MAX = 100;

  /** Guarded by this: noted by loops, read by whoever describes a group. */
  private final LinkedHashMap<String, ArrayDeque<Long>> times = new LinkedHashMap<>();

  /** A member of this group took too long. */
  synchronized void note(String group, long nowNanos) {
    var known = times.get(group);
    if (known == null) {
      makeRoom(nowNanos);
      known = new ArrayDeque<>();
      times.put(group, known);
    }
    if (known.size() == TIMES_MAX) {
      known.removeFirst();
    }
    known.add(nowNanos);
  }

  /** In the last hour. */
  synchronized int count(String group, long nowNanos) {
    var known = times.get(group);
    if (known == null) {
      return 0;
    }
    forgetOld(known, nowNanos);
    return known.size();
  }

  private void makeRoom(long nowNanos) {
    if (times.size() < GROUPS_MAX) {
      return;
    }
    times
        .values()
        .removeIf(known -> {
          forgetOld(known, nowNanos);
          return known.isEmpty();
        });
    if (times.size() >= GROUPS_MAX) {
      Iterator<Map.Entry<String, ArrayDeque<Long>>> oldest = times.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private static void forgetOld(ArrayDeque<Long> known, long nowNanos) {
    while (!known.isEmpty() && nowNanos - known.getFirst() > SPAN.toNanos()) {
      known.removeFirst();
    }
  }
}
