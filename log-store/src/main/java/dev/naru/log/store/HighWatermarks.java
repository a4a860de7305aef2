package dev.naru.log.store;

import dev.naru.log.Watermark;
import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The high watermarks of a directory's logs on disk, {@code <partition> <high watermark> <leader
 * epoch>} a line. What is not known anew, as of a log that is damaged, stays as it was. Any thread.
 */
final class HighWatermarks {

  static final String NAME = "high-watermarks";
  private static final int VERSION = 2;

  private final CheckpointFile file;
  private final SortedMap<PartitionId, Watermark> all = new TreeMap<>(); // guarded by this
  private final Optional<String> warning;

  HighWatermarks(Disk disk) {
    this.file = new CheckpointFile(disk, NAME, NAME, VERSION);
    this.warning =
        switch (file.read()) {
          case Content.Lines(var lines) -> parse(lines);
          case Content.Missing() -> Optional.empty();
          case Content.Damaged(var reason) -> Optional.of(reason);
        };
  }

  /** Why they are not known and will be learned again from the leaders, if that is so. */
  Optional<String> warning() {
    return warning;
  }

  /** As it was last written. */
  synchronized Optional<Watermark> of(PartitionId partition) {
    return Optional.ofNullable(all.get(partition));
  }

  /** Takes these over, and writes all unless nothing has changed. */
  synchronized void write(SortedMap<PartitionId, Watermark> current) {
    var before = new TreeMap<>(all);
    all.putAll(current);
    if (!all.equals(before)) {
      writeAll();
    }
  }

  /** Takes a log out that is gone. */
  synchronized void forget(PartitionId partition) {
    if (all.remove(partition) != null) {
      writeAll();
    }
  }

  private void writeAll() {
    file.write(all.entrySet().stream().map(each -> line(each.getKey(), each.getValue())).toList());
  }

  private static String line(PartitionId partition, Watermark known) {
    return partition + " " + known.offset() + " " + known.agreed();
  }

  private Optional<String> parse(List<String> lines) {
    try {
      for (String line : lines) {
        String[] words = line.split(" ", -1);
        all.put(
            PartitionId.parse(words[0]),
            new Watermark(Long.parseLong(words[1]), new LeaderEpoch(Integer.parseInt(words[2]))));
      }
      return Optional.empty();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.of(
          "Expected '<partition> <offset> <leader epoch>' lines in "
              + NAME
              + ", but: "
              + e.getMessage());
    }
  }
}
