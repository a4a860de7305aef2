package dev.naru.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Takes the space of a file that grows before its bytes come, without making it longer: a write
 * then finds its blocks instead of having each page's reserved, for two thirds of the processor's
 * time. It takes a quarter of what the file has, so that many files that hold little take little,
 * and what was not used is given back when the file is closed. Owned by the file's writer.
 *
 * <p>After a crash the space stays with the file until it is written to and closed again.
 */
final class SpaceAhead {

  /** Most files stay smaller: indexes, journals, logs of quiet partitions. */
  private static final long FILE_BYTES_MIN = 1 << 20;

  private static final long STEP_BYTES_MAX = 8 << 20;

  private final Path path;

  /** Which file it is, once space was taken: another may have its name by the time it is closed. */
  private Optional<Object> key = Optional.empty();

  private boolean isPossible;
  private long takenTo;

  SpaceAhead(Path path, boolean isPossible) {
    this.path = path;
    this.isPossible = isPossible;
  }

  /** The file is about to reach to this position. */
  void before(long end) {
    if (isPossible && end > takenTo && end >= FILE_BYTES_MIN) {
      take(end, end + Math.min(end / 4, STEP_BYTES_MAX));
    }
  }

  private void take(long from, long to) {
    try {
      if (key.isEmpty()) {
        key = Optional.of(keyOfPath());
      }
      LibC.takeSpace(path, from, to - from);
      takenTo = to;
    } catch (IOException e) {
      isPossible = false; // no room, or the file system cannot: the write itself will tell
    }
  }

  /** Some of it may be written by now: what is forced all at once, others wait for. */
  void startWriting(long from, long bytes) {
    if (isPossible) {
      try {
        LibC.startWriting(path, from, bytes);
      } catch (IOException e) {
        // The force at the end will write it.
      }
    }
  }

  /** The file was cut, and with its end, unless that was it already, went what was taken. */
  void wasCut() {
    takenTo = 0;
  }

  /**
   * Gives back what lies behind the end of the file, which is about to be closed by its writer: its
   * length is what it is then, so nothing is cut.
   */
  void giveBack(FileChannel file) {
    if (key.isPresent()) {
      takenTo = 0;
      try {
        if (key.equals(Optional.of(keyOfPath()))) {
          LibC.truncate(path, file.size());
        }
      } catch (IOException e) {
        // It was moved or deleted; or it is given back the next time. No reason to stop the disk.
      }
    }
  }

  private Object keyOfPath() throws IOException {
    Object found = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    if (found == null) {
      throw new IOException("Expected files to have keys, but " + path + " has none");
    }
    return found;
  }
}
