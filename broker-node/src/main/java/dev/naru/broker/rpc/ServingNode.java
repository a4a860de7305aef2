package dev.naru.broker.rpc;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers where a partition is, from the image that is applied now and the partitions that this
 * node holds. For any thread.
 */
public final class ServingNode {

  private final Supplier<Applied> applied;
  private final PartitionDirectory directory;

  /** Looks into this image and this directory. */
  public ServingNode(Supplier<Applied> applied, PartitionDirectory directory) {
    this.applied = applied;
    this.directory = directory;
  }

  /** What a search for a partition comes to. */
  sealed interface Found {
    /** It is here; whether this node leads it, the view says. */
    record Here(PartitionSeat seat, PartitionView view, TopicImage topic) implements Found {}

    /** It is not, and why. */
    record Elsewhere(Refused why, Optional<KnownLeader> leader) implements Found {}
  }

  /**
   * Looks for a partition.
   *
   * @param knowsEpoch whether the client stated a leader epoch: then a topic that is unknown here
   *     was seen by it in a newer image, unless it was deleted
   */
  Found find(PartitionId id, boolean knowsEpoch) {
    var image = applied.get().image();
    var topic = image.topic(id.topic());
    if (topic.isEmpty()) {
      return elsewhere(unknownTopic(image, id, knowsEpoch));
    }
    var entry = topic.get().partition(id.partition());
    if (entry.isEmpty()) {
      return elsewhere(
          new Refused(
              ErrorCode.PARTITION_NOT_FOUND,
              "Expected a partition of 0 to %d of %s, but was %d"
                  .formatted(
                      topic.get().partitions().size() - 1, topic.get().name(), id.partition())));
    }
    var seat = directory.seat(id);
    var view = seat.flatMap(PartitionSeat::view);
    return view.isPresent()
        ? new Found.Here(seat.get(), view.get(), topic.get())
        : notServed(id, entry.get(), seat);
  }

  private static Refused unknownTopic(ClusterImage image, PartitionId id, boolean knowsEpoch) {
    return knowsEpoch && !image.deletedTopics().contains(id.topic())
        ? new Refused(
            ErrorCode.UNKNOWN_LEADER_EPOCH,
            "Expected a topic of this node's image, but " + id.topic() + " is newer")
        : new Refused(
            ErrorCode.TOPIC_NOT_FOUND, "Expected a topic, but there is none of id " + id.topic());
  }

  private Found notServed(PartitionId id, PartitionImage entry, Optional<PartitionSeat> seat) {
    directory.hurry(id);
    if (seat.isPresent()
        && seat.get().condition() instanceof PartitionSeat.Condition.Failed(var why)) {
      return elsewhere(
          new Refused(
              ErrorCode.STORAGE_FAILED, "Expected " + id + " to be in use here, but: " + why));
    }
    if (entry.leader().isEmpty() || seat.isPresent()) {
      return elsewhere(
          new Refused(
              ErrorCode.LEADER_NOT_AVAILABLE,
              entry.leader().isEmpty()
                  ? "Expected " + id + " to have a leader, but it has none now"
                  : "Expected " + id + " to be open, but this node is still opening it"));
    }
    var leader = new KnownLeader(entry.leader().get(), entry.leaderEpoch());
    return new Found.Elsewhere(
        new Refused(
            ErrorCode.NOT_LEADER,
            "Expected the leader of %s, which is node %s since epoch %s, but asked another node"
                .formatted(id, leader.node(), leader.epoch())),
        Optional.of(leader));
  }

  private static Found elsewhere(Refused why) {
    return new Found.Elsewhere(why, Optional.empty());
  }

  /** Where clients reach that leader; empty when the image does not know its node. */
  Optional<LeaderHint> hint(KnownLeader leader) {
    return applied
        .get()
        .image()
        .node(leader.node())
        .map(node ->
            LeaderHint.newBuilder()
                .setNodeId(leader.node().value())
                .setLeaderEpoch(leader.epoch().value())
                .setHost(node.client().host())
                .setPort(node.client().port())
                .build());
  }
}
