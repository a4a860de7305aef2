package dev.naru.log.disk;

import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A small file that is replaced as a whole: written beside the old one, forced, renamed over it,
 * the directory forced. A crash leaves the old content or the new.
 */
public final class CheckpointFile {

  private static final String UNFINISHED = ".tmp";

  private final Disk disk;
  private final String name;
  private final String kind;
  private final int version;
  private final Optional<String> owner; // a line of its own, the first
  private long newest = Long.MIN_VALUE; // guarded by this

  /** The file of this name, whose first line says kind and version. */
  public CheckpointFile(Disk disk, String name, String kind, int version) {
    this(disk, name, kind, version, Optional.empty());
  }

  private CheckpointFile(Disk disk, String name, String kind, int version, Optional<String> owner) {
    this.disk = disk;
    this.name = name;
    this.kind = kind;
    this.version = version;
    this.owner = owner;
  }

  /**
   * The file of this kind and name in the directory of a log. It says whose it is: that of another
   * log in its place is as sound, and tells of other offsets.
   */
  public static CheckpointFile ofLog(Disk disk, PartitionId partition, String kind, int version) {
    var owner = Optional.of("partition " + partition);
    return new CheckpointFile(disk, partition + "/" + kind, kind, version, owner);
  }

  /** Whether a file of this name is what a crash left of an unfinished checkpoint. */
  public static boolean isUnfinished(String name) {
    return name.endsWith(UNFINISHED);
  }

  /** What it holds. */
  public Content read() {
    var content = ChecksummedText.readIfPossible(disk, name, kind, version);
    return owner.isPresent() && content instanceof Content.Lines(var lines)
        ? ofOwner(owner.get(), lines)
        : content;
  }

  private Content ofOwner(String expected, List<String> lines) {
    return lines.isEmpty() || !lines.getFirst().equals(expected)
        ? new Content.Damaged("Expected %s to be of %s, but it is not".formatted(name, expected))
        : new Content.Lines(lines.subList(1, lines.size()));
  }

  /** Replaces the content. */
  public synchronized void write(List<String> lines) {
    String unfinished = name + UNFINISHED;
    deleteIfPresent(disk, unfinished);
    try (var file = disk.create(unfinished)) {
      file.write(ChecksummedText.encode(kind, version, owned(lines)), 0);
      file.force();
    }
    disk.rename(unfinished, name);
    int directoryEnd = name.lastIndexOf('/');
    disk.forceDirectory(directoryEnd < 0 ? Disk.ROOT : name.substring(0, directoryEnd));
  }

  /** Deletes a file that may be there. */
  public static void deleteIfPresent(Disk disk, String name) {
    if (disk.exists(name)) {
      disk.delete(name);
    }
  }

  private List<String> owned(List<String> lines) {
    return Stream.concat(owner.stream(), lines.stream()).toList();
  }

  /**
   * Replaces the content unless something newer has been written: two threads may have taken down
   * what to write at different times.
   */
  public synchronized void write(long sequence, List<String> lines) {
    if (sequence > newest) {
      write(lines);
      newest = sequence;
    }
  }
}
