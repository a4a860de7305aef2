package dev.naru.log.segment;

import dev.naru.log.disk.OpenFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A sparse index as it was at one moment, for any thread: the entries in its file, then those not
 * yet written there. An index is a cache. Whoever is given a position looks at the batch there
 * before believing it.
 */
final class IndexView {

  /** A key and a position. */
  static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;

  private static final long[] NO_KEYS = {};
  private static final int[] NO_POSITIONS = {};

  /** How many entries are read at once: a page. */
  private static final int BLOCK = 4096 / ENTRY_BYTES;

  private final OpenFiles files;
  private final String name;
  private final int inFile;
  private final long[]
      keys; // of the entries that are not in the file; never changed below inMemory
  private final int[] positions;
  private final int inMemory;

  IndexView(OpenFiles files, String name, int inFile, long[] keys, int[] positions, int inMemory) {
    this.files = files;
    this.name = name;
    this.inFile = inFile;
    this.keys = keys;
    this.positions = positions;
    this.inMemory = inMemory;
  }

  /** The first entries of a closed segment's index. */
  static IndexView ofFile(OpenFiles files, String name, int entries) {
    return new IndexView(files, name, entries, NO_KEYS, NO_POSITIONS, 0);
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
    int at = Arrays.binarySearch(keys, 0, inMemory, key);
    int inTail = at >= 0 ? at : -at - 2;
    if (inTail >= 0) {
      return positions[inTail];
    }
    return inFile == 0 ? 0 : floorInFile(key);
  }

  private int floorInFile(long key) {
    int low = 0;
    int high = inFile;
    while (high - low > BLOCK) { // Invariant: the answer is in [low, high), or there is none.
      int middle = (low + high) >>> 1;
      var block = block(middle, 1);
      if (block.remaining() >= ENTRY_BYTES && block.getLong(0) <= key) {
        low = middle;
      } else {
        high = middle;
      }
    }
    var block = block(low, high - low);
    int position = 0;
    while (block.remaining() >= ENTRY_BYTES && block.getLong() <= key) {
      position = block.getInt();
    }
    return position;
  }

  /** How many entries of the file are for places below this position. */
  int countBelow(int position) {
    int low = 0;
    int high = inFile;
    while (low < high) {
      int middle = (low + high) >>> 1;
      var block = block(middle, 1);
      if (block.remaining() >= ENTRY_BYTES && block.getInt(Long.BYTES) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Entries from the file; fewer when it is shorter, none when it is gone or unreadable. */
  private ByteBuffer block(int first, int count) {
    var entries = ByteBuffer.allocate(count * ENTRY_BYTES);
    int read = files.readIfPossible(name, entries, (long) first * ENTRY_BYTES);
    return entries.flip().limit(read);
  }

  /** The last entry's position; 0 if there is no entry. */
  int lastPosition() {
    return floor(Long.MAX_VALUE);
  }
}
