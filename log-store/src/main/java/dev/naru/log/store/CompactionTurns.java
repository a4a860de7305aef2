package dev.naru.log.store;

import dev.naru.log.PartitionLog;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Which log may be compacted by whom and when. A log is itself here, not its name: one that was
 * repaired, or is another by now, begins with nothing said of it. Any thread.
 */
final class CompactionTurns {

  /** A follower that is behind, or a disk that is full, will not be otherwise much sooner. */
  static final long PUT_OFF_MILLIS = 15_000;

  private final Map<PartitionLog, Standing> standings = new HashMap<>(); // guarded by this

  /** What keeps a log from being taken. */
  private sealed interface Standing {

    /** A thread has it. */
    record Taken() implements Standing {}

    /** It has been tried at this time. */
    record PutOff(long atMillis) implements Standing {}

    /** It is not tried any more. */
    record LeftAlone(String why) implements Standing {}
  }

  /** A log that is not tried any more. */
  record Left(PartitionLog log, String why) {}

  /** Whether it may be taken at this time. */
  synchronized boolean isFree(PartitionLog log, long nowMillis) {
    var standing = standings.get(log);
    return standing == null
        || switch (standing) {
          case Standing.Taken() -> false;
          case Standing.LeftAlone(_) -> false;
          // A clock that was put back must not make it wait for longer.
          case Standing.PutOff(long at) -> nowMillis < at || nowMillis - at >= PUT_OFF_MILLIS;
        };
  }

  /** Whether a thread has it. */
  synchronized boolean isTaken(PartitionLog log) {
    return standings.get(log) instanceof Standing.Taken;
  }

  /** Takes it if it is free; says whether it was. */
  synchronized boolean take(PartitionLog log, long nowMillis) {
    boolean isFree = isFree(log, nowMillis);
    if (isFree) {
      standings.put(log, new Standing.Taken());
    }
    return isFree;
  }

  /** Who has taken it is done with it; it is free, unless something else has been said of it. */
  synchronized void giveBack(PartitionLog log) {
    standings.remove(log, new Standing.Taken());
  }

  /** Who has taken it could not do anything with it now. */
  synchronized void putOff(PartitionLog log, long nowMillis) {
    standings.put(log, new Standing.PutOff(nowMillis));
  }

  /** Who has taken it has met a fault that would be met again. */
  synchronized void leaveAlone(PartitionLog log, RuntimeException fault) {
    standings.put(log, new Standing.LeftAlone(String.valueOf(fault)));
  }

  /** Forgets all logs but these, and those that somebody has. */
  synchronized void onlyOf(Collection<PartitionLog> logs) {
    var known = new HashSet<>(logs);
    standings
        .entrySet()
        .removeIf(
            each -> !(each.getValue() instanceof Standing.Taken) && !known.contains(each.getKey()));
  }

  /** All that are not tried any more. */
  synchronized List<Left> leftAlone() {
    return standings.entrySet().stream()
        .filter(each -> each.getValue() instanceof Standing.LeftAlone)
        .map(each -> new Left(each.getKey(), ((Standing.LeftAlone) each.getValue()).why))
        .sorted(Comparator.comparing((Left each) -> each.log.id()))
        .toList();
  }
}
