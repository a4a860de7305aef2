package dev.naru.log.store;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.recovery.Recorded;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a journal of durable points said when the process before ended.
 *
 * <pre>
 * 0 "NARUDPTS" (8)   8 version = 2 (4)   12 records that it began with (4)
 * 16 records, 96 bytes each: {@link JournalRecord}
 * </pre>
 *
 * @param records the last of each log
 * @param isSound whether all of it could be read, but for records that a crash may have torn
 */
record JournalFile(SortedMap<PartitionId, JournalRecord> records, boolean isSound) {

  static final int HEAD_BYTES = 16;
  private static final long MAGIC = 0x4e41525544505453L;
  private static final int VERSION = 2;
  private static final String UNFINISHED = DurablePointJournal.NAME + ".tmp";

  /** What is on record of one log. */
  Recorded recorded(PartitionId partition) {
    JournalRecord last = records.get(partition);
    return switch (last) {
      case JournalRecord.Point(var point, _) ->
          isSound ? new Recorded.UpTo(point) : new Recorded.AtLeast(point);
      case JournalRecord.Damaged damaged ->
          new Recorded.KnownDamaged(damaged.start(), damaged.segmentBase());
      case JournalRecord.Removed removed -> unrecorded();
      case null -> unrecorded();
    };
  }

  private Recorded unrecorded() {
    return isSound ? new Recorded.Nothing() : new Recorded.Lost();
  }

  /**
   * Reads the file. A directory that was formatted has one, so that its absence is not soundness.
   */
  static JournalFile read(Disk disk, boolean wasCleanStop) {
    Optional<DiskFile> file = disk.open(DurablePointJournal.NAME);
    if (file.isEmpty()) {
      return new JournalFile(new TreeMap<>(), false);
    }
    try (var opened = file.get()) {
      opened.force(); // logs are about to be cut by what it says, so that must not vanish
      return read(new JournalWalk(opened), wasCleanStop);
    }
  }

  private static JournalFile read(JournalWalk walk, boolean wasCleanStop) {
    var last = new TreeMap<PartitionId, JournalRecord>();
    while (walk.advance()) {
      walk.record().ifPresent(found -> last.put(found.partition(), found));
    }
    boolean isUnlikeAStop = wasCleanStop && walk.hasBad(); // which leaves nothing to be torn
    return new JournalFile(last, walk.isSound() && !isUnlikeAStop);
  }

  /** Where the record of this number begins. */
  static long positionOf(int number) {
    return HEAD_BYTES + (long) number * JournalRecord.BYTES;
  }

  static boolean isHead(ByteBuffer head) {
    return head.getLong(0) == MAGIC && head.getInt(Long.BYTES) == VERSION;
  }

  /** How many records a journal with this head began with; they were on disk before it was used. */
  static int firstRecords(ByteBuffer head) {
    return head.getInt(Long.BYTES + Integer.BYTES);
  }

  static void writeHead(ByteBuffer to, int records) {
    to.putLong(MAGIC).putInt(VERSION).putInt(records);
  }

  /** Puts a file of this content in the place of the old one, durably; it stays open. */
  static DiskFile replace(Disk disk, ByteBuffer content) {
    if (disk.exists(UNFINISHED)) {
      disk.delete(UNFINISHED);
    }
    try (var file = disk.create(UNFINISHED)) {
      file.write(content, 0);
      file.force();
    }
    disk.rename(UNFINISHED, DurablePointJournal.NAME);
    disk.forceDirectory(Disk.ROOT);
    return disk.open(DurablePointJournal.NAME).orElseThrow();
  }
}
