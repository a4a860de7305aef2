package dev.naru.testing.cluster;

import dev.naru.proto.admin.v1.Partition;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.v1.Earliest;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.proto.v1.Uuid;
import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A cluster's clients and what they see of a topic. */
final class Topics implements AutoCloseable {

  /** A killed process is found at once; then the fencing is committed and the new leader told. */
  static final Eventually FAILOVER =
      Eventually.allowing("a probe that is refused", Duration.ofSeconds(1))
          .and("an election of the quorum, when its leader was killed", Duration.ofSeconds(2));

  /** Replicas that come back subscribe, catch up, and are proposed. */
  static final Eventually REJOIN =
      Eventually.allowing("a subscription, tried again", Duration.ofSeconds(2))
          .and("a proposal of the leader", Duration.ofSeconds(2));

  private final NaruCluster cluster;
  private final Map<Integer, RawClient> clients = new TreeMap<>();

  Topics(NaruCluster cluster) {
    this.cluster = cluster;
  }

  RawClient client(int node) {
    return clients.computeIfAbsent(node, id -> RawClient.to(cluster.bootstrapServer(id)));
  }

  /** Of any node that runs. */
  RawClient client() {
    return client(cluster.running().getFirst());
  }

  /** A topic that every running node knows and whose leaders serve it. */
  Uuid create(String name, int partitions, int replicas) {
    var id = RawClient.idOf(client().createTopic(name, partitions, replicas));
    awaitServed(name);
    return id;
  }

  void awaitServed(String name) {
    awaitEverywhere(name);
    Eventually.allowing("logs to be made", Duration.ofSeconds(1))
        .until("the leaders of " + name + " serve", () -> isServed(topic(name)));
  }

  private boolean isServed(Topic topic) {
    return topic.getPartitionsList().stream()
        .allMatch(partition ->
            client(partition.getLeader())
                .offset(
                    OffsetQuery.newBuilder()
                        .setTopicId(RawClient.idOf(topic))
                        .setPartition(partition.getPartition())
                        .setEarliest(Earliest.getDefaultInstance())
                        .build())
                .getError()
                .equals(ErrorCode.ERROR_CODE_NONE));
  }

  private void awaitEverywhere(String name) {
    Eventually.allowing("the image to reach every node", Duration.ofSeconds(1))
        .until(
            "every node knows " + name,
            () ->
                cluster.running().stream()
                    .allMatch(node -> client(node).metadata(name).getTopics(0).hasId()));
  }

  Topic topic(String name) {
    return client().topic(name);
  }

  Partition partition(String name, int partition) {
    return topic(name).getPartitions(partition);
  }

  /** The leader, once there is one that runs. */
  int leaderOf(String name, int partition) {
    FAILOVER.until(
        "a running node leads " + name + "/" + partition,
        () -> {
          var entry = partition(name, partition);
          return entry.hasLeader() && cluster.running().contains(entry.getLeader());
        });
    return partition(name, partition).getLeader();
  }

  void awaitIsr(String name, int partition, int size) {
    REJOIN.until(
        size + " replicas of " + name + "/" + partition + " are in sync",
        () -> partition(name, partition).getIsrCount() == size);
  }

  @Override
  public void close() {
    clients.values().forEach(RawClient::close);
  }
}
