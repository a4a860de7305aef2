package dev.naru.metadata.machine;

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
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.ClusterConfigured;
import dev.naru.metadata.event.MetadataEvent.ClusterInitialized;
import dev.naru.metadata.event.MetadataEvent.DataLossDeclared;
import dev.naru.metadata.event.MetadataEvent.MetadataVersionFinalized;
import dev.naru.metadata.event.MetadataEvent.NodeConfigured;
import dev.naru.metadata.event.MetadataEvent.NodeFenced;
import dev.naru.metadata.event.MetadataEvent.NodeIntended;
import dev.naru.metadata.event.MetadataEvent.NodeLogsReported;
import dev.naru.metadata.event.MetadataEvent.NodeRegistered;
import dev.naru.metadata.event.MetadataEvent.NodeRemoved;
import dev.naru.metadata.event.MetadataEvent.NodeSaidToBeGone;
import dev.naru.metadata.event.MetadataEvent.NodeStopping;
import dev.naru.metadata.event.MetadataEvent.NodeSuspected;
import dev.naru.metadata.event.MetadataEvent.NodeTrusted;
import dev.naru.metadata.event.MetadataEvent.NodeUnfenced;
import dev.naru.metadata.event.MetadataEvent.OperationChanged;
import dev.naru.metadata.event.MetadataEvent.OperationForgotten;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.event.MetadataEvent.PartitionsAdded;
import dev.naru.metadata.event.MetadataEvent.TopicConfigured;
import dev.naru.metadata.event.MetadataEvent.TopicCreated;
import dev.naru.metadata.event.MetadataEvent.TopicDeleted;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/**
 * The cluster's rules: what a command leads to, and what an event does to the image. Total and
 * pure, so that the same log gives the same image on every node. A change of behaviour must ask the
 * image's metadata version, because nodes of two releases apply the same log.
 */
public final class MetadataMachine {

  private MetadataMachine() {}

  /**
   * Applies the command at this index of the metadata log. Never throws for what a command can
   * hold. A command that was applied before, under the same submitter, epoch and sequence, changes
   * nothing and has the outcome it had.
   */
  public static Transition apply(ClusterImage image, long index, CommandEnvelope envelope) {
    var recent = recent(image, envelope);
    var known = recent.flatMap(outcomes -> outcomes.of(envelope.sequence()));
    if (known.isPresent()) {
      return new Transition(image, known.get(), List.of());
    }
    if (recent.filter(outcomes -> outcomes.mayHaveForgotten(envelope.sequence())).isPresent()) {
      return new Transition(image, new Outcome.Refusal(index, forgotten(envelope)), List.of());
    }
    return switch (decide(image, index, envelope)) {
      case Decision.Accepted(var events) -> {
        var evolved = image;
        for (var event : events) {
          evolved = evolve(evolved, event);
        }
        var followed = OperationRules.follow(image, evolved, events, envelope.nowMillis());
        for (var event : followed) {
          evolved = evolve(evolved, event);
        }
        var all = Stream.concat(events.stream(), followed.stream()).toList();
        yield remembered(evolved, envelope, new Outcome.Accepted(index), all);
      }
      case Decision.Refusal(var why) ->
          remembered(image, envelope, new Outcome.Refusal(index, why), List.of());
    };
  }

  /** What the command leads to; also answers "what if" for a call that only validates. */
  public static Decision decide(ClusterImage image, long index, CommandEnvelope envelope) {
    if (envelope.isFromRegistered()) {
      var refusal = Registered.check(image, envelope.submitter(), envelope.submitterEpoch());
      if (refusal.isPresent()) {
        return new Decision.Refusal(refusal.get());
      }
    }
    if (!image.isInitialized() && !(envelope.command() instanceof InitializeCluster)) {
      return Decision.refused(
          ErrorCode.NODE_STARTING,
          "Expected an initialized cluster, but its controller has yet to do that");
    }
    return switch (envelope.command()) {
      case InitializeCluster command -> ClusterRules.initialize(image, command);
      case RegisterNode command -> RegistrationRules.register(image, index, command);
      case ReportLogs command -> LogReportRules.report(image, command);
      case GiveUpReplicas command -> LogReportRules.giveUp(image, command);
      case UnfenceNode command -> NodeRules.unfence(image, command);
      case FenceNode command -> NodeRules.fence(image, command);
      case BeginShutdown command -> NodeRules.beginShutdown(image, command);
      case CreateTopic command -> TopicRules.create(image, command, index, envelope.nowMillis());
      case CreateTopics command -> TopicRules.create(image, command, index, envelope.nowMillis());
      case DeleteTopic command -> TopicRules.delete(image, command, index);
      case AddPartitions command -> TopicChangeRules.add(image, command);
      case AlterTopicConfigs command ->
          TopicChangeRules.alter(
              image, command, new ConfigOrigin(index, envelope.nowMillis(), command.principal()));
      case AlterConfigs command ->
          ConfigRules.alter(
              image, command, new ConfigOrigin(index, envelope.nowMillis(), command.principal()));
      case FinalizeMetadataVersion command ->
          VersionRules.finalizeVersion(
              image, command, new ConfigOrigin(index, envelope.nowMillis(), command.principal()));
      case AlterPartition command -> PartitionRules.alter(image, command);
      case AlterPartitions command -> PartitionRules.alter(image, command);
      case ElectLeaders command -> PartitionRules.elect(image, command);
      case SuspectNode command -> SuspicionRules.suspect(image, command);
      case RecoverPartitions command -> RecoveryRules.recover(image, command);
      case DeclareLosses command -> LossRules.declare(image, command);
      case DrainNode command -> DrainRules.drain(image, command, index, envelope.nowMillis());
      case UndrainNode command -> DrainRules.undrain(image, command, envelope.nowMillis());
      case ReassignPartitions command ->
          OperationRules.reassign(image, command, index, envelope.nowMillis());
      case DecommissionNode command ->
          OperationRules.decommission(image, command, index, envelope.nowMillis());
      case CancelOperation command -> OperationRules.cancel(image, command, envelope.nowMillis());
    };
  }

