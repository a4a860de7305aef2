package dev.naru.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process out of a directory; the system releases it when this process ends, however
 * it ends.
 */
final class DirectoryLock {

  private static final int PID_BYTES_MAX = 20;

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Whether the lock was free. */
  sealed interface Attempt {}

  /** It was. */
  record Taken(DirectoryLock lock) implements Attempt {}

  /** It was not; {@code by} is the holder's process id. */
  record Held(String by) implements Attempt {}

  /** Takes the lock and writes this process's id into the file, for the next one to name. */
  static Attempt take(Path file) throws IOException {
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!isTaken(channel)) {
      try (channel) {
        return new Held(holder(channel));
      }
    }
    var pid = Long.toString(ProcessHandle.current().pid());
    // Over the one before it, whose block it takes: that works on a full disk, too.
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    channel.truncate(pid.length());
    return new Taken(new DirectoryLock(channel));
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var pid = ByteBuffer.allocate(PID_BYTES_MAX);
    channel.read(pid, 0);
    return StandardCharsets.US_ASCII.decode(pid.flip()).toString();
  }

  void release() {
    try {
      channel.close(); // and the lock with it
    } catch (IOException e) {
      // Nothing is lost: the process is about to end, and the lock ends with it.
    }
  }
}
