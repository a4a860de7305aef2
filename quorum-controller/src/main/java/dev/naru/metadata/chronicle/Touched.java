package dev.naru.metadata.chronicle;

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
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What the events of one command are about.
 *
 * @param partitions the entries that each had on the way, with their causes; those of new topics
 *     are not among them, except what happened to them since
 * @param isCluster whether something of the cluster as a whole may differ
 * @param configured nodes whose settings may differ
 */
record Touched(
    boolean isCluster,
    SortedSet<NodeId> configured,
    SortedSet<NodeId> nodes,
    SortedSet<TopicId> topics,
    SortedMap<PartitionId, List<Step>> partitions,
    SortedSet<UUID> operations) {

  /** An entry that a partition had, and why. */
  record Step(PartitionImage entry, EventCause cause) {}

  static Touched by(List<MetadataEvent> events) {
    boolean isCluster = false;
    var configured = new TreeSet<NodeId>();
    var nodes = new TreeSet<NodeId>();
    var topics = new TreeSet<TopicId>();
    var partitions = new TreeMap<PartitionId, List<Step>>();
    var operations = new TreeSet<UUID>();
    for (var event : events) {
      switch (event) {
        case ClusterInitialized _, MetadataVersionFinalized _ -> isCluster = true;
        case ClusterConfigured(_, var changed) -> {
          isCluster = true;
          changed.forEach((id, entry) -> add(partitions, id, entry, EventCause.SETTINGS_CHANGED));
        }
        case NodeConfigured(var node, _) -> configured.add(node);
        case NodeRegistered(var node) -> nodes.add(node.id());
        case NodeLogsReported(var node) -> nodes.add(node);
        case NodeUnfenced(var node) -> nodes.add(node);
        case NodeFenced(var node, _) -> nodes.add(node);
        case NodeStopping(var node) -> nodes.add(node);
        case NodeSuspected(var node) -> nodes.add(node);
        case NodeTrusted(var node) -> nodes.add(node);
        case NodeIntended(var node, _) -> nodes.add(node);
        case NodeSaidToBeGone(var node) -> nodes.add(node);
        case NodeRemoved(var node) -> nodes.add(node);
        case TopicCreated(var topic) -> topics.add(topic.id());
        case TopicDeleted(var topic, _) -> topics.add(topic);
        case PartitionsAdded(var topic, _) -> topics.add(topic);
        case TopicConfigured(var topic, _, _, var changed) -> {
          topics.add(topic);
          changed.forEach((number, entry) ->
              add(partitions, new PartitionId(topic, number), entry, EventCause.SETTINGS_CHANGED));
        }
        case PartitionChanged(var id, var entry, var cause) ->
            add(partitions, id, entry, EventCause.of(cause));
        case DataLossDeclared _ -> {} // told of from the entry that changed with it
        case OperationChanged(var operation) -> operations.add(operation.id());
        case OperationForgotten(var operation) -> operations.add(operation);
      }
    }
    return new Touched(isCluster, configured, nodes, topics, partitions, operations);
  }

  private static void add(
      SortedMap<PartitionId, List<Step>> partitions,
      PartitionId id,
      PartitionImage entry,
      EventCause cause) {
    partitions.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(new Step(entry, cause));
  }
}
