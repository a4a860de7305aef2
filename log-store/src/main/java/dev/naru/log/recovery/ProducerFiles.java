package dev.naru.log.recovery;

import dev.naru.log.disk.Disk;
import dev.naru.log.recovery.FoundProducers.Source;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The snapshots of a log's {@code ProducerLedger} on disk, so that a start need not read the
 * headers of the whole log, and so that what is known of producers outlives their batches. Each is
 * a file of its own, named by the offset at which the log ended. Two are kept: the newest, and the
 * newest before it that is committed, since the log may be cut below one that is not.
 *
 * <p>A snapshot tells only of what was durable before it was written. The order in which a log is
 * cut keeps it from telling of batches that are not there any more: first the log is counted as
 * cut, then snapshots above the new end are deleted, durably, then the log is cut. One that is
 * being written meanwhile is finished before the deletion; none begins after it.
 *
 * <p>Beside them there may be one that was never forced: {@link UnforcedSnapshots}.
 *
 * <p>Any thread; but the halves of a write, {@link #prepare} and {@link #publish}, are only for a
 * log that nobody uses any more.
 */
public final class ProducerFiles {

  /** Ends the names of these files. */
  static final String ENDING = ".producers";

  private final Disk disk;
  private final String directory;
  private final SnapshotFiles forced; // guarded by this, as the others
  private final UnforcedSnapshots unforced;
  private final NavigableSet<Long> sound = new TreeSet<>(); // of forced: those written or read here
  private long leftOutAt;

  /** Of this partition's log, of which no snapshot is known yet. */
  public ProducerFiles(Disk disk, PartitionId partition) {
    this.disk = disk;
    this.directory = partition.toString();
    this.forced = new SnapshotFiles(disk, partition, ENDING);
    this.unforced = new UnforcedSnapshots(disk, partition);
  }

  /** The offset of a snapshot by the name of its file. */
  static OptionalLong offsetOf(String name) {
    return SnapshotFiles.offsetOf(name, ENDING);
  }

  /** These lie in the log's directory, and nobody has looked into them. */
  public synchronized void found(Collection<Long> forcedOffsets, Collection<Long> unforcedOffsets) {
    forced.found(forcedOffsets);
    unforced.found(unforcedOffsets);
  }

  /**
   * The log goes on from this.
   *
   * @param forcedOffsets of the snapshots that lie in its directory
   */
  public synchronized void goOn(Source source, Collection<Long> forcedOffsets) {
    forced.found(forcedOffsets);
    switch (source) {
      case Source.Forced(long offset) -> sound.add(offset);
      case Source.Unforced(long offset) -> unforced.found(List.of(offset));
      case Source.Nothing _, Source.Headers _ -> {}
    }
  }

  /** Whether what there is to be said of the log at this offset has been written. */
  public synchronized boolean has(long offset) {
    return sound.contains(offset);
  }

  /** The newest that is known to be as it was written. */
  public synchronized OptionalLong newest() {
    return sound.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sound.last());
  }

  /** For the snapshot at this offset there was no room. */
  public synchronized void leftOut(long offset) {
    leftOutAt = Math.max(leftOutAt, offset);
  }

  /**
   * Whether of whoever wrote below this offset it is written what is known of them, and stays so:
   * then batches there may be deleted. Where there was no room to write it they may go too, to make
   * some.
   *
   * @param committedEnd what tells of more may be part of a cut
   */
  public synchronized boolean outlive(long end, long committedEnd) {
    Long newest = sound.floor(committedEnd);
    return (newest != null && end <= newest) || end <= leftOutAt;
  }

  /** The offsets of the snapshots there are. */
  public synchronized NavigableSet<Long> offsets() {
    return forced.offsets();
  }

  /** The snapshot at this offset, unless it is missing or not what was written there. */
  public synchronized Optional<ProducerSnapshot> read(long offset) {
    return forced.read(offset);
  }

  /**
   * The newest that was never forced, if it is of use to a log that ends here: if it tells of more
   * than those that were forced, and fits. All others of them are deleted.
   */
  synchronized Optional<ProducerSnapshot> newestUnforced(
      long end, Predicate<ProducerSnapshot> fits) {
    var wanted = unforced.offsets().headSet(end, true);
    Long newestForced = forced.offsets().floor(end);
    return unforced.keepNewest(
        newestForced == null ? wanted : wanted.tailSet(newestForced, false), fits);
  }

  /**
   * Writes a snapshot, durably, unless it is no longer wanted; then deletes those that are not
   * needed any more.
   *
   * @param isWanted whether the log is the one that the snapshot was taken of
   * @param committedEnd as in {@link #prune}
   */
  public synchronized void write(
      ProducerSnapshot snapshot, BooleanSupplier isWanted, long committedEnd) {
    if (isWanted.getAsBoolean()) {
      forced.draftForced(snapshot);
      publish(snapshot);
      disk.forceDirectory(directory);
      prune(committedEnd);
    }
  }

  /**
   * Writes a snapshot that may be lost, unless it is no longer wanted, in the place of the last
   * such one. Waits for no force.
   *
   * @param isWanted as in {@link #write}
   */
  public synchronized void writeUnforced(ProducerSnapshot snapshot, BooleanSupplier isWanted) {
    long offset = snapshot.offset();
    boolean isNews =
        forced.offsets().ceiling(offset) == null && unforced.offsets().ceiling(offset) == null;
    if (isNews && isWanted.getAsBoolean()) {
      unforced.replaceBy(snapshot);
    }
  }

  /** The first half of a write, for whoever forces many at once after it. */
  public synchronized void prepare(ProducerSnapshot snapshot) {
    forced.draft(snapshot);
  }

  /** The other half, after a force; durable after another one. */
  public synchronized void publish(ProducerSnapshot snapshot) {
    forced.publish(snapshot.offset());
    sound.add(snapshot.offset());
  }

  /**
   * Deletes all but the newest and the one to go back to, and what is older and was never forced.
   * That they are gone need not be durable.
   *
   * @param committedEnd below this the log will not be cut
   */
  public synchronized void prune(long committedEnd) {
    var offsets = forced.offsets();
    if (offsets.isEmpty()) {
      return;
    }
    var before = List.copyOf(offsets.headSet(offsets.last(), false));
    var committed = before.stream().filter(offset -> offset <= committedEnd).toList();
    var kept = committed.isEmpty() ? before : committed;
    before.stream().filter(offset -> !offset.equals(kept.getLast())).forEach(this::delete);
    unforced.delete(unforced.offsets().headSet(offsets.last(), true));
  }

  /**
   * Deletes those that tell of more than the log will hold. Durable when it returns. Does nothing
   * if there is none.
   */
  public synchronized void deleteAbove(long end) {
    leftOutAt = Math.min(leftOutAt, end);
    deleteDurably(forced.offsets().tailSet(end, false), unforced.offsets().tailSet(end, false));
  }

  /** Deletes all. Durable when it returns. */
  public synchronized void deleteAll() {
    leftOutAt = 0;
    deleteDurably(forced.offsets(), unforced.offsets());
  }

  private void deleteDurably(NavigableSet<Long> gone, NavigableSet<Long> goneUnforced) {
    if (!gone.isEmpty() || !goneUnforced.isEmpty()) {
      unforced.delete(goneUnforced);
      gone.descendingSet().forEach(this::delete);
      disk.forceDirectory(directory);
    }
  }

  private void delete(long offset) {
    forced.delete(offset);
    sound.remove(offset);
  }

  /** Deletes one that is of no use, unless it is another log's: that is nobody's here. */
  public synchronized void discard(long offset) {
    if (forced.isOthers(offset)) {
      forced.forget(offset);
    } else {
      delete(offset);
    }
  }
}
