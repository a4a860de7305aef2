package dev.naru.log.recovery;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.epoch.EpochStart;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * The epoch history of a log on disk, {@code <epoch> <start offset>} a line. It is durable up to
 * the durable point before that is recorded; entries above the durable point may be stale and are
 * taken from the log.
 */
public final class EpochCheckpoint {

  /** The file in the partition's directory. */
  public static final String NAME = "leader-epochs";

  private static final int VERSION = 2;

  private final CheckpointFile file;

  /** The one of this partition. */
  public EpochCheckpoint(Disk disk, PartitionId partition) {
    this.file = CheckpointFile.ofLog(disk, partition, NAME, VERSION);
  }

  /** Replaces it, unless something newer has been written. */
  public void write(long sequence, EpochHistory history) {
    file.write(
        sequence,
        history.entries().stream()
            .map(entry -> entry.epoch() + " " + entry.startOffset())
            .toList());
  }

  /** What it holds; empty when it is missing or not what was written for this partition. */
  public Optional<EpochHistory> read() {
    return switch (file.read()) {
      case Content.Lines(var lines) -> parse(lines);
      case Content.Missing(), Content.Damaged(_) -> Optional.empty();
    };
  }

  private static Optional<EpochHistory> parse(List<String> lines) {
    try {
      return Optional.of(new EpochHistory(lines.stream().map(EpochCheckpoint::entry).toList()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
      return Optional.empty();
    }
  }

  private static EpochStart entry(String line) {
    int space = line.indexOf(' ');
    return new EpochStart(
        new LeaderEpoch(Integer.parseInt(line.substring(0, space))),
        Long.parseLong(line.substring(space + 1)));
  }
}
