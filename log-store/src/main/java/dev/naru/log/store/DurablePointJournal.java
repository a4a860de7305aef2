package dev.naru.log.store;

import dev.naru.log.ForceTicket;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.DurablePoints;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far each log of a directory is durable, in one file: records are appended after each group
 * commit and forced, so that a start knows what it need not read, and what must be there.
 *
 * <p>When the file has grown large beside what it says, it is written anew, as every start does,
 * and renamed over the old one.
 *
 * <p>The thread that forces and the owners of logs write: the first as points rise, the others as
 * they fall. Whatever is last in the file counts. So a point of a force that was under way when a
 * log was cut must not come after the one of the cut: the check whether a ticket is current and the
 * append are one step here, and a log counts its cut before it lowers its point.
 */
final class DurablePointJournal implements DurablePoints, AutoCloseable {

  static final String NAME = "durable-points";

  /** The file may be so much larger than its content before it is written anew. */
  private static final long GARBAGE_BYTES_MAX = 4 << 20;

  private static final int GARBAGE_FACTOR = 4;

  private final Disk disk;
  private final SortedMap<PartitionId, JournalRecord> last; // guarded by this, as all that follows
  private DiskFile file;
  private long end;

  private DurablePointJournal(Disk disk, SortedMap<PartitionId, JournalRecord> records) {
    this.disk = disk;
    this.last = new TreeMap<>(records);
    this.file = writeAnew();
  }

  /** Begins a journal with these records, in place of the one there may be. */
  static DurablePointJournal begin(Disk disk, SortedMap<PartitionId, JournalRecord> records) {
    return new DurablePointJournal(disk, records);
  }

  /** Records the points of tickets that were performed and are current, and forces them. */
  synchronized void record(Collection<ForceTicket> performed) {
    var records =
        performed.stream()
            .filter(ForceTicket::isCurrent)
            .map(ticket -> (JournalRecord) new JournalRecord.Point(ticket.point()))
            .toList();
    append(records);
  }

  @Override
  public synchronized void lower(DurablePoint point) {
    append(List.of(new JournalRecord.Point(point)));
  }

  @Override
  public synchronized OptionalLong recordedBase(PartitionId partition) {
    return last.get(partition) instanceof JournalRecord.Point(var point)
        ? OptionalLong.of(point.state().base())
        : OptionalLong.empty();
  }

  /** Records that a log is meant to be gone. Durable when it returns. */
  synchronized void remove(PartitionId partition) {
    append(List.of(new JournalRecord.Removed(partition)));
  }

  /** Records that a log is not to be used. Durable when it returns. */
  synchronized void damaged(PartitionId partition, long start, long segmentBase) {
    append(List.of(new JournalRecord.Damaged(partition, start, segmentBase)));
  }

  private void append(List<JournalRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    var bytes = ByteBuffer.allocate(records.size() * JournalRecord.BYTES);
    for (JournalRecord each : records) {
      each.writeTo(bytes);
      if (each instanceof JournalRecord.Removed) {
        last.remove(each.partition());
      } else {
        last.put(each.partition(), each);
      }
    }
    int length = bytes.flip().remaining();
    file.write(bytes, end);
    file.force();
    end += length;
    if (end > GARBAGE_BYTES_MAX + GARBAGE_FACTOR * contentBytes()) {
      file.close();
      file = writeAnew();
    }
  }

  private DiskFile writeAnew() {
    var bytes = ByteBuffer.allocate((int) contentBytes());
    JournalFile.writeHead(bytes);
    last.values().forEach(each -> each.writeTo(bytes));
    end = bytes.flip().remaining();
    return JournalFile.replace(disk, bytes);
  }

  private long contentBytes() {
    return JournalFile.HEAD_BYTES + (long) last.size() * JournalRecord.BYTES;
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
