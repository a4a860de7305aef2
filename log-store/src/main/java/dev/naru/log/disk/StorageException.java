package dev.naru.log.disk;

/**
 * A data directory has failed. It is given up for the life of the process: nothing in it is
 * written, forced or acknowledged again, and nothing is retried, because after a failed force the
 * system may have dropped pages that it now calls clean.
 */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String location;

  /** The machine failed at this operation in the directory at this location. */
  public StorageException(String location, String operation, Throwable cause) {
    super(
        "Expected to "
            + operation
            + " in "
            + location
            + ", but the disk failed: "
            + cause.getMessage(),
        cause);
    this.location = location;
  }

  /** The directory had failed before. */
  public StorageException(StorageException first) {
    super("Expected a working data directory, but it has failed: " + first.getMessage(), first);
    this.location = first.location;
  }

  /** The data directory. */
  public String location() {
    return location;
  }
}
