package dev.naru.log.store;

import dev.naru.log.ForceTicket;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.DurablePoints;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far each log of a directory is durable, in one file, so that a start knows what it need not
 * read, and what must be there.
 *
 * <p>Records are appended after each group commit, which is all that a process needs that is
 * killed. They are forced now and then ({@link #force}), and before anything that builds on them:
 * for a start after a power loss the record may lag, but never run ahead.
 *
 * <p>When the file has grown large beside what it says, it is written anew, as every start does,
 * and renamed over the old one.
 *
 * <p>The thread that forces and the owners of logs write: the first as points rise, the others as
 * they fall; and whoever writes a log's compaction checkpoint has its number noted. Whatever is
 * last in the file counts. So a point of a force that was under way when a log was cut must not
 * come after the one of the cut: the check whether a ticket is current and the append are one step
 * here, and a log counts its cut before it lowers its point.
 */
final class DurablePointJournal implements DurablePoints, AutoCloseable {

  static final String NAME = "durable-points";

  /** The file may be so much larger than its content before it is written anew. */
  private static final long GARBAGE_BYTES_MAX = 4 << 20;

  private static final int GARBAGE_FACTOR = 4;

  private final Disk disk;
  private final SortedMap<PartitionId, JournalRecord> last; // guarded by this, as all that follows

  /** The last durable record of each log whose newest record is not durable yet. */
  private final Map<PartitionId, Optional<JournalRecord>> durable = new HashMap<>();

  private final SortedMap<PartitionId, Integer> checkpoints = new TreeMap<>();
  private DiskFile file;
  private int count; // of records in the file
  private int forced; // of these, from the beginning

  private DurablePointJournal(Disk disk, SortedMap<PartitionId, JournalRecord> records) {
    this.disk = disk;
    this.last = new TreeMap<>(records);
    records.forEach((partition, record) -> checkpoints.put(partition, record.checkpoint()));
    this.file = writeAnew();
  }

  /** Begins a journal with these records, in place of the one there may be. */
  static DurablePointJournal begin(Disk disk, SortedMap<PartitionId, JournalRecord> records) {
    return new DurablePointJournal(disk, records);
  }

  /** Records the points of tickets that were performed and are current. */
  synchronized void record(Collection<ForceTicket> performed) {
    var records =
        performed.stream()
            .filter(ForceTicket::isCurrent)
            .map(ticket -> point(ticket.point()))
            .toList();
    append(records);
  }

  /**
   * Whether the log's start on record is lower than this. A new one is not on record, and has 0.
   */
  synchronized boolean raisesStart(DurablePoint point) {
    long start =
        last.get(point.partition()) instanceof JournalRecord.Point(var known, _)
            ? known.start()
            : 0;
    return start < point.start();
  }

  /** Makes all that was recorded durable. */
  synchronized void force() {
    if (forced < count) {
      file.force();
      forced = count;
      durable.clear();
    }
  }

  @Override
  public synchronized void lower(DurablePoint point) {
    appendDurably(point(point));
  }

  private JournalRecord point(DurablePoint point) {
    return new JournalRecord.Point(point, checkpoint(point.partition()));
  }

  @Override
  public synchronized OptionalLong recordedBase(PartitionId partition) {
    var record = durable.getOrDefault(partition, Optional.ofNullable(last.get(partition)));
    return record.orElse(null) instanceof JournalRecord.Point(var point, _)
        ? OptionalLong.of(point.state().base())
        : OptionalLong.empty();
  }

  @Override
  public synchronized void checkpointed(PartitionId partition, int number) {
    checkpoints.put(partition, number);
    var record = last.get(partition);
    if (record != null) { // else it comes with the first of the log
      append(List.of(record.withCheckpoint(number)));
    }
  }

  @Override
  public synchronized int checkpoint(PartitionId partition) {
    return checkpoints.getOrDefault(partition, 0);
  }

  /** Records that a log is meant to be gone. Durable when it returns. */
  synchronized void remove(PartitionId partition) {
    checkpoints.remove(partition);
    appendDurably(new JournalRecord.Removed(partition));
  }

  /** Records that a log is not to be used. Durable when it returns. */
  synchronized void damaged(PartitionId partition, long start, long segmentBase) {
    appendDurably(new JournalRecord.Damaged(partition, start, segmentBase, checkpoint(partition)));
  }

  private void appendDurably(JournalRecord record) {
    append(List.of(record));
    force();
  }

  private void append(List<JournalRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    var bytes = ByteBuffer.allocate(records.size() * JournalRecord.BYTES);
    for (JournalRecord each : records) {
      each.writeTo(bytes, forced);
      note(each);
    }
    file.write(bytes.flip(), JournalFile.positionOf(count));
    count += records.size();
    if (JournalFile.positionOf(count) > GARBAGE_BYTES_MAX + GARBAGE_FACTOR * contentBytes()) {
      file.close();
      file = writeAnew();
    }
  }

  private void note(JournalRecord record) {
    var partition = record.partition();
    durable.putIfAbsent(partition, Optional.ofNullable(last.get(partition)));
    if (record instanceof JournalRecord.Removed) {
      last.remove(partition);
    } else {
      last.put(partition, record);
    }
  }

  private DiskFile writeAnew() {
    count = last.size();
    forced = count;
    durable.clear();
    var bytes = ByteBuffer.allocate((int) contentBytes());
    JournalFile.writeHead(bytes, count);
    last.values().forEach(each -> each.writeTo(bytes, forced)); // it has its name when it is forced
    return JournalFile.replace(disk, bytes.flip());
  }

  private long contentBytes() {
    return JournalFile.positionOf(last.size());
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
