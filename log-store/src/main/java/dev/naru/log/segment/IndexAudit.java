package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the indexes of a closed segment should hold, gathered while its batches are read, to be
 * compared with what they do hold. An index that does not tell the truth is written again.
 *
 * <p>Indexes that were cut once may have fewer entries than they could have, and later times than
 * they need: that is true all the same.
 */
final class IndexAudit {

  private final Segment segment;
  private final PartitionId partition;
  private ByteBuffer places = ByteBuffer.allocate(64 * Place.BYTES);
  private int lastPosition;

  IndexAudit(Segment segment) {
    this.segment = segment;
    this.partition = segment.files().partition();
  }

  /** Takes note of a batch, as {@link SegmentIndexes} does. */
  void note(BatchHeader header, int position, long maxTimestampBefore) {
    if (position - lastPosition < SegmentIndexes.INTERVAL_BYTES) {
      return;
    }
    lastPosition = position;
    if (!places.hasRemaining()) {
      places = ByteBuffer.allocate(2 * places.capacity()).put(places.flip());
    }
    new Place(position, header.baseOffset(), maxTimestampBefore, HeaderSum.of(header))
        .write(places);
  }

  /**
   * Writes again what is not true; says so. Not forced: what a crash leaves of it is no worse than
   * what was there.
   */
  List<String> mend() {
    var mended = new ArrayList<String>();
    mend(Part.INDEX, segment.offsets().inFile()).ifPresent(mended::add);
    mend(Part.TIME_INDEX, segment.times().inFile()).ifPresent(mended::add);
    return mended;
  }

  private Optional<String> mend(Part part, int entries) {
    String name = segment.files().name(segment.base(), part);
    int bytes = entries * IndexEntry.BYTES;
    boolean isOfTimes = part == Part.TIME_INDEX;
    if (isTrue(read(name, bytes), bytes, isOfTimes)) {
      return Optional.empty();
    }
    var expected = expected(isOfTimes);
    if (expected.remaining() < bytes) {
      return Optional.empty(); // it cannot be made as long as the segment takes it to be
    }
    var disk = segment.files().disk();
    try (DiskFile file = disk.open(name).orElseGet(() -> disk.create(name))) {
      file.write(expected.limit(bytes), 0);
      file.truncate(bytes);
    }
    return Optional.of("Wrote " + name + " again, which did not fit its segment");
  }

  /** One byte more than wanted, to see whether there is one. */
  private ByteBuffer read(String name, int bytes) {
    var found = ByteBuffer.allocate(bytes + 1);
    segment.files().open().forget(name);
    int _ = segment.files().open().readIfPossible(name, found, 0);
    return found.flip();
  }

  private boolean isTrue(ByteBuffer found, int bytes, boolean isOfTimes) {
    if (found.remaining() != bytes) {
      return false;
    }
    var truth = places.duplicate().flip();
    while (found.hasRemaining()) {
      var entry = IndexEntry.read(found);
      var place = Place.NONE;
      while (place.position < entry.position() && truth.hasRemaining()) {
        place = Place.read(truth);
      }
      if (!place.bears(entry, isOfTimes, partition)) {
        return false;
      }
    }
    return true;
  }

  /** What the file would hold, had it been written from the batches that are there now. */
  private ByteBuffer expected(boolean isOfTimes) {
    var truth = places.duplicate().flip();
    var all = ByteBuffer.allocate(truth.remaining() / Place.BYTES * IndexEntry.BYTES);
    long lastTime = SegmentState.NO_TIMESTAMP;
    while (truth.hasRemaining()) {
      var place = Place.read(truth);
      if (!isOfTimes || place.latestBefore > lastTime) {
        place.entry(place.leastKey(isOfTimes), partition).write(all);
        lastTime = place.latestBefore;
      }
    }
    return all.flip();
  }

  /**
   * A batch that has an entry, or could have one.
   *
   * @param latestBefore the latest time before it
   */
  private record Place(int position, long baseOffset, long latestBefore, long headerSum) {

    static final int BYTES = 28;
    static final Place NONE = new Place(-1, 0, 0, 0);

    static Place read(ByteBuffer from) {
      return new Place(from.getInt(), from.getLong(), from.getLong(), from.getLong());
    }

    void write(ByteBuffer into) {
      into.putInt(position).putLong(baseOffset).putLong(latestBefore).putLong(headerSum);
    }

    long leastKey(boolean isOfTimes) {
      return isOfTimes ? latestBefore : baseOffset;
    }

    IndexEntry entry(long key, PartitionId partition) {
      return IndexEntry.of(partition, key, position, headerSum);
    }

    boolean bears(IndexEntry entry, boolean isOfTimes, PartitionId partition) {
      boolean isRight = isOfTimes ? entry.key() >= latestBefore : entry.key() == baseOffset;
      return isRight && entry.equals(entry(entry.key(), partition));
    }
  }
}
