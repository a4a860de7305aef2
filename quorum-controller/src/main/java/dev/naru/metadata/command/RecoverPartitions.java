package dev.naru.metadata.command;

import java.util.List;

/**
 * Lets replicas lead that may lack acknowledged records, and declares what is lost by that. Each is
 * decided for itself, as if it came alone: those that are refused have no effect, and the others
 * do. If all are refused, so is the command, for the reason of the first.
 *
 * @param recoveries each for another partition; of several for one the first counts
 */
public record RecoverPartitions(List<Recovery> recoveries) implements MetadataCommand {

  /** Most of them: with five answers each they are half a MiB. */
  public static final int RECOVERIES_MAX = 1_000;

  /** Keeps its own copy. */
  public RecoverPartitions {
    recoveries = List.copyOf(recoveries);
  }

  /** Short: it is logged. */
  @Override
  public String toString() {
    return recoveries.size() == 1
        ? "RecoverPartitions[" + recoveries.getFirst() + "]"
        : "RecoverPartitions[" + recoveries.size() + " partitions]";
  }
}
