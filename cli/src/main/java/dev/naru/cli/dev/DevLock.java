package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held while a cluster is prepared and its processes are started: two of these at once in one
 * directory would write each other's files and stop each other's nodes. Ends with the process.
 */
final class DevLock implements AutoCloseable {

  private static final String FILE = "dev.lock";

  private final FileChannel channel;

  private DevLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock of a directory that exists, or refuses if somebody has it. */
  static DevLock take(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isFree(channel)) {
      return new DevLock(channel);
    }
    channel.close();
    throw CommandFailure.precondition(
            ErrorCode.DIRECTORY_LOCKED,
            "Expected no other naru dev to start a cluster in " + directory + ", but one does")
        .withHint("naru dev status shows what runs; --data-dir DIR makes another cluster");
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // somebody in this process
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
