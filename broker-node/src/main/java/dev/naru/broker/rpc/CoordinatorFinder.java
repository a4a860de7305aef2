package dev.naru.broker.rpc;

import dev.naru.broker.group.GroupNames;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.record.Murmur2;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Finds who coordinates a group: the leader of the group's partition of {@code __consumer_offsets}.
 * The first who asks makes that topic. For any thread that may wait for the metadata quorum.
 */
final class CoordinatorFinder {

  private final Supplier<ClusterSnapshot> cluster;
  private final Function<CreateTopic, Applied> changes;
  private final int partitions;
  private final RandomGenerator dice;

  /** Held by who makes the topic. The others are told to ask again instead of waiting in a row. */
  private final ReentrantLock making = new ReentrantLock();

  /**
   * Looks here, and makes the topic by this change if it is missing.
   *
   * @param partitions of the topic, if this node makes it
   */
  CoordinatorFinder(
      Supplier<ClusterSnapshot> cluster,
      Function<CreateTopic, Applied> changes,
      int partitions,
      RandomGenerator dice) {
    this.cluster = cluster;
    this.changes = changes;
    this.partitions = partitions;
    this.dice = dice;
  }

  /** What a search comes to. */
  sealed interface Found {

    /** This node coordinates the group, or did when the image was made. */
    record At(PartitionId partition, LeaderHint node) implements Found {}

    /** Nobody does now, and why. */
    record Nowhere(Refused why) implements Found {}
  }

  /** The same for every node that has applied the same image. */
  Found find(String group) {
    var bad = GroupNames.check(group);
    if (bad.isPresent()) {
      return new Found.Nowhere(bad.get());
    }
    var image = cluster.get().image();
    var topic = topicIn(image);
    return topic.isPresent() ? find(group, image, topic.get()) : findInNew(group);
  }

  private static Optional<TopicImage> topicIn(ClusterImage image) {
    return image.topicNamed(InternalTopics.CONSUMER_OFFSETS);
  }

  private static Found find(String group, ClusterImage image, TopicImage topic) {
    int number =
        Murmur2.partition(group.getBytes(StandardCharsets.UTF_8), topic.partitions().size());
    var entry = topic.partitions().get(number);
    var leader = entry.leader().flatMap(image::node);
    return leader.isEmpty()
        ? nowhere(
            "Expected %s/%d to have a leader, but it has none now".formatted(topic.name(), number))
        : new Found.At(
            new PartitionId(topic.id(), number),
            LeaderHint.newBuilder()
                .setNodeId(leader.get().id().value())
                .setLeaderEpoch(entry.leaderEpoch().value())
                .setHost(leader.get().client().host())
                .setPort(leader.get().client().port())
                .build());
  }

  private Found findInNew(String group) {
    if (!making.tryLock()) {
      return nowhere("Expected the topic that groups are kept in, but it is being made");
    }
    try {
      var image = made();
      return topicIn(image)
          .map(topic -> find(group, image, topic))
          .orElseGet(() ->
              nowhere(
                  "Expected the topic that groups are kept in, but this node has not heard of it yet"));
    } catch (StatusRuntimeException refused) {
      return nowhere(
          "Expected to make the topic that groups are kept in, but: "
              + refused.getStatus().getDescription());
    } finally {
      making.unlock();
    }
  }

  /** What this node has applied, after it made the topic or heard that another one did. */
  private ClusterImage made() {
    var now = cluster.get();
    if (topicIn(now.image()).isPresent()) {
      return now.image(); // whoever held the lock before has made it
    }
    int copies = InternalTopics.copies(now.quorum().voters().size(), now.image().nodes().size());
    var command =
        InternalTopics.consumerOffsets(NewTopicId.from(dice), partitions, copies, dice.nextLong());
    try {
      return changes.apply(command).image();
    } catch (StatusRuntimeException refused) {
      if (ErrorStatus.says(refused, ErrorCode.TOPIC_ALREADY_EXISTS)) {
        return cluster.get().image();
      }
      throw refused;
    }
  }

  private static Found nowhere(String reason) {
    return new Found.Nowhere(new Refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, reason));
  }
}
