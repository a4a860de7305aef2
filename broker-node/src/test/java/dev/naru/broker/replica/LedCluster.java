package dev.naru.broker.replica;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * Images of a cluster in which each node leads some partitions, all of whose replicas are in sync.
 */
public final class LedCluster {

  private static final TopicId TOPIC = TopicId.of(1, 1);
  private static final HostPort ADDRESS = HostPort.parse("127.0.0.1:1");

  private LedCluster() {}

  /** Partition p is led by node 1 + p % nodes, and the next nodes in order follow. */
  public static ClusterImage of(int nodes, int partitions, int copies) {
    var image =
        ClusterImage.empty("cluster")
            .initialized(ClusterImage.METADATA_VERSION_LATEST, ClusterDefaults.BUILT_IN);
    for (int id = 1; id <= nodes; id++) {
      image = image.withNode(node(id, NodeState.ACTIVE));
    }
    var entries = new ArrayList<PartitionImage>();
    for (int p = 0; p < partitions; p++) {
      int first = p;
      var replicas =
          IntStream.range(0, copies)
              .mapToObj(copy -> new NodeId(1 + (first + copy) % nodes))
              .toList();
      entries.add(PartitionImage.created(replicas, TreePSet.from(replicas), replicas.getFirst()));
    }
    return image.withTopic(
        TopicImage.of(
            TOPIC, "t", 0, TreePMap.empty(), ClusterDefaults.BUILT_IN, TreePVector.from(entries)));
  }

  /** Registered under epoch 10 times its id. */
  public static NodeImage node(int id, NodeState state) {
    return new NodeImage(
        new NodeId(id),
        new NodeEpoch(10L * id),
        new UUID(1, id),
        state,
        new NodeProfile(
            Optional.empty(),
            new NodeEndpoints(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
            Integer.toString(id),
            "test",
            ClusterImage.METADATA_VERSION_LATEST),
        TreePMap.empty(),
        LastStop.CLEAN,
        true,
        Optional.empty());
  }

  /** What this node leads. */
  public static List<PartitionId> ledBy(ClusterImage image, int node) {
    return image
        .partitionIds()
        .filter(
            id -> image.partition(id).filter(entry -> entry.isLedBy(new NodeId(node))).isPresent())
        .toList();
  }

  /** Its leader, node 1, wants this ISR. */
  public static AlterPartition proposal(ClusterImage image, PartitionId id, int... isr) {
    var entry = image.partition(id).orElseThrow();
    return new AlterPartition(
        id,
        entry.leaderEpoch(),
        entry.partitionEpoch(),
        member(entry.leader().orElseThrow().value()),
        IntStream.of(isr).mapToObj(LedCluster::member).toList());
  }

  private static IsrMember member(int id) {
    return new IsrMember(new NodeId(id), new NodeEpoch(10L * id));
  }
}
