package dev.naru.log.recovery;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName;
import java.util.List;
import java.util.NavigableSet;

/**
 * What lies in a partition's directory.
 *
 * @param bases of the segments that have a file with batches
 * @param foreign names of what is not ours, which is left alone
 */
record SegmentInventory(NavigableSet<Long> bases, List<String> foreign) {

  static SegmentInventory of(SegmentFiles files) {
    var foreign =
        files.disk().list(files.directory()).stream()
            .filter(entry -> !isOurs(entry))
            .map(entry -> files.directory() + "/" + entry.name())
            .toList();
    return new SegmentInventory(files.bases(), foreign);
  }

  private static boolean isOurs(DiskEntry entry) {
    return entry.isFile()
        && (SegmentName.parse(entry.name()).isPresent()
            || entry.name().equals(EpochCheckpoint.NAME)
            || entry.name().equals(CompactionCheckpoint.NAME)
            || CheckpointFile.isUnfinished(entry.name()));
  }

  /** Where the first segment begins; 0 if there is none. */
  long firstBase() {
    return bases.isEmpty() ? 0 : bases.first();
  }
}
