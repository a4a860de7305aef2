package dev.naru.log.disk;

/** Something in a directory, by the last part of its name. */
public record DiskEntry(String name, Kind kind) {

  /** What it is. Links are not followed, so a link to a file is neither file nor directory. */
  public enum Kind {
    FILE,
    DIRECTORY,
    OTHER
  }

  /** Whether it is a regular file. */
  public boolean isFile() {
    return kind == Kind.FILE;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
