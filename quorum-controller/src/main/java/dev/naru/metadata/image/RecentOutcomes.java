package dev.naru.metadata.image;

import dev.naru.types.NodeEpoch;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * What became of the last commands of one process, so that a command that is sent twice takes
 * effect once. Belongs to one node epoch: a node that registers anew begins with an empty one.
 *
 * @param forgottenBelow sequences below it may have been applied and forgotten
 */
public record RecentOutcomes(
    NodeEpoch epoch, TreePMap<Long, Outcome> outcomes, long forgottenBelow) {

  /**
   * How many are remembered. A node keeps fewer than this many commands in flight, so that nothing
   * it still retries is ever forgotten.
   */
  public static final int REMEMBERED_MAX = 1024;

  /** Nothing submitted yet. */
  public static RecentOutcomes none(NodeEpoch epoch) {
    return new RecentOutcomes(epoch, TreePMap.empty(), 0);
  }

  /** The outcome of the command with this sequence, if it was applied and is still known. */
  public Optional<Outcome> of(long sequence) {
    return Optional.ofNullable(outcomes.get(sequence));
  }

  /** Whether the command with this sequence may have been applied without being remembered. */
  public boolean mayHaveForgotten(long sequence) {
    return sequence < forgottenBelow && !outcomes.containsKey(sequence);
  }

  /** Remembers one more, and forgets the one with the lowest sequence when there are too many. */
  public RecentOutcomes with(long sequence, Outcome outcome) {
    var more = outcomes.plus(sequence, outcome);
    return more.size() <= REMEMBERED_MAX
        ? new RecentOutcomes(epoch, more, forgottenBelow)
        : new RecentOutcomes(epoch, more.minus(more.firstKey()), more.firstKey() + 1);
  }
}
