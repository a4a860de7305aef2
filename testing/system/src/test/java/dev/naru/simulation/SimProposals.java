package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.Proposals;
import dev.naru.broker.replica.SelfSuspicion;
import dev.naru.broker.replica.SelfSuspicion.Verdict;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings proposals to the controller; an equal one again under the same sequence. Those that would
 * leave the node alone wait for each other, as they do in the product.
 */
final class SimProposals implements Proposals {

  private final SimProcess process;
  private final SelfSuspicion suspicion;
  private final Map<PartitionId, CommandEnvelope> newest = new TreeMap<>();

  SimProposals(SimProcess process) {
    this.process = process;
    suspicion = new SelfSuspicion(Duration.ofNanos(process.cluster().scenario().lagMaxNanos()));
  }

  @Override
  public void propose(AlterPartition proposal) {
    process.cluster().observer().proposed(process, proposal);
    boolean isFirst = !suspicion.isWaiting();
    if (isSent(proposal) || !suspicion.holds(proposal, process.image())) {
      send(proposal);
    } else if (isFirst) {
      judgeLater();
    }
  }

  @Override
  public void declare(DeclareLoss loss) {
    process.cluster().tally().count("losses announced");
    var command = new DeclareLosses(List.of(loss));
    process.cluster().controller().submit(process.node(), process.envelope(command), _ -> {});
  }

  private boolean isSent(AlterPartition proposal) {
    var known = newest.get(proposal.partition());
    return known != null && known.command().equals(proposal);
  }

  private void judgeLater() {
    process.later(SelfSuspicion.GATHER_NANOS, this::judge);
  }

  private void judge() {
    switch (suspicion.judge(process.image(), this::isFollowed)) {
      case Verdict.Followers(var proposals) -> proposals.forEach(this::send);
      case Verdict.Self(var command, var proposals) -> {
        process.cluster().tally().count("blames itself");
        process
            .cluster()
            .controller()
            .submit(
                process.node(),
                process.envelope(command),
                outcome -> onVerdict(proposals, outcome));
      }
      case Verdict.Undecided() -> {
        process.cluster().tally().count("judges itself once more");
        judgeLater();
      }
    }
  }

  private boolean isFollowed(PartitionId partition, LeaderEpoch epoch) {
    return process.partition(partition).filter(here -> here.view().isFollowedIn(epoch)).isPresent();
  }

  /** Without an answer, those that are still to be decided are proposed again. */
  private void onVerdict(List<AlterPartition> proposals, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted(long index) -> {
        var image = process.cluster().log().image(index);
        proposals.stream().filter(proposal -> isOpen(image, proposal)).forEach(this::send);
      }
      case Outcome.Refusal _ -> proposals.forEach(this::send);
      case Outcome.NotAppended _ -> {}
    }
  }

  private static boolean isOpen(ClusterImage image, AlterPartition proposal) {
    return image
        .partition(proposal.partition())
        .filter(entry -> entry.partitionEpoch().equals(proposal.partitionEpoch()))
        .isPresent();
  }

  private void send(AlterPartition proposal) {
    var known = newest.get(proposal.partition());
    var envelope =
        known != null && known.command().equals(proposal) ? known : process.envelope(proposal);
    newest.put(proposal.partition(), envelope);
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
