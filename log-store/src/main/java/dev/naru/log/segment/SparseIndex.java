package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds places in the file of the segment being appended to: some keys and where they are, both
 * rising. Owned by the log's owner.
 *
 * <pre>
 * entry:  0 key (8)   8 position (4)   12 check (4)
 * </pre>
 *
 * What ties an entry to its batch, {@link IndexEntry} says. Entries are gathered in memory and
 * written, never mapped, some at a time. They are not forced: after a crash what is missing or does
 * not fit is made anew from the log.
 */
final class SparseIndex {

  /** Entries gathered before they are written: a write for every quarter MiB of small batches. */
  private static final int GATHERED_MAX = 64;

  private final SegmentFiles files;
  private final String name;

  /** Opened for writing, once there is something to write. */
  private Optional<DiskFile> file = Optional.empty();

  private int inFile;
  private long[] keys = new long[4];
  private int[] positions = new int[4];
  private int[] checks = new int[4];
  private int inMemory;
  private Optional<IndexView> view = Optional.empty(); // until something changes

  private SparseIndex(SegmentFiles files, String name, int inFile) {
    this.files = files;
    this.name = name;
    this.inFile = inFile;
  }

  /** An index over the first entries of what the file holds, of which the rest is cut off. */
  static SparseIndex keeping(SegmentFiles files, String name, int entries) {
    var index = new SparseIndex(files, name, entries);
    index.file = files.disk().open(name);
    index.file.ifPresent(file -> {
      if (file.size() > index.fileBytes()) {
        file.truncate(index.fileBytes());
      }
    });
    return index;
  }

  boolean isFull() {
    return inMemory == GATHERED_MAX;
  }

  /** Adds an entry; key and position must be above those of the last. */
  void add(IndexEntry entry) {
    if (inMemory == keys.length) {
      // Views may hold the arrays, so they are replaced, not written over.
      keys = Arrays.copyOf(keys, inMemory * 2);
      positions = Arrays.copyOf(positions, inMemory * 2);
      checks = Arrays.copyOf(checks, inMemory * 2);
    }
    keys[inMemory] = entry.key();
    positions[inMemory] = entry.position();
    checks[inMemory] = entry.check();
    inMemory++;
    view = Optional.empty();
  }

  /** Writes what was gathered. */
  void flush() {
    if (inMemory == 0) {
      return;
    }
    var entries = ByteBuffer.allocate(inMemory * IndexEntry.BYTES);
    for (int i = 0; i < inMemory; i++) {
      new IndexEntry(keys[i], positions[i], checks[i]).write(entries);
    }
    if (file.isEmpty()) {
      file = Optional.of(files.disk().open(name).orElseGet(() -> files.disk().create(name)));
    }
    file.get().write(entries.flip(), fileBytes());
    inFile += inMemory;
    inMemory = 0;
    keys = new long[GATHERED_MAX];
    positions = new int[GATHERED_MAX];
    checks = new int[GATHERED_MAX];
    view = Optional.empty();
  }

  /** Drops the entries of places at or above this one. */
  void cutTo(int position) {
    flush();
    int kept = view().countBelow(position);
    if (kept < inFile) {
      inFile = kept;
      file.ifPresent(opened -> opened.truncate(fileBytes()));
      view = Optional.empty();
    }
  }

  IndexView view() {
    if (view.isEmpty()) {
      view =
          Optional.of(new IndexView(files.open(), name, inFile, keys, positions, checks, inMemory));
    }
    return view.get();
  }

  /** The file as it is, to be forced and closed by whoever seals the segment. */
  Optional<DiskFile> file() {
    return file;
  }

  private long fileBytes() {
    return (long) inFile * IndexEntry.BYTES;
  }
}
