package dev.naru.log.segment;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import java.util.List;
import java.util.Optional;

/**
 * Puts a new segment in the place of some closed ones, so that a crash at any moment leaves the old
 * ones or the new one. Each step durable before the next:
 *
 * <ol>
 *   <li>all files of the new segment are there, under names of their own, the seal as the last
 *       ({@link SegmentDraft});
 *   <li>its file of batches is given the name of the first of the old ones: this one rename
 *       decides, and recovery can tell on which side of it a crash was, because the file has one
 *       name;
 *   <li>the other old segments are deleted;
 *   <li>the seal is given its name, so nothing tells of the swap any more.
 * </ol>
 *
 * The owner of the log does the second, which is only names, and goes on with the new segment; the
 * rest waits for the disk and is for any thread. Who must have it done before he goes on, may do it
 * himself: it is done once.
 */
public final class SegmentSwap {

  private final SegmentFiles files;
  private final List<Segment> replaced;
  private final Segment replacement;
  private boolean isFinished; // guarded by this: the preparing thread or the owner finishes

  /**
   * The file that will lose its name, held open. With its last handle a file of a gibibyte takes
   * tens of milliseconds to go, which is not for the owner to wait for.
   */
  private final Optional<DiskFile> nameless;

  SegmentSwap(SegmentFiles files, List<Segment> replaced, Segment replacement) {
    this.files = files;
    this.replaced = List.copyOf(replaced);
    this.replacement = replacement;
    this.nameless = files.disk().open(replaced.getFirst().log());
  }

  /** The segments that go. */
  public List<Segment> replaced() {
    return replaced;
  }

  /** The segment that comes. */
  public Segment replacement() {
    return replacement;
  }

  /** How many bytes fewer there will be. */
  public long bytesFreed() {
    return replaced.stream().mapToLong(Segment::bytes).sum() - replacement.bytes();
  }

  /** Decides it. Only the owner of the log calls this, after views of the log were made old. */
  void commit() {
    takeName(files, replacement.base(), Part.LOG);
    takeName(files, replacement.base(), Part.INDEX);
    takeName(files, replacement.base(), Part.TIME_INDEX);
    replaced.stream().skip(1).forEach(segment -> files.open().forget(segment.log()));
  }

  /** A file that is not there has nothing to say: the old one of that name goes. */
  private static void takeName(SegmentFiles files, long base, Part part) {
    String from = files.replacing().name(base, part);
    String to = files.name(base, part);
    if (files.disk().exists(from)) {
      files.disk().rename(from, to);
      files.open().forget(from);
      files.open().forget(to);
    } else {
      files.deleteIfPresent(to);
    }
  }

  /** Does what is left after it was decided. Waits for the disk. */
  public synchronized void finish() {
    if (!isFinished) {
      finish(files, replacement.base(), replacement.end());
      isFinished = true;
    }
  }

  /** Gives it up before it was decided. */
  public void discard() {
    undo(files, replacement.base());
  }

  /** Lets the file go that has lost its name, if it has. For the thread that prepared the swap. */
  public void letGo() {
    nameless.ifPresent(DiskFile::close);
  }

  /** Deletes what there is of a segment in the making. */
  static void undo(SegmentFiles files, long base) {
    var draft = files.replacing();
    String seal = draft.name(base, Part.SEAL);
    if (files.disk().exists(seal)) {
      files.deleteIfPresent(seal);
      // First: a seal without its batches says that these have their name already.
      files.disk().forceDirectory(files.directory());
    }
    for (Part part : Part.values()) {
      files.deleteIfPresent(draft.name(base, part));
    }
  }

  private static void finish(SegmentFiles files, long base, long end) {
    Disk disk = files.disk();
    disk.forceDirectory(files.directory()); // the old ones must not go before the new one is there
    var superseded = files.bases().subSet(base, false, end, false);
    superseded.forEach(files::deleteSegment);
    if (!superseded.isEmpty()) {
      disk.forceDirectory(files.directory()); // the seal tells where they end, until they are gone
    }
    if (disk.exists(files.name(base, Part.LOG))) {
      takeName(files, base, Part.SEAL);
    } else { // the log no longer wanted the new one either: retention was quicker
      files.deleteIfPresent(files.replacing().name(base, Part.SEAL));
    }
    disk.forceDirectory(files.directory());
  }

  /** Whether one that concerns the segment of this base offset has still to be finished. */
  static boolean isUnderWay(SegmentFiles files, long base) {
    return files.disk().exists(files.replacing().name(base, Part.SEAL));
  }

  /**
   * Finishes or undoes what a crash has left of swaps in a directory. For recovery, before it looks
   * at the segments.
   *
   * @return whether there was anything
   */
  public static boolean recover(SegmentFiles files) {
    var left = files.basesReplacing();
    left.forEach(base -> recover(files, base));
    return !left.isEmpty();
  }

  private static void recover(SegmentFiles files, long base) {
    var draft = files.replacing();
    var seal = SegmentSeal.read(draft, base);
    if (seal.isPresent() && !files.disk().exists(draft.name(base, Part.LOG))) {
      takeNameAgain(files, base, Part.INDEX, seal.get().offsetEntries());
      takeNameAgain(files, base, Part.TIME_INDEX, seal.get().timeEntries());
      finish(files, base, seal.get().state().end());
      return;
    }
    undo(files, base);
  }

  /** An index that has its name already is left alone. */
  private static void takeNameAgain(SegmentFiles files, long base, Part part, int entries) {
    if (entries == 0 || files.disk().exists(files.replacing().name(base, part))) {
      takeName(files, base, part);
    }
  }
}