  /**
   * The image after the event. Never refuses: what cannot be, given the image, is without effect.
   */
  public static ClusterImage evolve(ClusterImage image, MetadataEvent event) {
    return switch (event) {
      case ClusterInitialized(var version, var defaults) -> image.initialized(version, defaults);
      case NodeRegistered(var node) ->
          image.withNode(node).withRecentOutcomes(node.id(), RecentOutcomes.none(node.epoch()));
      case NodeLogsReported(var node) -> withNode(image, node, NodeImage::withLogsReported);
      case NodeUnfenced(var node) -> withNode(image, node, NodeImage::unfenced);
      case NodeFenced(var node, var cause) ->
          withNode(image, node, known -> known.fenced(isGone(known, cause)));
      case NodeStopping(var node) ->
          withNode(image, node, known -> known.withState(NodeState.STOPPING));
      case NodeSuspected(var node) ->
          withNode(image, node, known -> known.withState(NodeState.SUSPECTED));
      case NodeTrusted(var node) ->
          withNode(
              image,
              node,
              known -> known.isSuspected() ? known.withState(NodeState.ACTIVE) : known);
      case TopicCreated(var topic) -> image.withTopic(topic);
      case TopicDeleted(var id, var index) ->
          image.topic(id).map(topic -> image.withoutTopic(topic, index)).orElse(image);
      case PartitionsAdded(var id, var added) ->
          image
              .topic(id)
              .map(topic -> image.withTopic(topic.withMorePartitions(added)))
              .orElse(image);
      case TopicConfigured(var id, var configs, var origins, var partitions) ->
          image
              .topic(id)
              .map(topic -> configured(image, topic, configs, origins, partitions))
              .orElse(image);
      case ClusterConfigured(var entries, var partitions) -> {
        var configured = image.withClusterConfigs(entries);
        for (var entry : partitions.entrySet()) {
          configured = configured.withPartition(entry.getKey(), entry.getValue());
        }
        yield configured;
      }
      case NodeConfigured(var node, var entries) -> image.withNodeConfigs(node, entries);
      case MetadataVersionFinalized(var version, var origin) -> image.finalized(version, origin);
      case PartitionChanged(var id, var partition, var cause) -> image.withPartition(id, partition);
      case DataLossDeclared _ -> image;
      case NodeSaidToBeGone(var node) ->
          withNode(image, node, known -> known.isFenced() ? known.fenced(true) : known);
      case NodeIntended(var node, var intent) ->
          withNode(image, node, known -> known.withIntent(intent));
      case NodeRemoved(var node) -> image.withoutNode(node);
      case OperationChanged(var operation) -> image.withOperation(operation);
      case OperationForgotten(var operation) ->
          image.withOperations(image.operations().minus(operation));
    };
  }

  /** One that asked to stop has done so when it is heard no more. */
  private static boolean isGone(NodeImage node, FenceCause cause) {
    return node.isGone()
        || node.state() == NodeState.STOPPING
        || cause == FenceCause.CONNECTION_REFUSED;
  }

  private static ClusterImage configured(
      ClusterImage image,
      TopicImage topic,
      TreePMap<String, String> configs,
      TreePMap<String, ConfigOrigin> origins,
      TreePMap<Integer, PartitionImage> partitions) {
    var changed = topic.withConfigs(configs, origins, image.defaults());
    for (var entry : partitions.entrySet()) {
      if (topic.partition(entry.getKey()).isPresent()) {
        changed = changed.withPartition(entry.getKey(), entry.getValue());
      }
    }
    return image.withTopic(changed);
  }

  private static ClusterImage withNode(
      ClusterImage image, NodeId id, UnaryOperator<NodeImage> change) {
    return image.node(id).map(change).map(image::withNode).orElse(image);
  }

  /**
   * What is remembered of this very process; nothing of one that is not or no longer registered.
   */
  private static Optional<RecentOutcomes> recent(ClusterImage image, CommandEnvelope envelope) {
    return Optional.ofNullable(image.recentOutcomes().get(envelope.submitter()))
        .filter(outcomes -> outcomes.epoch().equals(envelope.submitterEpoch()));
  }

  private static Transition remembered(
      ClusterImage image, CommandEnvelope envelope, Outcome outcome, List<MetadataEvent> events) {
    var remembering =
        recent(image, envelope)
            .map(outcomes -> outcomes.with(envelope.sequence(), outcome))
            .map(outcomes -> image.withRecentOutcomes(envelope.submitter(), outcomes))
            .orElse(image);
    return new Transition(remembering, outcome, events);
  }

  private static Refused forgotten(CommandEnvelope envelope) {
    return new Refused(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected one of the last %s commands of node %s, but %s is older: its outcome is unknown"
            .formatted(RecentOutcomes.REMEMBERED_MAX, envelope.submitter(), envelope.sequence()));
  }
}
