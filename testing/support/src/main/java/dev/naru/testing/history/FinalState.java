package dev.naru.testing.history;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is left when all faults have been mended and nobody writes any more.
 *
 * @param reads histories of readers that read every partition from its log start to its high
 *     watermark, at the very end
 * @param partitions every partition of the run
 */
public record FinalState(List<History> reads, List<PartitionEnd> partitions) {

  public FinalState {
    reads = List.copyOf(reads);
    partitions = List.copyOf(partitions);
  }

  /** What the topic of a partition promises. */
  public enum Promise {
    /** What was acknowledged with {@link Acks#ALL} stays. */
    NOTHING_IS_LOST,
    /**
     * It may be lost by what was done to the nodes ({@code flush=os} and power cuts): losses, and
     * what follows from them, are counted.
     */
    LOSSES_ARE_COUNTED
  }

  /**
   * A partition at the end.
   *
   * @param logStart the first offset, as its leader says
   * @param highWatermark as its leader says
   * @param explainedStart how far retention, or somebody who asked for it, may have deleted: below,
   *     nothing is missed. 0 if nothing may have been deleted
   * @param declaredLosses ranges of which the cluster itself says that they are lost
   * @param replicas the files of all that are still replicas; their nodes have stopped
   */
  public record PartitionEnd(
      PartitionName partition,
      Promise promise,
      long logStart,
      long highWatermark,
      long explainedStart,
      List<Range> declaredLosses,
      List<Replica> replicas) {

    public PartitionEnd {
      if (logStart < 0 || highWatermark < logStart) {
        throw new IllegalArgumentException(
            "Expected %s to end at or after its start, but they were %d and %d"
                .formatted(partition, highWatermark, logStart));
      }
      declaredLosses = List.copyOf(declaredLosses);
      replicas = List.copyOf(replicas);
    }

    /** Whether nobody may miss what was at this offset. */
    boolean mayBeGone(long offset) {
      return offset < explainedStart || isDeclaredLost(offset);
    }

    boolean isDeclaredLost(long offset) {
      return declaredLosses.stream().anyMatch(range -> range.contains(offset));
    }

    /** The first offset from one to before another at which something must be. */
    OptionalLong firstMissed(long from, long to) {
      long at = Math.max(from, explainedStart);
      while (at < to) {
        long offset = at;
        var loss = declaredLosses.stream().filter(range -> range.contains(offset)).findFirst();
        if (loss.isEmpty()) {
          return OptionalLong.of(at);
        }
        at = loss.get().to();
      }
      return OptionalLong.empty();
    }
  }

  /** Offsets from the first one to before the second one. */
  public record Range(long from, long to) {

    public Range {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException(
            "Expected a range of offsets, but was from %d to %d".formatted(from, to));
      }
    }

    boolean contains(long offset) {
      return from <= offset && offset < to;
    }
  }

  /**
   * One replica's files.
   *
   * @param folder the directory of this partition's log
   * @param isInSync whether it was in the ISR at the end: then it holds everything below the high
   *     watermark
   */
  public record Replica(int node, Path folder, boolean isInSync) {}
}
