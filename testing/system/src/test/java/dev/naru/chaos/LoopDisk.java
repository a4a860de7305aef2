package dev.naru.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own for a node: an ext4 file system in a file, mounted through a loop device. Only
 * root can make one.
 */
final class LoopDisk implements AutoCloseable {

  private static final long COMMAND_SECONDS_MAX = 30;

  private final Path mountPoint;

  private LoopDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /** Why none can be made here, if none can. */
  static Optional<String> whyNot() {
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
  static LoopDisk mount(Path image, Path mountPoint, long bytes) throws IOException {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes); // takes room as it is written
    }
    run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    Files.createDirectories(mountPoint);
    run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    return new LoopDisk(mountPoint);
  }

  /** The share of it that is in use, as df says. */
  double usedRatio() throws IOException {
    var store = Files.getFileStore(mountPoint);
    double used = store.getTotalSpace() - store.getUnallocatedSpace();
    return used / (used + store.getUsableSpace());
  }

  /** Writes zeros into a file until there is no room for another. */
  Path fill() throws IOException {
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

  /** Nobody may have files open on it. */
  @Override
  public void close() {
    run("umount", mountPoint.toString());
  }

  private static void run(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(
            "Expected %s to succeed, but it said: %s"
                .formatted(
                    List.of(command),
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted during " + List.of(command), e);
    }
  }
}
