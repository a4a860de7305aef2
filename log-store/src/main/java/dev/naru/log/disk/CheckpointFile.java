package dev.naru.log.disk;

import java.util.List;

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
  private long newest = Long.MIN_VALUE; // guarded by this

  /** The file of this name, whose first line says kind and version. */
  public CheckpointFile(Disk disk, String name, String kind, int version) {
    this.disk = disk;
    this.name = name;
    this.kind = kind;
    this.version = version;
  }

  /** Whether a file of this name is what a crash left of an unfinished checkpoint. */
  public static boolean isUnfinished(String name) {
    return name.endsWith(UNFINISHED);
  }

  /** What it holds. */
  public ChecksummedText.Content read() {
    return ChecksummedText.readIfPossible(disk, name, kind, version);
  }

  /** Replaces the content. */
  public synchronized void write(List<String> lines) {
    String unfinished = name + UNFINISHED;
    if (disk.exists(unfinished)) {
      disk.delete(unfinished);
    }
    try (var file = disk.create(unfinished)) {
      file.write(ChecksummedText.encode(kind, version, lines), 0);
      file.force();
    }
    disk.rename(unfinished, name);
    int directoryEnd = name.lastIndexOf('/');
    disk.forceDirectory(directoryEnd < 0 ? Disk.ROOT : name.substring(0, directoryEnd));
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
