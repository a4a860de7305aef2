package dev.naru.bench.versus.machine;

import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps the memory of the machine full of page cache from run to run, as it is on a server after an
 * hour. Otherwise each run would pay for what the one before it has freed: a virtual machine gives
 * free memory back to its host, and to touch it again costs about two seconds of processor time a
 * gigabyte, several times what a write costs.
 *
 * <p>So a file that is about to be deleted is given a second name here, and loses it only after so
 * much else was written that none of it is in memory any more.
 */
public final class PageCache {

  private static final int FILE_BYTES = 1 << 30;
  private static final int WRITE_BYTES = 1 << 20;
  private static final double KEPT_PER_MEMORY = 1.5; // the oldest third is in memory no more
  private static final Duration SYNC_MAX = Duration.ofMinutes(2);

  private final Path folder;
  private final Path log;
  private final long bytesMax;
  private final Queue<Kept> kept = new ArrayDeque<>(); // the oldest first
  private long keptBytes;
  private int named;

  private PageCache(Path folder, long bytesMax) {
    this.folder = folder;
    this.log = folder.resolveSibling("sync.log");
    this.bytesMax = bytesMax;
  }

  /** Keeps nothing: for --quick, whose figures say nothing. */
  public static PageCache none(Path folder) {
    empty(folder);
    return new PageCache(folder, 0);
  }

  /**
   * Fills the memory once, with files of zeros.
   *
   * @param folder for the files, on the disk of those that will be kept; what is in it is deleted
   * @param spareBytes what is to stay free on that disk
   */
  public static PageCache fill(Path folder, long spareBytes) {
    empty(folder);
    try {
      long memory = ProcFiles.ofSystem().memoryBytes().orElse(0);
      long room = Files.getFileStore(folder).getUsableSpace() - spareBytes;
      long bytesMax = Math.max(0, Math.min((long) (memory * KEPT_PER_MEMORY), room));
      var cache = new PageCache(folder, bytesMax);
      for (long filled = 0; filled < Math.min(memory, bytesMax); filled += FILE_BYTES) {
        cache.add(writeZeros(cache.nextName()));
      }
      cache.trimAndSync();
      return cache;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Also of what a run has left that was killed. */
  private static void empty(Path folder) {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (var file : files) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path writeZeros(Path file) throws IOException {
    var zeros = ByteBuffer.allocateDirect(WRITE_BYTES);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int written = 0; written < FILE_BYTES; written += WRITE_BYTES) {
        channel.write(zeros.clear());
      }
    }
    return file;
  }

  /** How much is kept at most, for the report. */
  public String description() {
    return bytesMax == 0
        ? "nothing kept: each run pays for memory that was freed before it"
        : "full from run to run: up to %,d MiB of deleted files are kept".formatted(bytesMax >> 20);
  }

  /** To be called before a file is deleted: its pages stay where they are. */
  public void keep(Path file) {
    if (bytesMax > 0) {
      var name = nextName();
      try {
        if ((int) Files.getAttribute(file, "unix:nlink") == 1) { // else it is kept already
          Files.createLink(name, file);
          add(name);
        }
      } catch (IOException e) {
        // It was moved or deleted meanwhile; the next run starts with that much less in memory.
      }
    }
  }

  private Path nextName() {
    return folder.resolve(Integer.toString(++named));
  }

  private void add(Path file) throws IOException {
    var added = new Kept(file, Files.size(file));
    kept.add(added);
    keptBytes += added.bytes;
  }

  /** Lets the oldest files go and waits until the disk has everything. */
  public void trimAndSync() {
    while (keptBytes > bytesMax && !kept.isEmpty()) {
      deleteOldest();
    }
    Child.run(Command.of("sync"), log, SYNC_MAX);
  }

  /** Deletes everything that is kept; for the end. */
  public void clear() {
    empty(folder);
  }

  private void deleteOldest() {
    var oldest = kept.remove();
    keptBytes -= oldest.bytes;
    try {
      Files.deleteIfExists(oldest.name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Kept(Path name, long bytes) {}
}
