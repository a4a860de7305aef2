package dev.naru.broker.rpc;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * Clusters with topic t, whose three partitions are led by the nodes in turn, and with one for
 * groups, led by these nodes.
 */
final class GroupClusters {

  private static final QuorumView QUORUM =
      new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1);

  private GroupClusters() {}

  static ClusterSnapshot led(int nodes, int... coordinators) {
    return snapshot(
        LedCluster.of(nodes, FakeCoordinator.PARTITIONS, 1)
            .withTopic(
                TopicImage.of(
                    TopicId.of(9, 9),
                    InternalTopics.CONSUMER_OFFSETS,
                    0,
                    TreePMap.empty(),
                    ClusterDefaults.BUILT_IN,
                    TreePVector.from(
                        IntStream.of(coordinators)
                            .mapToObj(NodeId::new)
                            .map(node ->
                                PartitionImage.created(
                                    List.of(node), TreePSet.singleton(node), node))
                            .toList()))));
  }

  static ClusterSnapshot withoutGroups(int nodes) {
    return snapshot(LedCluster.of(nodes, FakeCoordinator.PARTITIONS, 1));
  }

  private static ClusterSnapshot snapshot(ClusterImage image) {
    return new ClusterSnapshot(image, 1, QUORUM, 0);
  }
}
