package dev.naru.log.store;

import dev.naru.log.LogConfig;
import dev.naru.log.LogHome;
import dev.naru.log.PartitionLog;
import dev.naru.log.ProducerCapture;
import dev.naru.log.Watermark;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.StorageException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.ProducerRoom;
import dev.naru.log.recovery.CompactionCheckpoint;
import dev.naru.log.recovery.EpochCheckpoint;
import dev.naru.log.recovery.Finding;
import dev.naru.log.recovery.ProducerFiles;
import dev.naru.log.recovery.RecoveredLog;
import dev.naru.log.recovery.Recovery;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentSwap;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;

/**
 * The logs of one data directory, with what they share: journal, group commit, high watermarks. Any
 * thread.
 */
final class DirectoryLogs {

  private final DataDirectory directory;
  private final DurablePointJournal journal;
  private final HighWatermarks highWatermarks;
  private final ForceRounds rounds;
  private final SegmentSweeper sweeper;
  private final PendingCaptures captures = new PendingCaptures();
  private final ProducerRoom producerRoom;
  private final NavigableMap<PartitionId, PartitionLog> whole = new ConcurrentSkipListMap<>();
  private final DamagedLogs damaged;
  private final RecoveryReport report;

  private DirectoryLogs(
      DataDirectory directory,
      LogConfig config,
      DirectoryRecovery recovered,
      ProducerRoom producerRoom) {
    this.directory = directory;
    this.producerRoom = producerRoom;
    this.journal = recovered.beginJournal();
    this.highWatermarks = new HighWatermarks(directory.disk());
    this.rounds = new ForceRounds(directory.disk(), journal);
    this.sweeper = new SegmentSweeper();
    this.damaged = new DamagedLogs(journal, this::home);
    captures.logs(recovered.recoveries().size());
    recovered.recoveries().forEach((id, recovery) -> take(id, recovery, config));
    this.report = report(recovered);
  }

  /**
   * Recovers all logs of a directory.
   *
   * @param producerRoom how many producers each of its logs may know
   */
  static DirectoryLogs recover(
      DataDirectory directory,
      LogConfig config,
      Executor threads,
      RecoveryListener listener,
      ProducerRoom producerRoom) {
    var recovery = new DirectoryRecovery(directory);
    recovery.run(threads, listener);
    return new DirectoryLogs(directory, config, recovery, producerRoom);
  }

  private void take(PartitionId partition, Recovery recovery, LogConfig config) {
    switch (recovery) {
      case Recovery.Whole(var found, _) -> take(partition, found, config);
      case Recovery.Damaged(var damage, long start, _) -> damaged.found(damage, start);
    }
  }

  private PartitionLog take(PartitionId partition, RecoveredLog found, LogConfig config) {
    var log = PartitionLog.of(home(partition), config, found);
    highWatermarks
        .of(partition)
        .ifPresent(known -> {
          log.noteHighWatermark(known.offset());
          log.noteAgreed(known.agreed());
        });
    whole.put(partition, log);
    return log;
  }

  private LogHome home(PartitionId partition) {
    return new LogHome(
        files(partition),
        new EpochCheckpoint(directory.disk(), partition),
        directory.lostAndFound(),
        journal,
        directory.gate(),
        sweeper,
        new CompactionCheckpoint(directory.disk(), partition, journal),
        new ProducerFiles(directory.disk(), partition),
        captures,
        producerRoom);
  }

  private SegmentFiles files(PartitionId partition) {
    return new SegmentFiles(partition, directory.disk(), directory.openFiles());
  }

  private RecoveryReport report(DirectoryRecovery recovered) {
    var logs = new ArrayList<RecoveryReport.Log>();
    var damages = new ArrayList<RecoveryReport.Damaged>();
    var warnings = new ArrayList<>(recovered.warnings());
    highWatermarks.warning().ifPresent(warnings::add);
    for (var each : recovered.recoveries().entrySet()) {
      switch (each.getValue()) {
        case Recovery.Whole(var log, var effort) -> {
          logs.add(RecoveryReport.Log.of(each.getKey(), log, effort));
          warnings.addAll(effort.warnings());
        }
        case Recovery.Damaged(var damage, _, var quarantine) ->
            damages.add(new RecoveryReport.Damaged(damage, quarantine));
      }
    }
    return new RecoveryReport(directory.id(), logs, damages, warnings, Optional.empty());
  }

  DataDirectory directory() {
    return directory;
  }

  ForceRounds rounds() {
    return rounds;
  }

  SegmentSweeper sweeper() {
    return sweeper;
  }

  /** Writes down what logs have captured of their producers. Waits for the disk. */
  void writeSnapshots() {
    captures.logs(whole.size());
    captures.write();
  }

  Scrubber scrubber(Scrubber.Findings findings) {
    return new Scrubber(directory.disk(), whole, findings);
  }

  RecoveryReport report() {
    return report;
  }

  SortedMap<PartitionId, PartitionLog> whole() {
    return whole;
  }

  SortedMap<PartitionId, Damage> damaged() {
    return damaged.damages();
  }

  /** Whether it has something of this partition, whole or not. */
  boolean has(PartitionId partition) {
    return whole.containsKey(partition) || damaged.has(partition);
  }

  PartitionLog create(PartitionId partition, LogConfig config) {
    highWatermarks.forget(partition); // of a log before it, if a crash came before that was done
    var log = PartitionLog.create(home(partition), config);
    whole.put(partition, log);
    return log;
  }

