package dev.naru.metadata.command;

import java.util.List;

/**
 * What replicas of many partitions would have to cut beyond what was declared lost: after a power
 * cut of all there is one for each partition of a node, and an entry of the log costs the same for
 * one as for hundreds. Each is decided for itself; those that are refused have no effect, and the
 * others do. If all are refused, so is the command, for the reason of the first.
 *
 * @param losses may be several for one partition, whose entry still changes at most once
 */
public record DeclareLosses(List<DeclareLoss> losses) implements MetadataCommand {

  /** Most of them: they are less than 200 KiB. */
  public static final int LOSSES_MAX = 2_000;

  /** Keeps its own copy. */
  public DeclareLosses {
    losses = List.copyOf(losses);
  }

  /** Short: it is logged. */
  @Override
  public String toString() {
    return losses.size() == 1
        ? "DeclareLosses[" + losses.getFirst() + "]"
        : "DeclareLosses[" + losses.size() + " losses]";
  }
}
