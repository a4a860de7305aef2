package dev.naru.log.recovery;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What lies in a partition's directory, by one look: with thousands of logs each is worth saving.
 *
 * @param bases of the segments that have a file with batches
 * @param snapshots of the log's producers, by their offsets
 * @param foreign names of what is not ours, which is left alone
 * @param hasReplacing whether there are files that are to take the place of others
 */
record SegmentInventory(
    NavigableSet<Long> bases,
    List<Long> snapshots,
    List<Long> unforcedSnapshots,
    List<String> foreign,
    boolean hasReplacing) {

  static SegmentInventory of(SegmentFiles files) {
    var entries = files.disk().list(files.directory());
    var foreign =
        entries.stream()
            .filter(entry -> !isOurs(entry))
            .map(entry -> files.directory() + "/" + entry.name())
            .toList();
    return new SegmentInventory(
        SegmentFiles.bases(entries),
        offsets(entries, ProducerFiles::offsetOf),
        offsets(entries, UnforcedSnapshots::offsetOf),
        foreign,
        !SegmentFiles.basesReplacing(entries).isEmpty());
  }

  private static List<Long> offsets(
      Collection<DiskEntry> entries, Function<String, OptionalLong> offsetOf) {
    return entries.stream()
        .filter(DiskEntry::isFile)
        .flatMapToLong(entry -> offsetOf.apply(entry.name()).stream())
        .boxed()
        .toList();
  }

  private static boolean isOurs(DiskEntry entry) {
    return entry.isFile()
        && (SegmentName.parse(entry.name()).isPresent()
            || ProducerFiles.offsetOf(entry.name()).isPresent()
            || UnforcedSnapshots.offsetOf(entry.name()).isPresent()
            || entry.name().equals(EpochCheckpoint.NAME)
            || entry.name().equals(CompactionCheckpoint.NAME)
            || CheckpointFile.isUnfinished(entry.name()));
  }

  /** Where the first segment begins; 0 if there is none. */
  long firstBase() {
    return bases.isEmpty() ? 0 : bases.first();
  }
}
