package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds out how much of an index file can be believed. */
public final class IndexCheck {

  private static final int BLOCK_BYTES = 1024 * IndexEntry.BYTES; // 16 KiB

  private IndexCheck() {}

  /**
   * The entries that rise, lie below a place in the log that is known to be sound, and the last of
   * which leads to the batch it names. None at all if that one does not.
   */
  public static KeptEntries sound(SegmentFiles files, long base, int below) {
    if (below <= SegmentIndexes.INTERVAL_BYTES) {
      return KeptEntries.NONE; // there is nothing to keep, or not worth the look
    }
    var offsets = new Prefix(files, files.name(base, Part.INDEX), base, below);
    if (offsets.count == 0 || !leadsToItsBatch(files, base, offsets)) {
      return KeptEntries.NONE;
    }
    var times =
        new Prefix(
            files, files.name(base, Part.TIME_INDEX), Long.MIN_VALUE, offsets.lastPosition + 1);
    long lastTime = times.count == 0 ? SegmentState.NO_TIMESTAMP : times.lastKey;
    return new KeptEntries(offsets.count, times.count, offsets.lastPosition, lastTime);
  }

  /** Whether a closed segment's index files are as long as its seal says. */
  public static boolean fits(SegmentFiles files, SegmentSeal seal) {
    return hasEntries(files, files.name(seal.state().base(), Part.INDEX), seal.offsetEntries())
        && hasEntries(files, files.name(seal.state().base(), Part.TIME_INDEX), seal.timeEntries());
  }

  /**
   * A closed segment with indexes made anew from its batches; empty when it has not the batches it
   * should.
   */
  public static Optional<Segment> rebuilt(Segment segment) {
    var indexes = SegmentIndexes.empty(segment.files(), segment.base());
    var read = SegmentState.empty(segment.base());
    var walk = segment.walk();
    while (walk.advance()) {
      indexes.note(walk.header(), walk.position(), read.maxTimestamp());
      read = read.with(walk.header());
    }
    indexes.flush();
    for (DiskFile file : indexes.files()) {
      file.force(); // the seal tells only their lengths, which may come to disk without the bytes
      file.close();
    }
    if (walk.fault().isPresent() || read.headerSum() != segment.state().headerSum()) {
      return Optional.empty();
    }
    var rebuilt = segment.withIndexes(indexes);
    try (var seal = SegmentSeal.of(rebuilt).write(segment.files())) {
      seal.force(); // it tells how many entries there are
    }
    segment.files().disk().forceDirectory(segment.files().directory());
    return Optional.of(rebuilt);
  }

  private static boolean hasEntries(SegmentFiles files, String name, int entries) {
    long bytes = (long) entries * IndexEntry.BYTES;
    var file = files.disk().open(name);
    if (file.isEmpty()) {
      return entries == 0;
    }
    try (var opened = file.get()) {
      return opened.size() == bytes;
    }
  }

  private static boolean leadsToItsBatch(SegmentFiles files, long base, Prefix offsets) {
    var baseOffset = ByteBuffer.allocate(Long.BYTES);
    int read =
        files.open().readIfPossible(files.name(base, Part.LOG), baseOffset, offsets.lastPosition);
    return read == Long.BYTES && baseOffset.getLong(0) == offsets.lastKey;
  }

  /** The first entries of an index file, as far as they rise. */
  private static final class Prefix {

    private final int below;
    int count;
    long lastKey;
    int lastPosition;

    Prefix(SegmentFiles files, String name, long keysAbove, int below) {
      this.below = below;
      this.lastKey = keysAbove;
      var block = ByteBuffer.allocate(BLOCK_BYTES);
      int read;
      do {
        block.clear();
        read = files.open().readIfPossible(name, block, (long) count * IndexEntry.BYTES);
        block.flip();
      } while (takeAll(block) && read == BLOCK_BYTES);
    }

    private boolean takeAll(ByteBuffer block) {
      while (block.remaining() >= IndexEntry.BYTES) {
        var entry = IndexEntry.read(block);
        if (entry.key() <= lastKey
            || entry.position() <= lastPosition
            || entry.position() >= below) {
          return false;
        }
        count++;
        lastKey = entry.key();
        lastPosition = entry.position();
      }
      return true;
    }
  }
}
