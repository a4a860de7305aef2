package dev.naru.log.store;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.types.NodeEpoch;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the process before left word of in a directory: under which node epoch it ran, and whether
 * it stopped cleanly.
 *
 * @param epoch empty when it never registered
 * @param wasCleanStop whether everything it wrote was forced before it ended
 */
public record LastRun(Optional<NodeEpoch> epoch, boolean wasCleanStop) {

  static final String EPOCH = "node-epoch";
  static final String CLEAN = "clean-stop";
  private static final int VERSION = 1;

  /**
   * Reads it, and takes the clean marker away, durably: from now on only a stop makes it clean
   * again.
   */
  static LastRun take(Disk disk, UUID directory) {
    var epoch = epoch(new CheckpointFile(disk, EPOCH, EPOCH, VERSION).read());
    var marker = new CheckpointFile(disk, CLEAN, CLEAN, VERSION).read();
    var expected = epoch.map(each -> cleanLines(each, directory)).map(Content.Lines::new);
    if (disk.exists(CLEAN)) {
      disk.delete(CLEAN);
      disk.forceDirectory(Disk.ROOT);
    }
    return new LastRun(epoch, expected.isPresent() && marker.equals(expected.get()));
  }

  private static Optional<NodeEpoch> epoch(Content content) {
    try {
      return content instanceof Content.Lines(var lines) && lines.size() == 1
          ? Optional.of(new NodeEpoch(Long.parseLong(lines.getFirst())))
          : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** Notes the epoch of this run. */
  static void writeEpoch(Disk disk, NodeEpoch epoch) {
    new CheckpointFile(disk, EPOCH, EPOCH, VERSION).write(List.of(epoch.toString()));
  }

  /** Marks the stop as clean: nothing will be written after this. */
  static void writeClean(Disk disk, NodeEpoch epoch, UUID directory) {
    new CheckpointFile(disk, CLEAN, CLEAN, VERSION).write(cleanLines(epoch, directory));
  }

  private static List<String> cleanLines(NodeEpoch epoch, UUID directory) {
    return List.of("node-epoch " + epoch, "directory.id " + directory);
  }
}
