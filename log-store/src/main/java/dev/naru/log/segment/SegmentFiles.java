package dev.naru.log.segment;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.OpenFiles;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where the files of one partition's segments are, and through what they are reached.
 *
 * @param suffix of names that are not yet those of segments; empty for segments
 */
public record SegmentFiles(PartitionId partition, Disk disk, OpenFiles open, String suffix) {

  /** The files of the segments in use. */
  public SegmentFiles(PartitionId partition, Disk disk, OpenFiles open) {
    this(partition, disk, open, "");
  }

  /** The files of segments that are to take the place of others. */
  SegmentFiles replacing() {
    return new SegmentFiles(partition, disk, open, SegmentName.REPLACING);
  }

  /** The files of the segments in use. */
  SegmentFiles inUse() {
    return new SegmentFiles(partition, disk, open);
  }

  /** The partition's directory. */
  public String directory() {
    return partition.toString();
  }

  /** A file of the segment with this base offset. */
  public String name(long base, Part part) {
    return directory() + "/" + new SegmentName(base, part) + suffix;
  }

  /**
   * The base offsets of all segments that have a file with batches, whether or not they are in use.
   */
  public NavigableSet<Long> bases() {
    return bases(disk.list(directory()));
  }

  /** As {@link #bases()}, of a directory with these entries. */
  public static NavigableSet<Long> bases(List<DiskEntry> entries) {
    return entries.stream()
        .filter(DiskEntry::isFile)
        .flatMap(entry -> SegmentName.parse(entry.name()).stream())
        .filter(name -> name.part() == Part.LOG)
        .map(SegmentName::base)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Deletes what there is of a segment: the batches last, so that whatever a crash leaves is found
   * by its batches and deleted then.
   */
  public void deleteSegment(long base) {
    for (Part part : List.of(Part.TIME_INDEX, Part.INDEX, Part.SEAL, Part.LOG)) {
      deleteIfPresent(name(base, part));
    }
  }

  /**
   * Deletes all segments that begin below this offset, the oldest first.
   *
   * @return how many had batches
   */
  public int deleteBelow(long offset) {
    var below = bases().headSet(offset, false);
    below.forEach(this::deleteSegment);
    return below.size();
  }

  /** The base offsets under which there are files that are to take the place of others. */
  NavigableSet<Long> basesReplacing() {
    return basesReplacing(disk.list(directory()));
  }

  /** The same of a directory with these entries. */
  public static NavigableSet<Long> basesReplacing(List<DiskEntry> entries) {
    return entries.stream()
        .filter(DiskEntry::isFile)
        .flatMap(entry -> SegmentName.parseReplacing(entry.name()).stream())
        .map(SegmentName::base)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What it means that the disk cannot give back a part of one of these segments. */
  public LogDamagedException damage(UnreadableException unreadable) {
    String name = unreadable.name().substring(directory().length() + 1);
    long base = SegmentName.parse(name).orElseThrow(() -> unreadable).base();
    return new LogDamagedException(
        new Damage(partition, base, unreadable.position(), unreadable.reason()));
  }

  /** Deletes one of our own files that can be made anew. */
  void deleteIfPresent(String name) {
    if (disk.exists(name)) {
      disk.delete(name);
      open.forget(name);
    }
  }
}
