package dev.naru.log.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * A directory through which its whole file system is forced, by Linux' {@code syncfs(2)}: bytes,
 * lengths and names of all that was done before the call, whoever did it.
 *
 * <p>That a success means as much as a force of each file rests on this:
 *
 * <ul>
 *   <li>Since Linux 5.8 {@code syncfs} tells of every write-back that failed since the descriptor
 *       was opened, or told of one (commit 735e4ae5ba28). So it is opened before anything is
 *       written, kept, and used by one thread at a time.
 *   <li>Since 5.17 it also tells what the file system's own part failed at, such as its journal
 *       (commits 5679897eb104, 2d86293c7075).
 *   <li>It may say nothing of a file system that an error has made read-only or shut down: there is
 *       nothing to write then ({@code sync_filesystem}; ext4 until 6.13, "return error on syncfs
 *       after shutdown"). An {@code fsync} of any inode does, so one of the directory follows.
 *   <li>What it does on other file systems was not read; FUSE, for one, leaves the bytes with the
 *       server. So only two are trusted.
 * </ul>
 *
 * <p>What failed may be another program's file. The directory ends all the same: nobody says whose
 * it was.
 */
final class SyncFs {

  private static final Set<String> TRUSTED = Set.of("ext4", "xfs");
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,9})\\.(\\d{1,9}).*");

  private final int descriptor;
  private final ReentrantLock use = new ReentrantLock(); // held while the descriptor is used
  private boolean isClosed; // guarded by use

  private SyncFs(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens a directory; empty where the call is missing or not to be trusted. */
  static Optional<SyncFs> open(Path directory) throws IOException {
    boolean isTrusted =
        isTrusted(
            System.getProperty("os.name", ""),
            System.getProperty("os.version", ""),
            Files.getFileStore(directory).type());
    return isTrusted && LibC.isUsable()
        ? Optional.of(new SyncFs(LibC.open(directory)))
        : Optional.empty();
  }

  static boolean isTrusted(String system, String release, String fileSystem) {
    var version = RELEASE.matcher(release);
    if (!system.equals("Linux") || !TRUSTED.contains(fileSystem) || !version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(version.group(2)) >= 17);
  }

  /** Makes durable what was done on the file system up to now. */
  void force() throws IOException {
    use.lock();
    try {
      if (isClosed) {
        throw new IOException("the directory was closed");
      }
      LibC.syncfs(descriptor);
      LibC.fsync(descriptor);
    } finally {
      use.unlock();
    }
  }

  /** Waits for no force: one that is stuck keeps the descriptor until the process ends. */
  void close() {
    if (use.tryLock()) {
      try {
        if (!isClosed) {
          isClosed = true; // first: the number may be another file's from now on
          LibC.close(descriptor);
        }
      } catch (IOException e) {
        // Nothing is lost: it was only read, and Linux frees the number whatever close says.
      } finally {
        use.unlock();
      }
    }
  }
}
