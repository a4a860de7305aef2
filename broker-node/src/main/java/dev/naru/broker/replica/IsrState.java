package dev.naru.broker.replica;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.types.NodeId;
import org.pcollections.TreePSet;

/**
 * The in-sync replicas as their leader may assume them.
 *
 * <p>While a proposal is open it may have taken effect or not, so the leader acts on the worse of
 * both: it waits for every replica that is or may be in the ISR. Only an image with a higher
 * partition epoch, or a refusal that is final, ends that.
 */
public sealed interface IsrState {

  /** As in the last image. */
  TreePSet<NodeId> committed();

  /** Every replica that may be in the ISR at the controller. */
  TreePSet<NodeId> maximal();

  /** Nothing is under way. */
  record Stable(TreePSet<NodeId> committed) implements IsrState {

    @Override
    public TreePSet<NodeId> maximal() {
      return committed;
    }
  }

  /**
   * A proposal was sent and its outcome is not known.
   *
   * @param sentNanos when it was sent last
   */
  record Proposed(
      TreePSet<NodeId> committed, TreePSet<NodeId> maximal, AlterPartition proposal, long sentNanos)
      implements IsrState {

    static Proposed of(Stable stable, AlterPartition proposal, long sentNanos) {
      return new Proposed(
          stable.committed(),
          stable.committed().plusAll(proposal.isr().stream().map(IsrMember::node).toList()),
          proposal,
          sentNanos);
    }

    Proposed sentAgain(long nowNanos) {
      return new Proposed(committed, maximal, proposal, nowNanos);
    }
  }
}
