package dev.naru.log.inspect;

import dev.naru.log.disk.Disk;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.EpochCheckpoint;
import dev.naru.log.segment.SegmentName;
import dev.naru.log.segment.SegmentSeal;
import dev.naru.log.store.JournalRecord;
import dev.naru.log.store.JournalWalk;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * What the files beside a segment say of its log. All of it may be absent: a segment that was
 * copied to elsewhere can be looked at too, and then less is known of what it must hold.
 *
 * @param isOnRecord whether there is a sound journal, so that what it does not say is not durable
 * @param point how far the log is durable, if the journal says so
 * @param first base of the segment that holds the log's start, if that is known; earlier ones are
 *     no longer part of the log
 * @param replacing seals of segments that are about to take the place of others: the next start
 *     finishes that, or undoes it
 */
record Beside(
    Optional<PartitionId> partition,
    boolean isOnRecord,
    Optional<DurablePoint> point,
    long first,
    List<SegmentSeal> replacing,
    Optional<EpochHistory> epochs) {

  private static final String REPLACING = ".seal.new";

  /** Nothing is known. */
  static final Beside NOTHING =
      new Beside(Optional.empty(), false, Optional.empty(), 0, List.of(), Optional.empty());

  /** Of the log in this directory of a data directory. */
  static Beside in(Disk disk, String directory) {
    PartitionId partition;
    try {
      partition = PartitionId.parse(directory);
    } catch (IllegalArgumentException noLog) {
      return NOTHING;
    }
    var epochs = new EpochCheckpoint(disk, partition).read();
    var journal = disk.open(JournalWalk.NAME);
    if (journal.isEmpty()) {
      return new Beside(Optional.of(partition), false, Optional.empty(), 0, List.of(), epochs);
    }
    try (var file = journal.get()) {
      return read(disk, partition, new JournalWalk(file), epochs);
    }
  }

  private static Beside read(
      Disk disk, PartitionId partition, JournalWalk walk, Optional<EpochHistory> epochs) {
    Optional<JournalRecord> last = Optional.empty();
    while (walk.advance()) {
      var record = walk.record();
      if (record.isPresent() && record.get().partition().equals(partition)) {
        last = record;
      }
    }
    Optional<DurablePoint> point =
        last.orElse(null) instanceof JournalRecord.Point(var known, _)
            ? Optional.of(known)
            : Optional.empty();
    boolean isDamaged = last.orElse(null) instanceof JournalRecord.Damaged;
    long first = point.map(known -> firstOf(disk, partition, known)).orElse(0L);
    return new Beside(
        Optional.of(partition),
        walk.isSound() && !isDamaged,
        point,
        first,
        replacing(disk, partition),
        epochs);
  }

  private static List<SegmentSeal> replacing(Disk disk, PartitionId partition) {
    return disk.list(partition.toString()).stream()
        .filter(entry -> entry.name().endsWith(REPLACING))
        .flatMap(entry -> SegmentSeal.read(disk, partition + "/" + entry.name()).stream())
        .toList();
  }

  private static long firstOf(Disk disk, PartitionId partition, DurablePoint point) {
    if (point.start() >= point.state().base()) {
      return point.state().base();
    }
    return disk.list(partition.toString()).stream()
        .flatMap(entry -> SegmentName.parse(entry.name()).stream())
        .filter(name -> name.part() == SegmentName.Part.LOG && name.base() <= point.start())
        .mapToLong(SegmentName::base)
        .max()
        .orElse(0);
  }

  /**
   * How many bytes of a segment's file must be there and right. All of them, for what is known: a
   * crash may have touched only what the journal does not vouch for.
   */
  long certainBytes(long base) {
    if (!isOnRecord) {
      return Long.MAX_VALUE;
    }
    if (isBeingReplaced(base)) {
      return 0;
    }
    if (point.isEmpty() || base > point.get().state().base() || base < first) {
      return 0;
    }
    return base == point.get().state().base() ? point.get().state().bytes() : Long.MAX_VALUE;
  }

  /** Whether a start would first have to finish or undo a swap of the segment with this base. */
  boolean isBeingReplaced(long base) {
    return replacing.stream()
        .anyMatch(seal -> seal.state().base() <= base && base < seal.state().end());
  }
}
