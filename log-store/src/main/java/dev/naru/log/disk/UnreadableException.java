package dev.naru.log.disk;

import java.util.Objects;

/**
 * Bytes of one file cannot be had: the disk could not give them back, or another file has the name.
 * What was written there is lost; the directory goes on, because nothing that is written or forced
 * afterwards depends on it.
 */
public final class UnreadableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String location;
  private final String name;
  private final long position;

  /** The machine failed to read at this position of a file in the directory at this location. */
  public UnreadableException(String location, String name, long position, Throwable cause) {
    super(
        "Expected to read %s in %s from byte %d on, but the disk failed: %s"
            .formatted(name, location, position, cause.getMessage()),
        cause);
    this.location = location;
    this.name = name;
    this.position = position;
  }

  /** The file in the directory at this location is not the one that was written. */
  UnreadableException(String location, String name, String reason) {
    super("Expected %s in %s to be what was written, but: %s".formatted(name, location, reason));
    this.location = location;
    this.name = name;
    this.position = 0;
  }

  /** For a file without which nothing in the directory can be used. */
  public StorageException endOfDirectory() {
    return new StorageException(
        location, "read from " + name, Objects.requireNonNullElse(getCause(), this));
  }

  /** The file's name on its disk. */
  public String name() {
    return name;
  }

  /** Where in the file. */
  public long position() {
    return position;
  }

  /** What was met, in one sentence. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
