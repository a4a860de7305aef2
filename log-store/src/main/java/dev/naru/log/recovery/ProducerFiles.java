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
 * <p>Any thread; but the halves of a write, {@link #prepare} and {@link #publish}, are only for a
 * log that nobody uses any more.
 */
public final class ProducerFiles {

  /** Ends the names of these files, after 20 digits. */
  private static final String SUFFIX = ".producers";

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

  /** The snapshot at this offset, unless it is missing or not what was written there. */
  public synchronized Optional<ProducerSnapshot> read(long offset) {
    return switch (ChecksummedText.readIfPossible(disk, name(offset), KIND, VERSION)) {
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
   * Deletes all but the newest and the one to go back to. That they are gone need not be durable.
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
  }

  /**
   * Deletes those that tell of more than the log will hold. Durable when it returns. Does nothing
   * if there is none.
   */
  public synchronized void deleteAbove(long end) {
    leftOutAt = Math.min(leftOutAt, end);
    delete(new ArrayList<>(offsets.tailSet(end, false)));
  }

  /** Deletes all. Durable when it returns. */
  public synchronized void deleteAll() {
    leftOutAt = 0;
    delete(new ArrayList<>(offsets));
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

  private void delete(List<Long> gone) {
    if (!gone.isEmpty()) {
      gone.reversed().forEach(this::delete);
      disk.forceDirectory(directory);
    }
  }

  private void delete(long offset) {
    CheckpointFile.deleteIfPresent(disk, name(offset));
    offsets.remove(offset);
    sound.remove(offset);
  }
}
