package dev.naru.chaos.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A disk of its own for a node: an ext4 file system in a file, mounted through a loop device. Only
 * root can make one.
 */
public final class LoopDisk implements AutoCloseable {

  private static final String FORCED = "canary-that-was-forced";
  private static final String NOT_FORCED = "canary-that-was-not-forced";
  private static final int CANARY_BYTES = 64 << 10;

  private final Path image;
  private final Path mountPoint;

  private LoopDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why none can be made here, if none can. */
  public static Optional<String> whyNot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("only root can mount a disk, but this is another user");
    }
    if (!Files.exists(Path.of("/dev/loop-control"))) {
      return Optional.of("a disk in a file needs loop devices, but there is no /dev/loop-control");
    }
    return Optional.empty();
  }

  /**
   * Makes one and mounts it.
   *
   * @param image the file, which must not exist
   */
  public static LoopDisk mount(Path image, Path mountPoint, long bytes) throws IOException {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes); // takes room as it is written
    }
    Shell.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    Files.createDirectories(mountPoint);
    var disk = new LoopDisk(image, mountPoint);
    disk.mount();
    return disk;
  }

  private void mount() {
    Leftovers.note("mount", mountPoint.toString());
    Shell.run("mount", "-o", "loop", image.toString(), mountPoint.toString());
  }

  /** The directory under which its files are. */
  public Path mountPoint() {
    return mountPoint;
  }

  /** The share of it that is in use, as df says. */
  public double usedRatio() throws IOException {
    var store = Files.getFileStore(mountPoint);
    double used = store.getTotalSpace() - store.getUnallocatedSpace();
    return used / (used + store.getUsableSpace());
  }

  /** Writes zeros into a file until there is no room for another. */
  public Path fill() throws IOException {
    var file = mountPoint.resolve("taken-by-somebody-else");
    try (var out = Files.newOutputStream(file)) {
      for (int piece = 1 << 20; piece > 0; piece /= 2) {
        writeWhilePossible(out, new byte[piece]);
      }
    }
    return file;
  }

  private static void writeWhilePossible(OutputStream out, byte[] piece) {
    try {
      while (true) {
        out.write(piece);
      }
    } catch (IOException noRoom) {
      // as was wanted
    }
  }

  /** Takes all the room there is, at once; whoever deletes the file gives it back. */
  public Path occupy() throws IOException {
    var file = mountPoint.resolve("taken-by-somebody-else");
    long free = Files.getFileStore(mountPoint).getUsableSpace();
    Shell.run("fallocate", "-l", Long.toString(free - (free >> 5)), file.toString());
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      for (int piece = 1 << 20; piece > 0; piece /= 2) {
        writeWhilePossible(out, new byte[piece]);
      }
    }
    return file;
  }

  // ---- power

  /** Opens it for {@link FileSystemSwitch#turnOff}; nobody may remount it before that is closed. */
  FileSystemSwitch powerSwitch() {
    return FileSystemSwitch.of(mountPoint);
  }

  /** Leaves a file that a power cut must spare. */
  void putForcedCanary(byte mark) throws IOException {
    try (var file = canary(FORCED);
        var directory = FileChannel.open(mountPoint)) {
      write(file, mark);
      file.force(true);
      directory.force(true);
    }
  }

  /** Leaves a file that a power cut must take. To be called when nobody else forces anything. */
  void putUnforcedCanary(byte mark) throws IOException {
    try (var file = canary(NOT_FORCED)) {
      write(file, mark);
    }
  }

  /** Unmounts and mounts it again, as a machine does whose power is back. */
  void remount() {
    Shell.run("umount", mountPoint.toString());
    mount();
  }

  /** Whether a cut of power is what happened to it: the one canary is whole, the other is not. */
  boolean hasLostWhatWasNotForced(byte mark) throws IOException {
    return isWhole(FORCED, mark) && !isWhole(NOT_FORCED, mark);
  }

  private FileChannel canary(String name) throws IOException {
    var path = mountPoint.resolve(name);
    Files.deleteIfExists(path);
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void write(FileChannel file, byte mark) throws IOException {
    var buffer = ByteBuffer.wrap(content(mark));
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  private boolean isWhole(String name, byte mark) throws IOException {
    var path = mountPoint.resolve(name);
    return Files.exists(path) && Arrays.equals(Files.readAllBytes(path), content(mark));
  }

  private static byte[] content(byte mark) {
    var content = new byte[CANARY_BYTES];
    Arrays.fill(content, mark);
    return content;
  }

  /** Nobody may have files open on it. */
  @Override
  public void close() {
    Shell.run("umount", mountPoint.toString());
    Leftovers.forget("mount", mountPoint.toString());
  }
}
