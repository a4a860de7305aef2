package dev.naru.log.recovery;

import dev.naru.log.compaction.CleanState;
import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far a log has been compacted, on disk: {@code clean-end}, {@code purged-below}; while there
 * are deletions that wait to be forgotten {@code next-horizon}; and after it was copied from a
 * compacted log {@code copied-clean}. Any thread.
 */
public final class CompactionCheckpoint {

  /** The file in the partition's directory. */
  static final String NAME = "compaction";

  private static final int VERSION = 2;
  private static final String CLEAN_END = "clean-end ";
  private static final String PURGED_BELOW = "purged-below ";
  private static final String NEXT_HORIZON = "next-horizon ";

  private static final String COPIED_CLEAN = "copied-clean ";

  private final CheckpointFile file;

  /** What is known of earlier compactions. */
  public sealed interface Found {

    /** All of it. */
    record Known(CleanState state) implements Found {}

    /** There is no file: there was no compaction, or somebody took the file away. */
    record Missing() implements Found {}

    /** There was one, but of what, is not known. */
    record Damaged() implements Found {}
  }

  /** The one of this partition. */
  public CompactionCheckpoint(Disk disk, PartitionId partition) {
    this.file = CheckpointFile.ofLog(disk, partition, NAME, VERSION);
  }

  /** Replaces it. Durable when it returns. */
  public void write(CleanState state) {
    var lines = new ArrayList<String>();
    lines.add(CLEAN_END + state.cleanEnd());
    lines.add(PURGED_BELOW + state.purgedBelow());
    state.nextHorizon().ifPresent(at -> lines.add(NEXT_HORIZON + at));
    if (state.copiedClean() > 0) {
      lines.add(COPIED_CLEAN + state.copiedClean());
    }
    file.write(lines);
  }

  /** What it holds. */
  public Found read() {
    return switch (file.read()) {
      case Content.Lines(var lines) -> parse(lines);
      case Content.Missing() -> new Found.Missing();
      case Content.Damaged(_) -> new Found.Damaged();
    };
  }

  private static Found parse(List<String> lines) {
    try {
      var more = new ArrayDeque<>(lines.subList(2, lines.size()));
      var horizon = next(more, NEXT_HORIZON);
      var copied = next(more, COPIED_CLEAN);
      if (!more.isEmpty()) {
        return new Found.Damaged();
      }
      return new Found.Known(
          new CleanState(
              value(lines.get(0), CLEAN_END),
              value(lines.get(1), PURGED_BELOW),
              horizon,
              copied.orElse(0)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
      return new Found.Damaged();
    }
  }

  /** Of a line that need not be there. */
  private static OptionalLong next(Deque<String> lines, String name) {
    return !lines.isEmpty() && lines.getFirst().startsWith(name)
        ? OptionalLong.of(value(lines.removeFirst(), name))
        : OptionalLong.empty();
  }

  private static long value(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("Expected '" + name + "', but was '" + line + "'");
    }
    return Long.parseLong(line.substring(name.length()));
  }
}
