package dev.naru.log.recovery;

import dev.naru.log.disk.Disk;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What lies beside the forced snapshots of a log's producers: one that nobody has forced, of a more
 * recent end. It is for the start after a kill, which finds it in the page cache. After a power cut
 * it may be torn, which is no loss. Nothing relies on it: batches go only where a forced one tells
 * of them.
 *
 * <p>Each takes the place of the one before; where a process ended in between, two are there.
 *
 * <p>Guarded by {@link ProducerFiles}, as the forced ones are.
 */
public final class UnforcedSnapshots {

  /** Follows the ending of those that are forced. */
  private static final String UNFORCED = ".unforced";

  private static final String ENDING = ProducerFiles.ENDING + UNFORCED;

  private final SnapshotFiles files;

  /** Of this partition's log, of which none is known yet. */
  UnforcedSnapshots(Disk disk, PartitionId partition) {
    this.files = new SnapshotFiles(disk, partition, ENDING);
  }

  /** Whether a file of this name is one: it may be torn, and nothing is the worse for it. */
  public static boolean isOne(String name) {
    return name.endsWith(UNFORCED);
  }

  /** The offset of one by the name of its file. */
  static OptionalLong offsetOf(String name) {
    return SnapshotFiles.offsetOf(name, ENDING);
  }

  /** These were found in the log's directory. */
  void found(Collection<Long> found) {
    files.found(found);
  }

  /** The offsets of those there are, as of now. */
  NavigableSet<Long> offsets() {
    return files.offsets();
  }

  /**
   * The newest of some that is what was written there and fits the log. All others are of no use
   * and are deleted without a word: none was ever promised.
   *
   * @param wanted the offsets of those that may be it
   */
  Optional<ProducerSnapshot> keepNewest(
      NavigableSet<Long> wanted, Predicate<ProducerSnapshot> fits) {
    var newest =
        wanted.descendingSet().stream()
            .flatMap(offset -> files.read(offset).stream())
            .filter(fits)
            .findFirst();
    var useless = files.offsets();
    newest.map(ProducerSnapshot::offset).ifPresent(useless::remove);
    delete(useless);
    return newest;
  }

  /** Writes one in the place of all others. Waits for no force. */
  void replaceBy(ProducerSnapshot snapshot) {
    var before = files.offsets();
    files.draft(snapshot);
    files.publish(snapshot.offset());
    delete(before);
  }

  /** Deletes these. That they are gone need not be durable. */
  void delete(Collection<Long> gone) {
    gone.forEach(files::delete);
  }
}
