package dev.naru.metadata.codec;

import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.image.Replica;
import dev.naru.proto.internal.v1.EligibleReplica;
import dev.naru.proto.internal.v1.NodeCondition;
import dev.naru.proto.internal.v1.NodeRecord;
import dev.naru.proto.internal.v1.PartitionRecord;
import dev.naru.proto.internal.v1.RememberedOutcome;
import dev.naru.proto.internal.v1.SubmitterRecord;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Reads the parts of an image from the records of a snapshot. */
final class SnapshotParts {

  private SnapshotParts() {}

  static NodeImage node(NodeRecord record) {
    TreePMap<UUID, DirectoryTrust> directories = TreePMap.empty();
    for (var known : record.getDirectoriesList()) {
      directories =
          directories.plus(
              Values.read(known.getId()),
              known.getTrusted() ? DirectoryTrust.TRUSTED : DirectoryTrust.UNTRUSTED);
    }
    return new NodeImage(
        new NodeId(record.getNode()),
        new NodeEpoch(record.getNodeEpoch()),
        Values.read(record.getIncarnation()),
        state(record.getCondition()),
        Values.read(record.getDescription()),
        directories,
        Values.read(record.getLastStop()),
        record.getLogsReported(),
        record.hasLastUnfencedEpoch()
            ? Optional.of(new NodeEpoch(record.getLastUnfencedEpoch()))
            : Optional.empty(),
        OperationMessages.intent(record.getWish()),
        record.getGone());
  }

  static RecentOutcomes recentOutcomes(SubmitterRecord record) {
    TreePMap<Long, Outcome> outcomes = TreePMap.empty();
    for (var remembered : record.getOutcomesList()) {
      outcomes = outcomes.plus(remembered.getSequence(), outcome(remembered));
    }
    return new RecentOutcomes(
        new NodeEpoch(record.getNodeEpoch()), outcomes, record.getForgottenBelow());
  }

  static PartitionImage partition(PartitionRecord record) {
    TreePMap<NodeId, ElrPlace> elr = TreePMap.empty();
    for (var eligible : record.getElrList()) {
      elr = elr.plus(new NodeId(eligible.getNode()), place(eligible));
    }
    return new PartitionImage(
        record.getReplicasList().stream()
            .map(replica ->
                new Replica(
                    new NodeId(replica.getNode()), new PartitionEpoch(replica.getAssignedAt())))
            .toList(),
        nodes(record.getIsrList()),
        elr,
        nodes(record.getLastKnownList()),
        record.hasLeader() ? Optional.of(new NodeId(record.getLeader())) : Optional.empty(),
        new LeaderEpoch(record.getLeaderEpoch()),
        new PartitionEpoch(record.getPartitionEpoch()),
        new Losses(record.getLossesList().stream().map(RecoveryMessages::read).toList()),
        record.hasMove()
            ? Optional.of(OperationMessages.read(record.getMove()))
            : Optional.empty());
  }

  private static NodeState state(NodeCondition condition) {
    return switch (condition) {
      case NODE_CONDITION_STARTING -> NodeState.STARTING;
      case NODE_CONDITION_ACTIVE -> NodeState.ACTIVE;
      case NODE_CONDITION_FENCED -> NodeState.FENCED;
      case NODE_CONDITION_STOPPING -> NodeState.STOPPING;
      case NODE_CONDITION_SUSPECTED -> NodeState.SUSPECTED;
      case NODE_CONDITION_UNSPECIFIED, UNRECOGNIZED ->
          throw Values.unknown("state of a node", condition);
    };
  }

  private static Outcome outcome(RememberedOutcome remembered) {
    var code =
        ErrorCode.ofNumber(remembered.getErrorValue())
            .orElseThrow(() -> Values.unknown("error code", remembered.getError()));
    return code == ErrorCode.NONE
        ? new Outcome.Accepted(remembered.getIndex())
        : new Outcome.Refusal(
            remembered.getIndex(), new Refused(code, remembered.getErrorMessage()));
  }

  private static ElrPlace place(EligibleReplica eligible) {
    return switch (eligible.getPlaceCase()) {
      case UNBROKEN -> new ElrPlace.Unbroken();
      case AWAITED -> new ElrPlace.Awaited();
      case RECOVERED -> new ElrPlace.Recovered(Values.read(eligible.getRecovered()));
      case PLACE_NOT_SET -> throw Values.unknown("place in the ELR", eligible.getPlaceCase());
    };
  }

  private static TreePSet<NodeId> nodes(List<Integer> ids) {
    return TreePSet.from(ids.stream().map(NodeId::new).toList());
  }
}