  /** Says where the damaged segment is now. */
  Optional<String> giveUp(Damage damage) {
    PartitionId partition = damage.partition();
    PartitionLog log = whole.remove(partition);
    if (log == null) {
      return Optional.empty(); // it was given up before
    }
    sweeper.keep(partition); // what is left below its start is for whoever goes on with it
    log.cleaning().close(); // what this may have to wait for must not hold up the rounds
    rounds.between(
        partition,
        () -> {
          log.prepareForce().perform(); // what is kept of it may not have been forced yet
          log.close();
        });
    SegmentSwap.recover(files(partition)); // half of one would pass for more damage
    return damaged.quarantine(whereItIsNow(damage, log), log.start());
  }

  /** Compaction may have made one segment of some since; no repair can cut inside it. */
  private static Damage whereItIsNow(Damage damage, PartitionLog log) {
    long base = log.view().segmentBaseAt(damage.segmentBase());
    return base == damage.segmentBase()
        ? damage
        : new Damage(damage.partition(), base, damage.position(), damage.reason());
  }

  /** Whether it has something of a damaged log that goes on below its damage. */
  boolean isRepairable(PartitionId partition) {
    return damaged.isRepairable(partition);
  }

  /** Makes a log again of what lies below the damage. More damage there is dealt with as well. */
  PartitionLog repair(PartitionId partition, LogConfig config) {
    RecoveredLog found = damaged.repair(partition);
    journal.lower(found.point(partition));
    var log = take(partition, found, config);
    damaged.remove(partition);
    return log;
  }

  void setAside(PartitionId partition, SetAsideReason reason, Keep keep, String why) {
    Optional<PartitionLog> log = close(partition);
    journal.remove(partition); // first: a log that is on record must not be missing
    var finding =
        new Finding(
            partition,
            reason,
            why,
            log.map(PartitionLog::start).orElse(0L),
            log.map(PartitionLog::end).orElse(0L),
            log.map(PartitionLog::epochs).orElse(EpochHistory.EMPTY),
            keep);
    var place = directory.lostAndFound().open(finding);
    place.take(partition.toString());
    place.force();
    directory.disk().forceDirectory(Disk.ROOT); // where it was
    highWatermarks.forget(partition);
    damaged.remove(partition);
  }

  /** Deletes what was set aside so long ago, but nothing of a log that still lacks its data. */
  List<String> expireSetAside(long nowMillis, long retentionMillis) {
    return directory.lostAndFound().expire(nowMillis, retentionMillis, damaged::has);
  }

  /** Deletes the oldest of what is only kept while there is room. */
  Optional<String> makeRoom() {
    return directory.lostAndFound().makeRoom(damaged::has);
  }

  /**
   * Takes a log out of use. No force of it is under way when its files are closed, and none comes
   * after.
   */
  private Optional<PartitionLog> close(PartitionId partition) {
    Optional<PartitionLog> log = Optional.ofNullable(whole.remove(partition));
    sweeper.keep(partition); // another log may get its name
    log.ifPresent(closing -> {
      closing.cleaning().close(); // what this may have to wait for must not hold up the rounds
      rounds.between(partition, closing::close);
    });
    return log;
  }

  void checkpointHighWatermarks() {
    var current = new TreeMap<PartitionId, Watermark>();
    whole.forEach((partition, log) -> current.put(partition, log.watermark()));
    highWatermarks.write(current);
  }

  /** Leaves a log alone that is not to be used, without saying so on disk. */
  void shun(PartitionId partition, String reason) {
    Optional.ofNullable(whole.remove(partition)).ifPresent(PartitionLog::close);
    damaged.shun(partition, reason);
  }

  /**
   * Makes everything durable and closes it; false if the directory has failed. Logs have no owner
   * any more.
   */
  boolean closeDurably() {
    try {
      var dirty = whole.values().stream().filter(log -> !log.isDurable());
      rounds.finish(dirty.map(PartitionLog::prepareForce).toList());
      writeLastSnapshots();
      checkpointHighWatermarks();
      closeFiles();
    } catch (StorageException alreadyTold) {
      return false;
    }
    return directory.failure().isEmpty();
  }

  /** So that the next start reads no headers. Of many logs all are forced at once. */
  private void writeLastSnapshots() {
    captures.close();
    var last = whole.values().stream().flatMap(log -> log.lastCapture().stream()).toList();
    OptionalInt singlyMax = directory.disk().forceAllAbove();
    if (singlyMax.isEmpty() || 2 * last.size() <= singlyMax.getAsInt()) {
      last.forEach(ProducerCapture::write);
    } else {
      writeTogether(last);
    }
  }

  private void writeTogether(List<ProducerCapture> last) {
    var prepared = last.stream().filter(ProducerCapture::prepare).toList();
    directory.disk().forceAll();
    prepared.forEach(ProducerCapture::publish);
    directory.disk().forceAll();
    prepared.forEach(ProducerCapture::prune);
  }

  /** Marks the directory as stopped cleanly; false if it has failed. */
  boolean markClean(NodeEpoch epoch) {
    try {
      directory.markCleanStop(epoch);
      return true;
    } catch (StorageException alreadyTold) {
      return false;
    }
  }

  /** Closes what is open, and leaves the rest to the next start. */
  void closeFiles() {
    try {
      whole.values().forEach(PartitionLog::close);
      journal.close();
    } catch (StorageException alreadyTold) {
      // A failed directory writes nothing more; its files go back to the system with the process.
    }
  }
}
