package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
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
  private final Entries offsets = new Entries();
  private final Entries latest = new Entries(); // at the same places, the latest time before each
  private final Entries times = new Entries();
  private int lastPosition;
  private long lastTime = SegmentState.NO_TIMESTAMP;

  IndexAudit(Segment segment) {
    this.segment = segment;
  }

  /** Takes note of a batch, as {@link SegmentIndexes} does. */
  void note(BatchHeader header, int position, long maxTimestampBefore) {
    if (position - lastPosition < SegmentIndexes.INTERVAL_BYTES) {
      return;
    }
    lastPosition = position;
    offsets.add(header.baseOffset(), position);
    latest.add(maxTimestampBefore, position);
    if (maxTimestampBefore > lastTime) {
      lastTime = maxTimestampBefore;
      times.add(maxTimestampBefore, position);
    }
  }

  /**
   * Writes again what is not true; says so. Not forced: what a crash leaves of it is no worse than
   * what was there.
   */
  List<String> mend() {
    var mended = new ArrayList<String>();
    mend(Part.INDEX, segment.offsets().inFile(), offsets, offsets, true).ifPresent(mended::add);
    mend(Part.TIME_INDEX, segment.times().inFile(), times, latest, false).ifPresent(mended::add);
    return mended;
  }

  private Optional<String> mend(
      Part part, int entries, Entries expected, Entries least, boolean isExact) {
    String name = segment.files().name(segment.base(), part);
    int bytes = entries * IndexView.ENTRY_BYTES;
    if (isTrue(read(name, bytes), bytes, least, isExact) || expected.bytes() < bytes) {
      return Optional.empty(); // or it cannot be made as long as the segment takes it to be
    }
    var disk = segment.files().disk();
    try (DiskFile file = disk.open(name).orElseGet(() -> disk.create(name))) {
      file.write(expected.first(bytes), 0);
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

  private static boolean isTrue(ByteBuffer found, int bytes, Entries least, boolean isExact) {
    if (found.remaining() != bytes) {
      return false;
    }
    var truth = least.first(least.bytes());
    while (found.hasRemaining()) {
      long key = found.getLong();
      int position = found.getInt();
      long right = 0;
      int at = -1;
      while (at < position && truth.hasRemaining()) {
        right = truth.getLong();
        at = truth.getInt();
      }
      if (at != position || key < right || (isExact && key > right)) {
        return false;
      }
    }
    return true;
  }

  /** Entries as they are in a file. */
  private static final class Entries {

    private ByteBuffer all = ByteBuffer.allocate(64 * IndexView.ENTRY_BYTES);

    void add(long key, int position) {
      if (!all.hasRemaining()) {
        all = ByteBuffer.allocate(2 * all.capacity()).put(all.flip());
      }
      all.putLong(key).putInt(position);
    }

    int bytes() {
      return all.position();
    }

    ByteBuffer first(int bytes) {
      return all.duplicate().position(0).limit(bytes);
    }
  }
}
