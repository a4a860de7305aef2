package dev.naru.metadata.chronicle;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a command says of why it was sent.
 *
 * @param node that it came of, or that it is about
 * @param reasons what leaders say of why they proposed another ISR
 * @param principal who asked; empty: a node of the cluster by itself
 */
record Trigger(
    EventCause cause,
    Optional<NodeId> node,
    SortedMap<PartitionId, String> reasons,
    String principal) {

  /**
   * Reads the command.
   *
   * @param before the image that it was decided on
   */
  static Trigger of(ClusterImage before, CommandEnvelope envelope) {
    var command = envelope.command();
    return new Trigger(
        causeOf(command), nodeOf(before, command), reasonsOf(command), principalOf(envelope));
  }

  private static EventCause causeOf(MetadataCommand command) {
    return switch (command) {
      case InitializeCluster _ -> EventCause.CLUSTER_BEGAN;
      case RegisterNode _ -> EventCause.NODE_REGISTERED;
      case ReportLogs _ -> EventCause.LOG_REPORTED;
      case UnfenceNode _ -> EventCause.NODE_CAUGHT_UP;
      case FenceNode(_, _, var why) ->
          switch (why) {
            case SILENT -> EventCause.NODE_SILENT;
            case CONNECTION_REFUSED -> EventCause.CONNECTION_REFUSED;
          };
      case BeginShutdown _ -> EventCause.NODE_STOPPING;
      case GiveUpReplicas(_, _, _, var why) ->
          switch (why) {
            case DAMAGED -> EventCause.REPLICA_DAMAGED;
            case STORAGE_FAILED -> EventCause.STORAGE_FAILED;
          };
      case AlterPartition _, AlterPartitions _ -> EventCause.LEADER_PROPOSED;
      case ElectLeaders(_, var kind) ->
          switch (kind) {
            case PREFERRED -> EventCause.PREFERRED_LEADER;
            case WAIT_IS_OVER -> EventCause.ELECTION_WAIT_OVER;
          };
      case SuspectNode _ -> EventCause.SHRINK_STORM;
      case RecoverPartitions _ -> EventCause.RECOVERED;
      case DeclareLosses _ -> EventCause.LOSS_EXTENDED;
      case CreateTopic _,
          CreateTopics _,
          DeleteTopic _,
          AddPartitions _,
          AlterTopicConfigs _,
          AlterConfigs _,
          FinalizeMetadataVersion _,
          DrainNode _,
          UndrainNode _,
          ReassignPartitions _,
          DecommissionNode _,
          CancelOperation _ ->
          EventCause.REQUESTED;
    };
  }

  private static SortedMap<PartitionId, String> reasonsOf(MetadataCommand command) {
    var reasons = new TreeMap<PartitionId, String>();
    if (command instanceof AlterPartition alter) {
      reasons.put(alter.partition(), alter.reason());
    } else if (command instanceof AlterPartitions(var proposals)) {
      proposals.forEach(alter -> reasons.putIfAbsent(alter.partition(), alter.reason()));
    }
    reasons.values().removeIf(String::isEmpty);
    return reasons;
  }

  private static Optional<NodeId> nodeOf(ClusterImage before, MetadataCommand command) {
    return switch (command) {
      case RegisterNode register -> Optional.of(register.node());
      case ReportLogs report -> Optional.of(report.node());
      case UnfenceNode unfence -> Optional.of(unfence.node());
      case FenceNode fence -> Optional.of(fence.node());
      case BeginShutdown shutdown -> Optional.of(shutdown.node());
      case GiveUpReplicas giveUp -> Optional.of(giveUp.node());
      case AlterPartition alter -> Optional.of(alter.leader().node());
      case AlterPartitions(var proposals) ->
          proposals.stream().findFirst().map(proposal -> proposal.leader().node());
      case SuspectNode suspect -> Optional.of(suspect.node());
      case DrainNode drain -> Optional.of(drain.node());
      case UndrainNode undrain -> Optional.of(undrain.node());
      case DecommissionNode decommission -> Optional.of(decommission.node());
      case CancelOperation(var operation) ->
          before.operation(operation).flatMap(OperationImage::node);
      case InitializeCluster _,
          ElectLeaders _,
          RecoverPartitions _,
          DeclareLosses _,
          CreateTopic _,
          CreateTopics _,
          DeleteTopic _,
          AddPartitions _,
          AlterTopicConfigs _,
          AlterConfigs _,
          FinalizeMetadataVersion _,
          ReassignPartitions _ ->
          Optional.empty();
    };
  }

  /** Some commands name it themselves, because it stays in the image. */
  private static String principalOf(CommandEnvelope envelope) {
    if (!envelope.principal().isEmpty()) {
      return envelope.principal();
    }
    return switch (envelope.command()) {
      case CreateTopic create -> create.principal();
      case CreateTopics(var topics) ->
          topics.stream().findFirst().map(CreateTopic::principal).orElse("");
      case AlterTopicConfigs alter -> alter.principal();
      case AlterConfigs alter -> alter.principal();
      case FinalizeMetadataVersion finalize -> finalize.principal();
      case InitializeCluster _,
          RegisterNode _,
          ReportLogs _,
          UnfenceNode _,
          FenceNode _,
          BeginShutdown _,
          GiveUpReplicas _,
          AlterPartition _,
          AlterPartitions _,
          ElectLeaders _,
          SuspectNode _,
          RecoverPartitions _,
          DeclareLosses _,
          DeleteTopic _,
          AddPartitions _,
          DrainNode _,
          UndrainNode _,
          ReassignPartitions _,
          DecommissionNode _,
          CancelOperation _ ->
          "";
    };
  }
}
