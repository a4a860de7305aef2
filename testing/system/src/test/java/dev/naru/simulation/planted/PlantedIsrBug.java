package dev.naru.simulation.planted;

import dev.naru.broker.replica.JoinCandidate;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.Transition;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * What systems of this kind have got wrong about who is in sync: a check is left out, by the leader
 * or by the controller, and long before anything is lost it shows.
 */
public enum PlantedIsrBug implements Planted {

  /** Checklist 14: a leader asks for replicas of nodes that are about to stop. */
  PROPOSES_WHO_IS_STOPPING(1, "Expansion") {
    @Override
    public SafetyRules safety() {
      return new SafetyRules() {
        @Override
        public boolean isSound(JoinCandidate candidate, long epochStart) {
          return super.isSound(
              new JoinCandidate(candidate.isSubscribed(), true, candidate.countedEnd()),
              epochStart);
        }
      };
    }
  },

  /** Checklist 14: the controller lets in whom a leader asks for, be he fenced or about to stop. */
  LETS_IN_WHO_IS_FENCED(125, "Fencing") {
    @Override
    public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
      if (!isProposal(envelope)) {
        return super.decides(image, index, envelope);
      }
      var trusting = image;
      for (var node : image.nodes().values()) {
        if (!node.isEligible()) {
          trusting = trusting.withNode(node.withState(NodeState.ACTIVE));
        }
      }
      var decided = super.decides(trusting, index, envelope);
      var after = decided.image();
      for (var node : image.nodes().values()) {
        if (!node.isEligible()) {
          after = after.withNode(node);
        }
      }
      return new Transition(after, decided.outcome(), decided.events());
    }
  },

  /** Checklist 20: a proposal that comes late takes effect on an entry that has moved on. */
  HEARS_PROPOSALS_OF_BEFORE(587, "Fencing QuorumSuperset") {
    @Override
    public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
      return super.decides(
          image,
          index,
          with(
              envelope,
              proposal ->
                  new AlterPartition(
                      proposal.partition(),
                      proposal.leaderEpoch(),
                      image
                          .partition(proposal.partition())
                          .map(PartitionImage::partitionEpoch)
                          .orElse(proposal.partitionEpoch()),
                      proposal.leader(),
                      proposal.isr())));
    }
  },

  /** Checklist 83: places in the ELR are kept though the ISR is large enough without them. */
  KEEPS_PLACES_THAT_ARE_OVER(3, "Fencing CandidateCompleteness QuorumSuperset") {
    @Override
    public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
      var decided = super.decides(image, index, envelope);
      var after = decided.image();
      for (var id : after.partitionIds().toList()) {
        var was = image.partition(id);
        var is = after.partition(id).orElseThrow();
        if (was.isPresent() && is.elr().isEmpty() && !was.get().elr().isEmpty()) {
          var kept = was.get().elr().minusAll(is.isr());
          after = after.withPartition(id, withElr(is, kept));
        }
      }
      return new Transition(after, decided.outcome(), decided.events());
    }
  };

  private static boolean isProposal(CommandEnvelope envelope) {
    return envelope.command() instanceof AlterPartition
        || envelope.command() instanceof AlterPartitions;
  }

  /** The same, with other proposals. */
  private static CommandEnvelope with(
      CommandEnvelope envelope, UnaryOperator<AlterPartition> change) {
    MetadataCommand command =
        switch (envelope.command()) {
          case AlterPartition one -> change.apply(one);
          case AlterPartitions(var many) -> new AlterPartitions(many.stream().map(change).toList());
          default -> envelope.command();
        };
    return new CommandEnvelope(
        envelope.submitter(),
        envelope.submitterEpoch(),
        envelope.sequence(),
        envelope.nowMillis(),
        command);
  }

  private static PartitionImage withElr(PartitionImage entry, TreePMap<NodeId, ElrPlace> elr) {
    return new PartitionImage(
        entry.replicas(),
        entry.isr(),
        elr,
        entry.lastKnown(),
        entry.leader(),
        entry.leaderEpoch(),
        entry.partitionEpoch());
  }

  private final long pinnedSeed;
  private final String convictedBy;

  PlantedIsrBug(long pinnedSeed, String convictedBy) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
  }

  @Override
  public World world() {
    return World.PLAIN;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }
}
