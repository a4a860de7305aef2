package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.Proposals;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.PartitionId;
import java.util.Map;
import java.util.TreeMap;

/** Brings proposals to the controller; an equal one again under the same sequence. */
final class SimProposals implements Proposals {

  private final SimProcess process;
  private final Map<PartitionId, CommandEnvelope> newest = new TreeMap<>();

  SimProposals(SimProcess process) {
    this.process = process;
  }

  @Override
  public void propose(AlterPartition proposal) {
    var known = newest.get(proposal.partition());
    var envelope =
        known != null && known.command().equals(proposal) ? known : process.envelope(proposal);
    newest.put(proposal.partition(), envelope);
    process.cluster().observer().proposed(process, proposal);
    process
        .cluster()
        .controller()
        .submit(process.node(), envelope, outcome -> onOutcome(proposal, outcome));
  }

  private void onOutcome(AlterPartition proposal, Outcome outcome) {
    if (outcome instanceof Outcome.Refusal(_, var why)) {
      newest.remove(proposal.partition());
      process.post(proposal.partition(), new ProposalRefused(proposal, why));
    }
  }
}
