package dev.naru.metadata.machine;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.TopicCreated;
import dev.naru.metadata.event.MetadataEvent.TopicDeleted;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.TopicConfigRules.Checked;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.TreePSet;

/** Rules about creating and deleting topics. */
final class TopicRules {

  /** Partitions of one topic, and of all that one command creates. */
  static final int PARTITIONS_MAX = MetadataCommand.ENTRIES_MAX;

  private TopicRules() {}

  static Decision create(ClusterImage image, CreateTopic command, long index, long nowMillis) {
    return create(new NewTopics(image), command, index, nowMillis);
  }

  private static Decision create(NewTopics made, CreateTopic command, long index, long nowMillis) {
    var image = made.image();
    if (isRepeated(image, command)) {
      return Decision.accepted();
    }
    int partitions = command.partitions().orElse(image.defaults().partitions());
    int copies =
        command
            .replicationFactor()
            .orElseGet(() -> Math.min(image.defaults().replicationFactor(), nodesToStay(image)));
    var refusal =
        (command.internal()
                ? TopicNames.checkInternal(command.name(), image.metadataVersion())
                : TopicNames.check(command.name()))
            .or(() -> checkUnused(image, command))
            .or(() -> checkPartitions(partitions))
            .or(() -> made.checkReplicationFactor(copies));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    return switch (TopicConfigRules.check(image.metadataVersion(), command.configs(), copies)) {
      case Checked.Bad(var why) -> new Decision.Refusal(why);
      case Checked.Good(var configs) ->
          Decision.accepted(
              new TopicCreated(
                  made.place(
                      command,
                      new ConfigOrigin(index, nowMillis, command.principal()),
                      configs,
                      partitions,
                      copies)));
    };
  }

  /**
   * Each as if on the image that those before it made: of that it could only see their names and
   * ids, so no such image is made.
   */
  static Decision create(ClusterImage image, CreateTopics command, long index, long nowMillis) {
    if (command.topics().size() > CreateTopics.TOPICS_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s topics, but were %s"
              .formatted(CreateTopics.TOPICS_MAX, command.topics().size()));
    }
    var events = new ArrayList<MetadataEvent>();
    var names = new TreeSet<String>();
    var ids = new TreeSet<TopicId>();
    var made = new NewTopics(image);
    int partitions = 0;
    for (var each : command.topics()) {
      if (names.contains(each.name()) || ids.contains(each.id())) {
        continue; // the same once more, or refused for it
      }
      var topic = topicOf(create(made, each, index, nowMillis));
      if (topic.isPresent()) {
        partitions += topic.get().partitions().size();
        if (partitions > PARTITIONS_MAX) {
          break;
        }
        events.add(new TopicCreated(topic.get()));
        names.add(each.name());
        ids.add(each.id());
      }
    }
    return new Decision.Accepted(events);
  }

  private static Optional<TopicImage> topicOf(Decision decision) {
    return decision instanceof Decision.Accepted(var events)
            && !events.isEmpty()
            && events.getFirst() instanceof TopicCreated(var topic)
        ? Optional.of(topic)
        : Optional.empty();
  }

  static Decision delete(ClusterImage image, DeleteTopic command, long index) {
    if (image.topic(command.id()).isPresent()) {
      return Decision.accepted(new TopicDeleted(command.id(), index));
    }
    return notFound(image, command.id());
  }

  static Decision notFound(ClusterImage image, TopicId id) {
    return Decision.refused(
        ErrorCode.TOPIC_NOT_FOUND,
        image.deletedTopics().contains(id)
            ? "Expected an existing topic, but " + id + " was deleted"
            : "Expected an existing topic, but there is none with id " + id);
  }

  private static boolean isRepeated(ClusterImage image, CreateTopic command) {
    return image
        .topic(command.id())
        .filter(topic -> topic.name().equals(command.name()))
        .isPresent();
  }

  private static Optional<Refused> checkUnused(ClusterImage image, CreateTopic command) {
    if (image.topicNamed(command.name()).isPresent()) {
      return refused(
          ErrorCode.TOPIC_ALREADY_EXISTS,
          "Expected a new topic name, but " + command.name() + " exists");
    }
    if (image.topic(command.id()).isPresent() || image.deletedTopics().contains(command.id())) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a topic id that was never used, but " + command.id() + " was");
    }
    return Optional.empty();
  }

  static Optional<Refused> checkPartitions(int partitions) {
    if (partitions < 1) {
      return refused(
          ErrorCode.INVALID_PARTITIONS, "Expected at least 1 partition, but was " + partitions);
    }
    return partitions > PARTITIONS_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %s partitions, but was %s".formatted(PARTITIONS_MAX, partitions))
        : Optional.empty();
  }

  static Optional<Refused> checkReplicationFactor(ClusterImage image, int copies) {
    int nodes = nodesToStay(image);
    if (ReplicaPlacer.staying(image.nodes().values()).stream().noneMatch(NodeImage::isEligible)) {
      return refused(
          ErrorCode.NOT_ENOUGH_REPLICAS,
          "Expected an unfenced node to lead, but of %s registered nodes none is".formatted(nodes));
    }
    if (copies < 1) {
      return refused(
          ErrorCode.INVALID_REPLICATION_FACTOR,
          "Expected a replication factor of at least 1, but was " + copies);
    }
    return copies > nodes
        ? refused(
            ErrorCode.INVALID_REPLICATION_FACTOR,
            "Expected at least %s registered nodes for that many copies, but %s are registered"
                .formatted(copies, nodes))
        : Optional.empty();
  }

  private static int nodesToStay(ClusterImage image) {
    return ReplicaPlacer.staying(image.nodes().values()).size();
  }

  /** Replicas on nodes that are not there now are assigned, but not in sync. */
  static PartitionImage entry(ClusterImage image, List<NodeId> replicas) {
    var isr = TreePSet.from(replicas.stream().filter(image::isEligible).toList());
    return PartitionImage.created(replicas, isr, replicas.getFirst());
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
