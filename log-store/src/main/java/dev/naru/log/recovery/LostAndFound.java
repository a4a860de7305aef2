package dev.naru.log.recovery;

import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.OpenFiles;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.Manifest;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where bytes go that are no longer part of a log, and stay until they expire or their room is
 * needed. Each time a directory of its own, named by a number and the partition, with a manifest
 * that says what it is. Any thread.
 */
public final class LostAndFound {

  /** The directory. */
  public static final String DIRECTORY = Manifest.DIRECTORY;

  private static final String MANIFEST = Manifest.NAME;

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
    var manifest = finding.manifest(nowMillis.getAsLong());
    place
        .create(MANIFEST)
        .write(ChecksummedText.encode(Manifest.KIND, Manifest.VERSION, manifest.lines()), 0);
    return place;
  }

  /**
   * Deletes, of what may go, what has been here for longer than this. What has no sound manifest
   * stays.
   *
   * @param nowMillis a time that is not after the true one
   * @param isNeeded whether something of this log is still needed
   * @return what was deleted
   */
  public List<String> expire(
      long nowMillis, long retentionMillis, Predicate<PartitionId> isNeeded) {
    return places(isNeeded)
        .filter(place -> place.manifest.timeMillis() < nowMillis - retentionMillis)
        .map(this::delete)
        .toList();
  }

  /**
   * Deletes the oldest of what is only kept while there is room.
   *
   * @param isNeeded whether something of this log is still needed
   * @return what was deleted, unless there is no such thing
   */
  public Optional<String> makeRoom(Predicate<PartitionId> isNeeded) {
    return places(isNeeded)
        .filter(place -> place.manifest.keep() == Keep.WHILE_THERE_IS_ROOM)
        .findFirst()
        .map(this::delete);
  }

  /** What its manifest says of a place. */
  private record Told(String name, Manifest manifest) {}

  /** Those that may go some day, the oldest first. */
  private Stream<Told> places(Predicate<PartitionId> isNeeded) {
    return disk.list(DIRECTORY).stream()
        .filter(DiskEntry::isDirectory)
        .map(entry -> DIRECTORY + "/" + entry.name())
        .sorted()
        .flatMap(name -> read(name).stream())
        .filter(place -> place.manifest.keep() != Keep.FOR_GOOD)
        .filter(place -> !isNeeded.test(place.manifest.partition()));
  }

  private Optional<Told> read(String place) {
    var content =
        ChecksummedText.readIfPossible(
            disk, place + "/" + MANIFEST, Manifest.KIND, Manifest.VERSION);
    if (!(content instanceof ChecksummedText.Content.Lines(var lines))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Told(place, Manifest.parse(lines)));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private String delete(Told place) {
    delete(place.name);
    return place.name;
  }

  /** The manifest last: what a crash leaves is still known for what it is. */
  private void delete(String directory) {
    for (DiskEntry entry : disk.list(directory)) {
      String name = directory + "/" + entry.name();
      if (entry.isDirectory()) {
        delete(name);
      } else if (!entry.name().equals(MANIFEST)) {
        disk.delete(name);
      }
    }
    if (disk.exists(directory + "/" + MANIFEST)) {
      disk.forceDirectory(directory);
      disk.delete(directory + "/" + MANIFEST);
    }
    disk.delete(directory);
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
