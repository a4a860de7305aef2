package dev.naru.simulation.planted;

import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.CutVerdict;
import dev.naru.broker.replica.IsrState;
import dev.naru.broker.replica.IsrState.Proposed;
import dev.naru.broker.replica.JoinCandidate;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.WantedCut;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.Transition;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/** What systems of this kind have got wrong: one rule replaced by a wrong one. */
public enum PlantedBug implements Planted {

  /** Checklist 46: what is only in memory counts as durable. */
  COUNTS_WHAT_IS_IN_MEMORY(1, "CandidateCompleteness Expansion HighWatermark LeaderCompleteness") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public long countedEnd(Flush flush, long end, long durableEnd) {
          return end;
        }
      };
    }
  },

  /** Checklist 17: the watermark rises with too few in sync. */
  COMMITS_WITH_TOO_FEW_IN_SYNC(1, "HighWatermark") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayCommit(IsrState isr, int minInsync) {
          return true;
        }
      };
    }
  },

  /** Checklist 18: acks=all is satisfied by whoever is there. */
  ACKNOWLEDGES_WITH_TOO_FEW_IN_SYNC(1, "HighWatermark") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayAppendForAll(int isrSize, int minInsync) {
          return true;
        }

        @Override
        public boolean mayCommit(IsrState isr, int minInsync) {
          return true;
        }
      };
    }
  },

  /** Checklist 82: members that are only proposed count towards the minimum. */
  COUNTS_PROPOSED_MEMBERS(1, "HighWatermark CandidateCompleteness") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayCommit(IsrState isr, int minInsync) {
          return isr.maximal().size() >= minInsync;
        }
      };
    }
  },

  /** Checklist 11: a shrink takes effect before the controller has agreed. */
  DROPS_BEFORE_IT_IS_DECIDED(1, "HighWatermark CandidateCompleteness") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mustHold(IsrState isr, NodeId replica) {
          return isr instanceof Proposed open
              ? open.proposal().isr().stream().anyMatch(member -> member.node().equals(replica))
              : isr.committed().contains(replica);
        }
      };
    }
  },

  /** Step 15: a replica joins that has not got there. */
  JOINS_TOO_EARLY(1, "CandidateCompleteness Expansion LeaderCompleteness HighWatermark") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayJoin(JoinCandidate candidate, long epochStart, long highWatermark) {
          return candidate.isSubscribed() && candidate.isEligible();
        }
      };
    }
  },

  /** Step 12: a request for all in sync is answered when the leader alone has appended it. */
  ANSWERS_FOR_ALL_AS_FOR_THE_LEADER(1, "NoCommittedLoss") {
    @Override
    public ProduceAsked asked(ProduceAsked asked) {
      return asked.acks() != Acks.ALL
          ? asked
          : new ProduceAsked(
              asked.key(),
              Acks.LEADER,
              asked.knownEpoch(),
              asked.batch(),
              asked.arrivedMillis(),
              asked.deadlineNanos());
    }
  },

  /** Checklist 49: a damaged replica is cut back while others still count on all of it. */
  REPAIRS_BEFORE_IT_IS_RULED_OUT(
      1, "CandidateCompleteness Expansion LeaderCompleteness HighWatermark", World.ROTTEN) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayRepair(PartitionAssignment newest, NodeId damaged, long ruledOutAt) {
          return true;
        }
      };
    }
  },

  /** Step 7: a follower cuts what was committed before anybody has said that it is lost. */
  CUTS_BEFORE_THE_DECLARATION(9, "LossDeclared", World.LOSING) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public CutVerdict mayCut(NodeId self, Losses losses, long highWatermark, WantedCut cut) {
          var verdict = super.mayCut(self, losses, highWatermark, cut);
          return verdict instanceof CutVerdict.Declare ? new CutVerdict.Cut() : verdict;
        }
      };
    }
  },

  /** Step 20: what was committed before a loss is taken for committed after it. */
  KEEPS_ITS_WATERMARK_OVER_A_LOSS(9, "HighWatermark ByteIdentity", World.LOSING) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public long watermarkAfter(Losses losses, LeaderEpoch agreed, long held) {
          return held;
        }
      };
    }
  },

  /** Step 20: each start, and each image, begins at the oldest loss again. */
  LOWERS_ITS_WATERMARK_OVER_AND_OVER(2, "HighWatermark", World.LOSING) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public long watermarkAfter(Losses losses, LeaderEpoch agreed, long held) {
          return super.watermarkAfter(losses, LeaderEpoch.ZERO, held);
        }
      };
    }
  },

  /** Checklist 24: another replica leads than the one by which the loss is reckoned. */
  CHOOSES_ANOTHER_THAN_THE_GREATEST(2, "LossDeclared", World.LOSING) {
    @Override
    public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
      var decided = super.decides(image, index, envelope);
      if (!(envelope.command() instanceof RecoverPartitions command)) {
        return decided;
      }
      var changed = decided.image();
      for (var recovery : command.recoveries()) {
        var entry = changed.partition(recovery.partition()).orElseThrow();
        var least =
            recovery.answers().stream()
                .filter(answer -> !answer.isDamaged())
                .min(Comparator.comparing(LogAnswer::log));
        if (entry.isLedBy(recovery.choice()) && least.isPresent()) {
          changed = changed.withPartition(recovery.partition(), ledBy(entry, least.get().node()));
        }
      }
      return new Transition(changed, decided.outcome(), decided.events());
    }

    private static PartitionImage ledBy(PartitionImage entry, NodeId node) {
      return new PartitionImage(
          entry.replicas(),
          TreePSet.singleton(node),
          entry.elr().minus(node),
          entry.lastKnown(),
          Optional.of(node),
          entry.leaderEpoch(),
          entry.partitionEpoch(),
          entry.losses());
    }
  },

  /** Checklist 87: a leader that loses all its followers is believed that they are at fault. */
  BELIEVES_WHO_LOST_ALL_FOLLOWERS(1, "LonelyLeader", World.STORMY) {
    @Override
    public Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
      var node = image.node(envelope.submitter());
      boolean isAtIssue =
          envelope.command() instanceof SuspectNode
              || (envelope.command() instanceof AlterPartition proposal
                  && proposal.leavesLeaderAlone());
      if (!isAtIssue || node.isEmpty() || node.get().state() != NodeState.ACTIVE) {
        return super.decides(image, index, envelope);
      }
      // Who is suspected is taken at its word.
      var believing = image.withNode(node.get().withState(NodeState.SUSPECTED));
      var decided = super.decides(believing, index, envelope);
      return new Transition(
          decided.image().withNode(node.get()), decided.outcome(), decided.events());
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;
  private final World world;

  PlantedBug(long pinnedSeed, String convictedBy) {
    this(pinnedSeed, convictedBy, World.PLAIN);
  }

  PlantedBug(long pinnedSeed, String convictedBy, World world) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
    this.world = world;
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }

  private static class Wrong extends SafetyRules {}
}
