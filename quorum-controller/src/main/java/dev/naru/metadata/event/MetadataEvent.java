package dev.naru.metadata.event;

import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.UUID;
import org.pcollections.TreePMap;

/**
 * A fact. Events are never stored: the log holds commands, and every node derives the same events.
 */
public sealed interface MetadataEvent {

  /** The cluster exists. */
  record ClusterInitialized(int metadataVersion, ClusterDefaults defaults)
      implements MetadataEvent {}

  /** A process is registered, fenced for now; whatever its predecessor submitted is forgotten. */
  record NodeRegistered(NodeImage node) implements MetadataEvent {}

  /** A node has said what all its logs hold. */
  record NodeLogsReported(NodeId node) implements MetadataEvent {}

  /** A node serves. */
  record NodeUnfenced(NodeId node) implements MetadataEvent {}

  /** A node may lead nothing and be in no ISR. */
  record NodeFenced(NodeId node, FenceCause cause) implements MetadataEvent {}

  /** A node gives up its leaderships. */
  record NodeStopping(NodeId node) implements MetadataEvent {}

  /** A node leads only what nobody else could, until its links are seen to work. */
  record NodeSuspected(NodeId node) implements MetadataEvent {}

  /** A node is suspected no more. */
  record NodeTrusted(NodeId node) implements MetadataEvent {}

  /** A topic exists. */
  record TopicCreated(TopicImage topic) implements MetadataEvent {}

  /**
   * A topic has more partitions.
   *
   * @param added those that follow the ones it had
   */
  record PartitionsAdded(TopicId topic, List<PartitionImage> added) implements MetadataEvent {

    /** Keeps its own copy. */
    public PartitionsAdded {
      added = List.copyOf(added);
    }
  }

  /**
   * A topic has other settings, and its partitions what follows from them at once: were an ELR
   * dropped later than the minimum that it made up for, its members could be elected in between.
   *
   * @param configs all that are set on the topic itself, in canonical form
   * @param origins who set them, and when
   * @param partitions those that change by it, by number
   */
  record TopicConfigured(
      TopicId topic,
      TreePMap<String, String> configs,
      TreePMap<String, ConfigOrigin> origins,
      TreePMap<Integer, PartitionImage> partitions)
      implements MetadataEvent {}

  /**
   * Other settings hold for the cluster, and for its partitions what follows from them at once, as
   * in {@link TopicConfigured}.
   *
   * @param entries all that are set while it runs
   * @param partitions those that change by it
   */
  record ClusterConfigured(
      TreePMap<String, ConfigEntry> entries, TreePMap<PartitionId, PartitionImage> partitions)
      implements MetadataEvent {}

  /**
   * Other settings hold for a node.
   *
   * @param entries all that are set of it while it runs
   */
  record NodeConfigured(NodeId node, TreePMap<String, ConfigEntry> entries)
      implements MetadataEvent {}

  /**
   * Other rules are in force.
   *
   * @param origin who wanted that
   */
  record MetadataVersionFinalized(int version, ConfigOrigin origin) implements MetadataEvent {}

  /**
   * A topic is gone and its id dead.
   *
   * @param index of the deleting command in the metadata log
   */
  record TopicDeleted(TopicId topic, long index) implements MetadataEvent {}

  /** A partition has another leader, ISR or ELR. */
  record PartitionChanged(PartitionId id, PartitionImage partition, PartitionCause cause)
      implements MetadataEvent {}

  /**
   * Records were given up, more than was known, or it is known now exactly which. The partition's
   * entry, which holds the loss, changes by an event of its own; that a loss was none is said there
   * only.
   */
  record DataLossDeclared(PartitionId id, DeclaredLoss loss) implements MetadataEvent {}

  /** An operator wants something else of a node. */
  record NodeIntended(NodeId node, NodeIntent intent) implements MetadataEvent {}

  /** An operator says that the process of a fenced node has ended and will not come back. */
  record NodeSaidToBeGone(NodeId node) implements MetadataEvent {}

  /** A node is known no more. */
  record NodeRemoved(NodeId node) implements MetadataEvent {}

  /** An operation has begun, gone on or ended. */
  record OperationChanged(OperationImage operation) implements MetadataEvent {}

  /** An operation that ended long ago is known no more. */
  record OperationForgotten(UUID operation) implements MetadataEvent {}
}
