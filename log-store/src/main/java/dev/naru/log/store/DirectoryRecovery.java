package dev.naru.log.store;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.recovery.EpochCheckpoint;
import dev.naru.log.recovery.LogRecovery;
import dev.naru.log.recovery.LogRecovery.Forces;
import dev.naru.log.recovery.LostAndFound;
import dev.naru.log.recovery.ProducerFiles;
import dev.naru.log.recovery.Recovery;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.store.RecoveryListener.Progress;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Recovers all logs of one data directory. Nobody else uses the directory meanwhile. */
final class DirectoryRecovery {

  /** What a journal is called that cannot be believed, while people may look at it. */
  private static final String UNSOUND = DurablePointJournal.NAME + ".unsound";

  private static final Set<String> OURS =
      Set.of(
          DirectoryMeta.NAME,
          "naru.lock",
          Ballast.NAME,
          DurablePointJournal.NAME,
          UNSOUND,
          HighWatermarks.NAME,
          LastRun.EPOCH,
          LastRun.CLEAN,
          Scrubber.NAME,
          LostAndFound.DIRECTORY);

  /**
   * Logs of a directory at a time. Each waits for the disk to give its last batch, unless that is
   * still in the page cache: 3,000 logs took 3.4 s with 4 at a time, and 1.2 s with 16.
   */
  private static final int SIDE_BY_SIDE = 16;

  private final DataDirectory directory;
  private final Disk disk;
  private final JournalFile recorded;
  private final SortedMap<PartitionId, Recovery> recoveries = new TreeMap<>(); // guarded by this
  private long scannedBytes; // guarded by this
  private final List<String> warnings = new ArrayList<>();

  DirectoryRecovery(DataDirectory directory) {
    this.directory = directory;
    this.disk = directory.disk();
    this.recorded = JournalFile.read(disk, directory.lastRun().wasCleanStop());
  }

  /** Recovers them, a few side by side. */
  void run(Executor threads, RecoveryListener listener) {
    disk.forceDirectory(Disk.ROOT); // as each log does with its own directory
    List<PartitionId> partitions = partitions();
    Forces forces = forces(partitions.size());
    listener.recovered(new Progress(directory.location(), 0, partitions.size(), scannedBytes));
    sideBySide(
        partitions,
        threads,
        partition -> {
          Recovery recovery = recover(partition, forces);
          recovered(partition, recovery, partitions.size(), listener);
        });
    if (forces == Forces.ALL_AT_THE_END) {
      disk.forceAll();
    }
    recorded.records().values().forEach(this::missing);
  }

  /** Returns when none is at it any more, also when one of them has failed. */
  private static void sideBySide(
      List<PartitionId> partitions, Executor threads, Consumer<PartitionId> task) {
    int share = Math.max(1, Math.ceilDiv(partitions.size(), SIDE_BY_SIDE));
    var tasks = new ArrayList<CompletableFuture<Void>>();
    for (int from = 0; from < partitions.size(); from += share) {
      var part = partitions.subList(from, Math.min(partitions.size(), from + share));
      tasks.add(CompletableFuture.runAsync(() -> part.forEach(task), threads));
    }
    try {
      CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private synchronized void recovered(
      PartitionId partition, Recovery recovery, int total, RecoveryListener listener) {
    recoveries.put(partition, recovery);
    scannedBytes += recovery.scannedBytes();
    listener.recovered(new Progress(directory.location(), recoveries.size(), total, scannedBytes));
  }

  private List<PartitionId> partitions() {
    var found = new ArrayList<PartitionId>();
    for (DiskEntry entry : disk.list(Disk.ROOT)) {
      Optional<PartitionId> partition = partition(entry.name());
      if (partition.isPresent() && entry.isDirectory()) {
        found.add(partition.get());
      } else if (!OURS.contains(entry.name()) && !CheckpointFile.isUnfinished(entry.name())) {
        warnings.add("Left alone what is not ours: " + directory.location() + "/" + entry.name());
      }
    }
    return found;
  }

  private static Optional<PartitionId> partition(String name) {
    try {
      return Optional.of(PartitionId.parse(name));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** Two for each log, of its directory and its last segment, were too many to wait for. */
  private Forces forces(int logs) {
    if (directory.lastRun().wasCleanStop() && recorded.isSound()) {
      return Forces.DONE;
    }
    OptionalInt singlyMax = disk.forceAllAbove();
    return singlyMax.isPresent() && 2 * logs > singlyMax.getAsInt()
        ? Forces.ALL_AT_THE_END
        : Forces.EACH;
  }

  private Recovery recover(PartitionId partition, Forces forces) {
    return new LogRecovery(
            new SegmentFiles(partition, disk, directory.openFiles()),
            new EpochCheckpoint(disk, partition),
            new ProducerFiles(disk, partition),
            directory.lostAndFound(),
            recorded.recorded(partition),
            forces)
        .recover();
  }

  /** A log that is on record and was not empty cannot have lost its directory in a crash. */
  private void missing(JournalRecord record) {
    if (recoveries.containsKey(record.partition())) {
      return;
    }
    switch (record) {
      case JournalRecord.Point(var point, _) when point.end() > point.start() ->
          damaged(record.partition(), point.start(), point.state().base());
      case JournalRecord.Damaged(var partition, long start, long segmentBase, _) ->
          damaged(partition, start, segmentBase);
      case JournalRecord.Point _, JournalRecord.Removed _ -> {}
    }
  }

  private void damaged(PartitionId partition, long start, long segmentBase) {
    var damage = new Damage(partition, segmentBase, 0, "Expected a directory, but it is missing");
    recoveries.put(partition, new Recovery.Damaged(damage, start, Optional.empty()));
  }

  /** What became of each log. */
  SortedMap<PartitionId, Recovery> recoveries() {
    return recoveries;
  }

  /** What a person should know. */
  List<String> warnings() {
    return warnings;
  }

  /** Begins the journal of this run with what was found. */
  DurablePointJournal beginJournal() {
    if (!recorded.isSound()) {
      warnings.add(
          "Took nothing for a torn tail: there was no sound record of how far logs were durable");
      if (disk.exists(DurablePointJournal.NAME)) {
        disk.rename(DurablePointJournal.NAME, UNSOUND);
      }
    }
    var records = new TreeMap<PartitionId, JournalRecord>();
    recoveries.forEach(
        (partition, recovery) -> records.put(partition, record(partition, recovery)));
    return DurablePointJournal.begin(disk, records);
  }

  private JournalRecord record(PartitionId partition, Recovery recovery) {
    JournalRecord before = recorded.records().get(partition);
    int checkpoint = before == null ? 0 : before.checkpoint();
    return switch (recovery) {
      case Recovery.Whole whole ->
          new JournalRecord.Point(whole.log().point(partition), checkpoint);
      case Recovery.Damaged(var damage, long start, _) ->
          new JournalRecord.Damaged(partition, start, damage.segmentBase(), checkpoint);
    };
  }
}
