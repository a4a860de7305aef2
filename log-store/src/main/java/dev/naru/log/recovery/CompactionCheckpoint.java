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
 * compacted log {@code copied-clean}. And a {@code number}, which rises with each that is written
 * and is on record in the journal as well: an old copy would promise that deletions are there which
 * are gone, or that what was copied since is clean. Any thread.
 */
public final class CompactionCheckpoint {

  /** The file in the partition's directory. */
  static final String NAME = "compaction";

  private static final int VERSION = 2;
  private static final String CLEAN_END = "clean-end ";
  private static final String PURGED_BELOW = "purged-below ";
  private static final String NEXT_HORIZON = "next-horizon ";

  private static final String COPIED_CLEAN = "copied-clean ";
  private static final String NUMBER = "number ";

  private final CheckpointFile file;
  private final PartitionId partition;
  private final DurablePoints record;
  private int number; // guarded by this: of the newest that was written or read

  /** What is known of earlier compactions. */
  public sealed interface Found {

    /** All of it. */
    record Known(CleanState state) implements Found {}

    /** There is no file: there was no compaction, or somebody took the file away. */
    record Missing() implements Found {}

    /** There is one, but it is not the one that was written last. */
    record Damaged() implements Found {}
  }

  /** The one of this partition, whose number is on record there. */
  public CompactionCheckpoint(Disk disk, PartitionId partition, DurablePoints record) {
    this.partition = partition;
    this.record = record;
    this.file = CheckpointFile.ofLog(disk, partition, NAME, VERSION);
  }

  /** Replaces it. Durable when it returns. */
  public synchronized void write(CleanState state) {
    int next = Math.max(number, record.checkpoint(partition)) + 1;
    file.write(lines(state, next));
    number = next;
    record.checkpointed(partition, next); // after it: a crash in between leaves one too new
  }

  private static List<String> lines(CleanState state, int number) {
    var lines = new ArrayList<String>();
    lines.add(CLEAN_END + state.cleanEnd());
    lines.add(PURGED_BELOW + state.purgedBelow());
    state.nextHorizon().ifPresent(at -> lines.add(NEXT_HORIZON + at));
    if (state.copiedClean() > 0) {
      lines.add(COPIED_CLEAN + state.copiedClean());
    }
    lines.add(NUMBER + number);
    return lines;
  }

  /** What it holds. */
  public synchronized Found read() {
    return switch (file.read()) {
      case Content.Lines(var lines) -> parse(lines);
      case Content.Missing() -> new Found.Missing();
      case Content.Damaged(_) -> new Found.Damaged();
    };
  }

  private Found parse(List<String> lines) {
    try {
      var more = new ArrayDeque<>(lines.subList(2, lines.size()));
      var horizon = next(more, NEXT_HORIZON);
      var copied = next(more, COPIED_CLEAN);
      int found =
          Math.toIntExact(next(more, NUMBER).orElse(0)); // files of earlier builds have none
      if (!more.isEmpty() || found < record.checkpoint(partition)) {
        return new Found.Damaged();
      }
      number = found;
      return new Found.Known(
          new CleanState(
              value(lines.get(0), CLEAN_END),
              value(lines.get(1), PURGED_BELOW),
              horizon,
              copied.orElse(0)));
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException notOurs) {
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
