package dev.naru.testing.files;

import java.nio.file.Path;

/** A file is not as the pages draw its format. */
public final class NotAsDrawnException extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotAsDrawnException(String expected, long at, Path path) {
    super("Expected %s at byte %d of %s".formatted(expected, at, path));
  }

  NotAsDrawnException(String message) {
    super(message);
  }
}
