package dev.naru.broker.partition;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.DeclareLoss;

/** The way to the active controller. */
public interface Proposals {

  /**
   * Submits the proposal. If an equal one was submitted before, and is not yet known to be refused,
   * it goes out again under the same command sequence, so that at most one takes effect.
   *
   * <p>The applied image tells what became of it. Only a refusal that is final, for every copy
   * sent, comes back: as {@link PartitionInput.ProposalRefused}. A lost connection or an unknown
   * outcome does not.
   */
  void propose(AlterPartition proposal);

  /**
   * Announces that a loss reaches further than was known. The applied image tells when it is
   * declared; whoever still waits for that says so again after a while, as it may be dropped on the
   * way.
   */
  void declare(DeclareLoss loss);
}
