package dev.naru.log.recovery;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Those files in a log's directory that hold snapshots of its producers and have the same ending.
 * Each is named by the offset at which the log ended, in 20 digits. It is drafted first, under a
 * name that nobody takes for a snapshot, and published when it is whole.
 *
 * <p>Which of them there are to be, and which are forced, is for others to say. Not for two threads
 * at a time: {@link ProducerFiles} guards it.
 */
final class SnapshotFiles {

  private static final int DIGITS = 20;
  private static final String KIND = "producers";
  private static final int VERSION = 1;

  /** One for all endings, so that what crashes leave of drafts is replaced by the next. */
  private static final String DRAFT = "producers.tmp";

  private final Disk disk;
  private final String directory;
  private final String ending;
  private final String owner;
  private final NavigableSet<Long> offsets = new TreeSet<>();

  /** Those of this partition's log, none of which is known yet. */
  SnapshotFiles(Disk disk, PartitionId partition, String ending) {
    this.disk = disk;
    this.directory = partition.toString();
    this.ending = ending;
    this.owner = "partition " + partition;
  }

  /** The offset of a snapshot by the name of its file, if that has this ending. */
  static OptionalLong offsetOf(String name, String ending) {
    if (name.length() != DIGITS + ending.length() || !name.endsWith(ending)) {
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
    return directory + "/" + "0".repeat(DIGITS - digits.length()) + digits + ending;
  }

  private String draft() {
    return directory + "/" + DRAFT;
  }

  /** These were found in the directory. */
  void found(Collection<Long> found) {
    offsets.addAll(found);
  }

  /** The offsets of those there are, as of now. */
  NavigableSet<Long> offsets() {
    return new TreeSet<>(offsets);
  }

  /** The snapshot at this offset, unless it is missing or not what was written there. */
  Optional<ProducerSnapshot> read(long offset) {
    return soundLines(offset)
        .filter(this::areOurs)
        .flatMap(lines -> ProducerText.parse(lines.subList(1, lines.size())))
        .filter(found -> found.offset() == offset);
  }

  /** Whether what lies there is sound, but another log's. */
  boolean isOthers(long offset) {
    return soundLines(offset).filter(lines -> !areOurs(lines)).isPresent();
  }

  /** The first of them says whose they are. */
  private Optional<List<String>> soundLines(long offset) {
    return switch (ChecksummedText.readIfPossible(disk, name(offset), KIND, VERSION)) {
      case Content.Lines(var lines) when !lines.isEmpty() -> Optional.of(lines);
      case Content.Lines _, Content.Missing _, Content.Damaged _ -> Optional.empty();
    };
  }

  private boolean areOurs(List<String> lines) {
    return lines.getFirst().equals(owner);
  }

  /** Writes a draft in the place of the one before, and does not force it. */
  void draft(ProducerSnapshot snapshot) {
    draft(snapshot, file -> {});
  }

  /** Writes a draft in the place of the one before, and forces its bytes. */
  void draftForced(ProducerSnapshot snapshot) {
    draft(snapshot, DiskFile::force);
  }

  private void draft(ProducerSnapshot snapshot, Consumer<DiskFile> whenWritten) {
    var lines = new ArrayList<String>();
    lines.add(owner);
    lines.addAll(ProducerText.lines(snapshot));
    CheckpointFile.deleteIfPresent(disk, draft());
    try (var file = disk.create(draft())) {
      file.write(ChecksummedText.encode(KIND, VERSION, lines), 0);
      whenWritten.accept(file);
    }
  }

  /** Gives the draft its name, which nobody has forced yet. */
  void publish(long offset) {
    disk.rename(draft(), name(offset));
    offsets.add(offset);
  }

  /** Deletes it if it is there. That it is gone need not be durable. */
  void delete(long offset) {
    CheckpointFile.deleteIfPresent(disk, name(offset));
    offsets.remove(offset);
  }

  /** Leaves it where it is, and knows of it no more. */
  void forget(long offset) {
    offsets.remove(offset);
  }
}
