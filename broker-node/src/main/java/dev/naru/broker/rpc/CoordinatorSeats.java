package dev.naru.broker.rpc;

import dev.naru.broker.group.GroupNames;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.record.Murmur2;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Where on this node a group is coordinated, if it is, and else where. For any thread. */
final class CoordinatorSeats {

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final ServingNode node;

  CoordinatorSeats(NodeId self, Supplier<ClusterSnapshot> cluster, ServingNode node) {
    this.self = self;
    this.cluster = cluster;
    this.node = node;
  }

  /** What a search comes to. */
  sealed interface Found {

    /** Here. */
    record Here(PartitionSeat seat) implements Found {}

    /** Not here, and why; {@link #hint} may know where. */
    record Elsewhere(Refused why) implements Found {}
  }

  Found find(String group) {
    var bad = GroupNames.check(group);
    if (bad.isPresent()) {
      return new Found.Elsewhere(bad.get());
    }
    var partition = partitionOf(group);
    if (partition.isEmpty()) {
      return nowhere("Expected the topic that groups are kept in, but there is none yet");
    }
    return switch (node.find(partition.get(), false)) {
      case ServingNode.Found.Here here when here.view().isLeader() -> new Found.Here(here.seat());
      case ServingNode.Found.Here here ->
          here.view().leader().isPresent()
              ? new Found.Elsewhere(notHere(group))
              : nowhere("Expected a leader of %s, but there is none".formatted(partition.get()));
      case ServingNode.Found.Elsewhere(var why, var leader) ->
          leader.isPresent() ? new Found.Elsewhere(notHere(group)) : nowhere(why.reason());
    };
  }

  /** The partitions of the groups' topic that are led here, by number. */
  SortedMap<Integer, PartitionSeat> led() {
    var led = new TreeMap<Integer, PartitionSeat>();
    topic()
        .ifPresent(topic -> {
          for (int number = 0; number < topic.partitions().size(); number++) {
            if (node.find(new PartitionId(topic.id(), number), false)
                    instanceof ServingNode.Found.Here here
                && here.view().isLeader()) {
              led.put(number, here.seat());
            }
          }
        });
    return led;
  }

  /** Of an existing topic: its number of partitions never changes. */
  private Optional<PartitionId> partitionOf(String group) {
    return topic()
        .map(topic ->
            new PartitionId(
                topic.id(),
                Murmur2.partition(
                    group.getBytes(StandardCharsets.UTF_8), topic.partitions().size())));
  }

  private Optional<TopicImage> topic() {
    return cluster.get().image().topicNamed(InternalTopics.CONSUMER_OFFSETS);
  }

  private static Refused notHere(String group) {
    return new Refused(
        ErrorCode.NOT_LEADER,
        "Expected the coordinator of group %s, but asked another node".formatted(group));
  }

  private static Found nowhere(String reason) {
    return new Found.Elsewhere(new Refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, reason));
  }

  /** The node that coordinates the group by this node's image, if it is another one. */
  Optional<LeaderHint> hint(String group) {
    var image = cluster.get().image();
    var entry = partitionOf(group).flatMap(image::partition);
    return entry
        .flatMap(known -> known.leader())
        .filter(leader -> !leader.equals(self))
        .flatMap(image::node)
        .map(leader ->
            LeaderHint.newBuilder()
                .setNodeId(leader.id().value())
                .setLeaderEpoch(entry.get().leaderEpoch().value())
                .setHost(leader.client().host())
                .setPort(leader.client().port())
                .build());
  }
}
