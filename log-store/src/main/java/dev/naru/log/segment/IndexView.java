package dev.naru.log.segment;

import dev.naru.log.disk.OpenFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A sparse index as it was at one moment, for any thread: the entries in its file, then those not
 * yet written there. An index is a cache. Whoever is given a position looks at the batch there
 * before believing it.
 */
final class IndexView {

  private static final long[] NO_KEYS = {};
  private static final int[] NONE = {};

  /** How many entries are read at once: a page. */
  private static final int BLOCK = 4096 / IndexEntry.BYTES;

  private final OpenFiles files;
  private final String name;
  private final int inFile;
  private final long[]
      keys; // of the entries that are not in the file; never changed below inMemory
  private final int[] positions;
  private final int[] checks;
  private final int inMemory;

  IndexView(
      OpenFiles files,
      String name,
      int inFile,
      long[] keys,
      int[] positions,
      int[] checks,
      int inMemory) {
    this.files = files;
    this.name = name;
    this.inFile = inFile;
    this.keys = keys;
    this.positions = positions;
    this.checks = checks;
    this.inMemory = inMemory;
  }

  /** The first entries of a closed segment's index. */
  static IndexView ofFile(OpenFiles files, String name, int entries) {
    return new IndexView(files, name, entries, NO_KEYS, NONE, NONE, 0);
  }

  /** How many entries are in the file. */
  int inFile() {
    return inFile;
  }

  /**
   * The position with the greatest key up to this one; 0, where every segment begins, if there is
   * none.
   */
  int floor(long key) {
    return floorEntry(key).map(IndexEntry::position).orElse(0);
  }

  /** The entry with the greatest key up to this one. Whether it is true, it does not know. */
  Optional<IndexEntry> floorEntry(long key) {
    int at = Arrays.binarySearch(keys, 0, inMemory, key);
    int inTail = at >= 0 ? at : -at - 2;
    if (inTail >= 0) {
      return Optional.of(new IndexEntry(keys[inTail], positions[inTail], checks[inTail]));
    }
    return inFile == 0 ? Optional.empty() : floorInFile(key);
  }

  private Optional<IndexEntry> floorInFile(long key) {
    int low = 0;
    int high = inFile;
    while (high - low > BLOCK) { // Invariant: the answer is in [low, high), or there is none.
      int middle = (low + high) >>> 1;
      var block = block(middle, 1);
      if (block.remaining() >= IndexEntry.BYTES && block.getLong(0) <= key) {
        low = middle;
      } else {
        high = middle;
      }
    }
    var block = block(low, high - low);
    Optional<IndexEntry> floor = Optional.empty();
    while (block.remaining() >= IndexEntry.BYTES && block.getLong(block.position()) <= key) {
      floor = Optional.of(IndexEntry.read(block));
    }
    return floor;
  }

  /** How many entries of the file are for places below this position. */
  int countBelow(int position) {
    int low = 0;
    int high = inFile;
    while (low < high) {
      int middle = (low + high) >>> 1;
      var block = block(middle, 1);
      if (block.remaining() >= IndexEntry.BYTES && block.getInt(Long.BYTES) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Entries from the file; fewer when it is shorter, none when it is gone or unreadable. */
  private ByteBuffer block(int first, int count) {
    var entries = ByteBuffer.allocate(count * IndexEntry.BYTES);
    int read = files.readIfPossible(name, entries, (long) first * IndexEntry.BYTES);
    return entries.flip().limit(read);
  }

  /** The last entry's position; 0 if there is no entry. */
  int lastPosition() {
    return floor(Long.MAX_VALUE);
  }
}
