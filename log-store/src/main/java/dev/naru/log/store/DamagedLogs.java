package dev.naru.log.store;

import dev.naru.log.LogHome;
import dev.naru.log.disk.Damage;
import dev.naru.log.recovery.LogRepair;
import dev.naru.log.recovery.Quarantine;
import dev.naru.log.recovery.RecoveredLog;
import dev.naru.log.recovery.Recovery;
import dev.naru.types.PartitionId;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * The logs of one data directory that nobody may use, and what is known of their damage. They serve
 * nothing; what they still hold is kept, and one can be made whole again of what lies below its
 * damage. On record they stay damaged until that has been done. Any thread.
 */
final class DamagedLogs {

  private final DurablePointJournal journal;
  private final Function<PartitionId, LogHome> homes;
  private final NavigableMap<PartitionId, DamagedLog> logs = new ConcurrentSkipListMap<>();

  /**
   * A log that is not used.
   *
   * @param start its first offset
   * @param isTwin whether another directory has a log of the same name, so that nothing is known of
   *     either
   */
  private record DamagedLog(Damage damage, long start, boolean isTwin) {

    /** With each damage less is kept; one that is not below the other leaves nothing to keep. */
    DamagedLog withDamageBelow(Damage more) {
      return more.segmentBase() < damage.segmentBase()
          ? new DamagedLog(more, start, isTwin)
          : new DamagedLog(
              new Damage(more.partition(), start, more.position(), more.reason()), start, isTwin);
    }
  }

  /** None yet, in the directory of this journal. */
  DamagedLogs(DurablePointJournal journal, Function<PartitionId, LogHome> homes) {
    this.journal = journal;
    this.homes = homes;
  }

  /** A start found this one, which is on record and in quarantine already. */
  void found(Damage damage, long start) {
    logs.put(damage.partition(), new DamagedLog(damage, start, false));
  }

  /** Which they are, and where each is damaged. */
  SortedMap<PartitionId, Damage> damages() {
    var damages = new TreeMap<PartitionId, Damage>();
    logs.forEach((partition, log) -> damages.put(partition, log.damage));
    return damages;
  }

  boolean has(PartitionId partition) {
    return logs.containsKey(partition);
  }

  /** Not one of them any more. */
  void remove(PartitionId partition) {
    logs.remove(partition);
  }

  /** Leaves a log alone that another directory has as well, without saying so on disk. */
  void shun(PartitionId partition, String reason) {
    logs.put(partition, new DamagedLog(new Damage(partition, 0, 0, reason), 0, true));
  }

  /**
   * From now on the log is damaged, on record too, and its segment in quarantine. Nobody uses it
   * any more.
   *
   * @param start the log's first offset
   * @return where the damaged segment is now, unless there is nothing of it
   */
  Optional<String> quarantine(Damage damage, long start) {
    return quarantine(new DamagedLog(damage, start, false));
  }

  private Optional<String> quarantine(DamagedLog log) {
    var damage = log.damage;
    logs.put(damage.partition(), log);
    journal.damaged(damage.partition(), log.start, damage.segmentBase());
    var home = homes.apply(damage.partition());
    return Quarantine.take(home.files(), damage, home.lostAndFound());
  }

  /** Whether it has something of a damaged log that goes on below its damage. */
  boolean isRepairable(PartitionId partition) {
    var log = logs.get(partition);
    return log != null
        && !log.isTwin
        && homes.apply(partition).files().disk().exists(partition.toString());
  }

  /**
   * Makes a log again of what lies below the damage. More damage there is dealt with as well. It
   * stays one of these until somebody has taken it into use and {@linkplain #remove removes} it.
   */
  RecoveredLog repair(PartitionId partition) {
    var repair = repairIn(homes.apply(partition));
    var log = Objects.requireNonNull(logs.get(partition));
    while (true) {
      switch (repair.below(log.damage, log.start)) {
        case Recovery.Whole(var found, _) -> {
          return found;
        }
        case Recovery.Damaged(var more, _, _) -> {
          log = log.withDamageBelow(more);
          quarantine(log);
        }
      }
    }
  }

  private static LogRepair repairIn(LogHome home) {
    return new LogRepair(
        home.files(),
        home.epochs(),
        home.lostAndFound(),
        home.durablePoints(),
        home.compaction(),
        home.producerFiles());
  }
}
