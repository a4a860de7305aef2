package dev.naru.log.store;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.UnreadableException;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.UUID;

/**
 * Whose a data directory is: the content of {@code naru.meta}, written once, when the directory is
 * formatted.
 *
 * @param directory told to the cluster when the node registers; a directory with another id is
 *     another disk
 */
public record DirectoryMeta(String clusterId, NodeId node, UUID directory) {

  static final String NAME = "naru.meta";
  private static final String KIND = "directory";
  private static final int VERSION = 1;

  /** The form of everything in the directory. */
  private static final int FORMAT = 1;

  /** What became of reading it. */
  sealed interface Found {

    record Known(DirectoryMeta meta) implements Found {}

    record Absent() implements Found {}

    record Unreadable(String reason) implements Found {}
  }

  /** Reads it. */
  static Found read(Disk disk) {
    try {
      return switch (ChecksummedText.read(disk, NAME, KIND, VERSION)) {
        case Content.Lines(var lines) -> parse(lines);
        case Content.Missing() -> new Found.Absent();
        case Content.Damaged(var reason) -> new Found.Unreadable(reason);
      };
    } catch (UnreadableException e) {
      throw e.endOfDirectory(); // nobody knows whose it is
    }
  }

  /** Writes it. */
  void write(Disk disk) {
    new CheckpointFile(disk, NAME, KIND, VERSION)
        .write(
            List.of(
                "format " + FORMAT,
                "cluster.id " + clusterId,
                "node.id " + node,
                "directory.id " + directory));
  }

  private static Found parse(List<String> lines) {
    try {
      int format = Integer.parseInt(value(lines, 0));
      if (format > FORMAT) {
        return new Found.Unreadable("Expected format <= " + FORMAT + ", but was " + format);
      }
      return new Found.Known(
          new DirectoryMeta(
              value(lines, 1),
              new NodeId(Integer.parseInt(value(lines, 2))),
              UUID.fromString(value(lines, 3))));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return new Found.Unreadable("Expected the ids of a directory, but: " + e.getMessage());
    }
  }

  private static String value(List<String> lines, int line) {
    return lines.get(line).substring(lines.get(line).indexOf(' ') + 1);
  }
}
