package dev.naru.log.recovery;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

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
 * <p>Beside them there may be one that was never forced, of a more recent end: for the start after
 * a kill, which finds it in the page cache. After a power cut it may be torn, which is no loss.
 * Nothing relies on it: only where one of the others is, batches may go.
 *
 * <p>Any thread; but the halves of a write, {@link #prepare} and {@link #publish}, are only for a
 * log that nobody uses any more.
 */
public final class ProducerFiles {

  /** Ends the names of these files, after 20 digits. */
  private static final String SUFFIX = ".producers";

  /** Follows that in the name of one that nobody has forced. */
  public static final String UNFORCED = ".unforced";

  private static final int DIGITS = 20;
  private static final String KIND = "producers";
  private static final int VERSION = 1;

  /** One, so that what crashes leave of them is replaced by the next. */
  private static final String UNFINISHED = "producers.tmp";

  private final Disk disk;
  private final String directory;
  private final String owner;
  private final NavigableSet<Long> offsets = new TreeSet<>(); // of the files; guarded by this
  private final NavigableSet<Long> sound = new TreeSet<>(); // of them, those written or read here
  private final NavigableSet<Long> unforced = new TreeSet<>(); // beside them; guarded by this
  private long leftOutAt; // guarded by this, as the others

  /** Of this partition's log, of which no snapshot is known yet. */
  public ProducerFiles(Disk disk, PartitionId partition) {
    this.disk = disk;
    this.directory = partition.toString();
    this.owner = "partition " + partition;
  }

  /** The offset of a snapshot by the name of its file. */
  static OptionalLong offsetOf(String name) {
    if (name.length() != DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return OptionalLong.empty();
    }
    String digits = name.substring(0, DIGITS);
    try {
      return digits.chars().allMatch(c -> c >= '0' && c <= '9')
          ? OptionalLong.of(Long.parseLong(digits))
          : OptionalLong.empty();
    } catch (NumberFormatException aboveLong) {
      return OptionalLong.empty();
    }
  }

  /** The same of one that was never forced. */
  static OptionalLong unforcedOffsetOf(String name) {
    return name.endsWith(UNFORCED)
        ? offsetOf(name.substring(0, name.length() - UNFORCED.length()))
        : OptionalLong.empty();
  }

  private String unforcedName(long offset) {
    return name(offset) + UNFORCED;
  }

  private String name(long offset) {
    String digits = Long.toString(offset);
    return directory + "/" + "0".repeat(DIGITS - digits.length()) + digits + SUFFIX;
  }

  /**
   * These were found in the log's directory.
   *
   * @param used the one that the log goes on from
   */
  public synchronized void found(Collection<Long> found, OptionalLong used) {
    offsets.addAll(found);
    used.ifPresent(sound::add);
  }

  /** These were found as well, never forced. */
  public synchronized void foundUnforced(Collection<Long> found) {
    unforced.addAll(found);
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
    return new TreeSet<>(offsets);
  }

  /** The offsets of those that were never forced. */
  synchronized NavigableSet<Long> unforcedOffsets() {
    return new TreeSet<>(unforced);
  }

  /** The snapshot at this offset, unless it is missing or not what was written there. */
  public synchronized Optional<ProducerSnapshot> read(long offset) {
    return read(name(offset), offset);
  }

  /** The same of one that was never forced. */
  synchronized Optional<ProducerSnapshot> readUnforced(long offset) {
    return read(unforcedName(offset), offset);
  }

  private Optional<ProducerSnapshot> read(String name, long offset) {
    return switch (ChecksummedText.readIfPossible(disk, name, KIND, VERSION)) {
      case Content.Lines(var lines) when !lines.isEmpty() && lines.getFirst().equals(owner) ->
          ProducerText.parse(lines.subList(1, lines.size()))
              .filter(found -> found.offset() == offset);
      case Content.Lines _, Content.Missing _, Content.Damaged _ -> Optional.empty();
    };
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
      prepare(snapshot, true);
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
    boolean isNews = offsets.ceiling(offset) == null && unforced.ceiling(offset) == null;
    if (isNews && isWanted.getAsBoolean()) {
      prepare(snapshot, false);
      disk.rename(unfinished(), unforcedName(offset));
      deleteUnforced(unforcedOffsets());
      unforced.add(offset);
    }
  }

  /** Deletes these, of which nobody needs to know that they are gone. */
  synchronized void deleteUnforced(Collection<Long> gone) {
    gone.forEach(offset -> CheckpointFile.deleteIfPresent(disk, unforcedName(offset)));
    unforced.removeAll(gone);
  }

  /** The first half of a write, for whoever forces many at once after it. */
  public synchronized void prepare(ProducerSnapshot snapshot) {
    prepare(snapshot, false);
  }

  private void prepare(ProducerSnapshot snapshot, boolean isForced) {
    var lines = new ArrayList<String>();
    lines.add(owner);
    lines.addAll(ProducerText.lines(snapshot));
    CheckpointFile.deleteIfPresent(disk, unfinished());
    try (var file = disk.create(unfinished())) {
      file.write(ChecksummedText.encode(KIND, VERSION, lines), 0);
      if (isForced) {
        file.force();
      }
    }
  }

  /** The other half, after a force; durable after another one. */
  public synchronized void publish(ProducerSnapshot snapshot) {
    disk.rename(unfinished(), name(snapshot.offset()));
    offsets.add(snapshot.offset());
    sound.add(snapshot.offset());
  }

  private String unfinished() {
    return directory + "/" + UNFINISHED;
  }

  /**
   * Deletes all but the newest and the one to go back to, and what is older and was never forced.
   * That they are gone need not be durable.
   *
   * @param committedEnd below this the log will not be cut
   */
  public synchronized void prune(long committedEnd) {
    if (offsets.isEmpty()) {
      return;
    }
    var before = List.copyOf(offsets.headSet(offsets.last(), false));
    var committed = before.stream().filter(offset -> offset <= committedEnd).toList();
    var kept = committed.isEmpty() ? before : committed;
    before.stream().filter(offset -> !offset.equals(kept.getLast())).forEach(this::delete);
    deleteUnforced(new TreeSet<>(unforced.headSet(offsets.last(), true)));
  }

  /**
   * Deletes those that tell of more than the log will hold. Durable when it returns. Does nothing
   * if there is none.
   */
  public synchronized void deleteAbove(long end) {
    leftOutAt = Math.min(leftOutAt, end);
    deleteAll(offsets.tailSet(end, false), unforced.tailSet(end, false));
  }

  /** Deletes all. Durable when it returns. */
  public synchronized void deleteAll() {
    leftOutAt = 0;
    deleteAll(offsets, unforced);
  }

  /** Deletes one that is of no use, unless it is another log's: that is nobody's here. */
  public synchronized void discard(long offset) {
    boolean isOthers =
        ChecksummedText.readIfPossible(disk, name(offset), KIND, VERSION)
                instanceof Content.Lines(var lines)
            && !lines.isEmpty()
            && !lines.getFirst().equals(owner);
    if (isOthers) {
      offsets.remove(offset);
    } else {
      delete(offset);
    }
  }

  private void deleteAll(NavigableSet<Long> gone, NavigableSet<Long> goneUnforced) {
    if (!gone.isEmpty() || !goneUnforced.isEmpty()) {
      deleteUnforced(new TreeSet<>(goneUnforced));
      new ArrayList<>(gone).reversed().forEach(this::delete);
      disk.forceDirectory(directory);
    }
  }

  private void delete(long offset) {
    CheckpointFile.deleteIfPresent(disk, name(offset));
    offsets.remove(offset);
    sound.remove(offset);
  }
}
