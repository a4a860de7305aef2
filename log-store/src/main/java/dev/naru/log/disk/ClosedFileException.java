package dev.naru.log.disk;

import java.nio.channels.ClosedChannelException;

/**
 * A file was read through a handle that is closed, most likely because a reader that shares it was
 * interrupted. That says nothing about the disk, and nothing about what was written: whoever opens
 * the file anew can read it.
 */
final class ClosedFileException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ClosedFileException(String location, String name, ClosedChannelException cause) {
    super("Expected %s in %s to be open, but it is closed".formatted(name, location), cause);
  }
}
