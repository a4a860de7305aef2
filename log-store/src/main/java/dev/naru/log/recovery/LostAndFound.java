package dev.naru.log.recovery;

import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.OpenFiles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Where bytes go that are no longer part of a log: nothing that was once written is destroyed. Each
 * time a directory of its own, named by a number and the partition, with a manifest that says what
 * it is. Any thread.
 */
public final class LostAndFound {

  /** The directory. */
  public static final String DIRECTORY = "lost+found";

  private static final int COPY_BYTES = 256 << 10;

  private final Disk disk;
  private final OpenFiles open;
  private final LongSupplier nowMillis;
  private final AtomicLong lastNumber;

  /** The one of this disk. */
  public LostAndFound(Disk disk, OpenFiles open, LongSupplier nowMillis) {
    this.disk = disk;
    this.open = open;
    this.nowMillis = nowMillis;
    this.lastNumber =
        new AtomicLong(
            disk.list(DIRECTORY).stream()
                .map(DiskEntry::name)
                .filter(name -> name.matches("\\d{8,18}-.*"))
                .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('-'))))
                .max()
                .orElse(0));
  }

  /** Makes a place for one finding. */
  public Place open(Finding finding) {
    String name =
        "%s/%08d-%s".formatted(DIRECTORY, lastNumber.incrementAndGet(), finding.partition());
    disk.makeDirectory(name);
    var place = new Place(name);
    var manifest = ChecksummedText.encode("set-aside", 1, finding.manifest(nowMillis.getAsLong()));
    place.create("manifest").write(manifest, 0);
    return place;
  }

  /** A directory for what was found at one time. Owned by whoever opened it. */
  public final class Place {

    private final String directory;
    private final List<DiskFile> written = new ArrayList<>();
    private boolean isLinked; // durably, from the root on
    private boolean hasNewNames;

    private Place(String directory) {
      this.directory = directory;
    }

    /** Its name. */
    public String directory() {
      return directory;
    }

    private DiskFile create(String name) {
      var file = disk.create(directory + "/" + name);
      written.add(file);
      hasNewNames = true;
      return file;
    }

    /** Copies a part of a file. */
    public void copy(String from, long position, long bytes, String as) {
      var file = create(as);
      var buffer = ByteBuffer.allocate((int) Math.min(bytes, COPY_BYTES));
      long copied = 0;
      while (copied < bytes) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - copied));
        int read = open.read(from, buffer, position + copied).orElse(0);
        if (read == 0) {
          return; // there is no more
        }
        file.write(buffer.flip(), copied);
        copied += read;
      }
    }

    /**
     * Moves a file or a directory here, if it exists: into a directory that a crash cannot lose.
     */
    public void take(String name) {
      if (!isLinked) {
        force();
      }
      if (disk.exists(name)) {
        disk.rename(name, directory + "/" + name.substring(name.lastIndexOf('/') + 1));
        open.forget(name);
        hasNewNames = true;
      }
    }

    /**
     * Makes what is here durable. That it is not where it was before is for the other directory to
     * force.
     */
    public void force() {
      written.forEach(DiskFile::force);
      written.forEach(DiskFile::close);
      written.clear();
      if (hasNewNames) {
        disk.forceDirectory(directory);
        hasNewNames = false;
      }
      if (!isLinked) {
        disk.forceDirectory(DIRECTORY);
        disk.forceDirectory(Disk.ROOT);
        isLinked = true;
      }
    }
  }
}
