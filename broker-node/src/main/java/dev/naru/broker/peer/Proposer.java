package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.Proposals;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.Refused;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals of leaders to the controller. A proposal is submitted once and tried under one
 * sequence until its outcome is known; being asked for it again meanwhile changes nothing.
 */
public final class Proposer implements Proposals {

  private final ControllerLink controller;
  private final ConcurrentHashMap.KeySetView<AlterPartition, Boolean> underWay =
      ConcurrentHashMap.newKeySet();

  /** Set once, before the first partition has a role; read by loops. */
  private volatile @Nullable PartitionDirectory directory;

  /** Over this link. */
  public Proposer(ControllerLink controller) {
    this.controller = controller;
  }

  /** From now on refusals go to these partitions. */
  public void route(PartitionDirectory partitions) {
    directory = partitions;
  }

  @Override
  public void propose(AlterPartition proposal) {
    if (underWay.add(proposal)) {
      var _ =
          controller
              .submitUntilKnown(proposal)
              .whenComplete((outcome, _) -> {
                underWay.remove(proposal);
                if (outcome instanceof Outcome.Refusal(_, var why)) {
                  refused(proposal, why);
                }
              });
    }
  }

  private void refused(AlterPartition proposal, Refused why) {
    var known = directory;
    if (known != null) {
      known
          .seat(proposal.partition())
          .ifPresent(seat -> seat.tell(new ProposalRefused(proposal, why)));
    }
  }
}
