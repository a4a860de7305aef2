package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.stream.Stream;

/**
 * The two indexes of the segment being appended to. An entry of the offset index says that the
 * batch with this base offset begins at this position; one of the time index, that every record
 * before this position has at most this timestamp. There is an entry at the first batch after each
 * {@link #INTERVAL_BYTES} of log.
 */
final class SegmentIndexes {

  /** A lookup reads no more than this before it finds its batch. */
  static final int INTERVAL_BYTES = 4096;

  /**
   * After a kill, the headers of so much log are read again to make the entries that were not
   * written yet. With large batches that is few entries, but each header may be a read from disk.
   */
  private static final int UNWRITTEN_BYTES_MAX = 512 << 10;

  private final PartitionId partition;
  private final SparseIndex offsets;
  private final SparseIndex times;
  private int lastPosition;
  private int writtenPosition; // of the last entry that is in the file
  private long lastTime;

  private SegmentIndexes(
      PartitionId partition,
      SparseIndex offsets,
      SparseIndex times,
      int lastPosition,
      long lastTime) {
    this.partition = partition;
    this.offsets = offsets;
    this.times = times;
    this.lastPosition = lastPosition;
    this.writtenPosition = lastPosition;
    this.lastTime = lastTime;
  }

  /** Indexes that hold nothing yet, for a segment without batches. */
  static SegmentIndexes empty(SegmentFiles files, long base) {
    return keeping(files, base, KeptEntries.NONE);
  }

  /** Goes on with what was found sound in the files of the segment. */
  static SegmentIndexes keeping(SegmentFiles files, long base, KeptEntries kept) {
    return new SegmentIndexes(
        files.partition(),
        SparseIndex.keeping(files, files.name(base, Part.INDEX), kept.offsets()),
        SparseIndex.keeping(files, files.name(base, Part.TIME_INDEX), kept.times()),
        kept.lastPosition(),
        kept.lastTime());
  }

  /**
   * Takes note of a batch.
   *
   * @param maxTimestampBefore of all records of the segment before it
   */
  void note(BatchHeader header, int position, long maxTimestampBefore) {
    if (position - lastPosition < INTERVAL_BYTES) {
      return;
    }
    if (offsets.isFull() || times.isFull()) {
      flush(); // both, so that a crash leaves them covering the same
    }
    offsets.add(IndexEntry.of(partition, header.baseOffset(), position, header));
    lastPosition = position;
    if (maxTimestampBefore > lastTime) {
      times.add(IndexEntry.of(partition, maxTimestampBefore, position, header));
      lastTime = maxTimestampBefore;
    }
    if (position - writtenPosition >= UNWRITTEN_BYTES_MAX) {
      flush();
    }
  }

  /** Writes what was gathered in memory. */
  void flush() {
    offsets.flush();
    times.flush();
    writtenPosition = lastPosition;
  }

  /** Drops the entries of places at or above this one. */
  void cutTo(int position) {
    offsets.cutTo(position);
    times.cutTo(position);
    lastPosition = offsets.view().lastPosition();
    writtenPosition = lastPosition; // a cut writes what is left
  }

  /** The files there are, to be forced and closed by whoever seals the segment. */
  List<DiskFile> files() {
    return Stream.of(offsets.file(), times.file()).flatMap(file -> file.stream()).toList();
  }

  IndexView offsets() {
    return offsets.view();
  }

  IndexView times() {
    return times.view();
  }
}
