package dev.naru.broker.rpc;

import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.proto.admin.v1.ChangeVotersRequest;
import dev.naru.proto.admin.v1.CheckUpgradeRequest;
import dev.naru.proto.admin.v1.Cluster;
import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc.ClusterAdminServiceImplBase;
import dev.naru.proto.admin.v1.FinalizeUpgradeRequest;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.GetQuorumRequest;
import dev.naru.proto.admin.v1.Quorum;
import dev.naru.proto.admin.v1.UpgradeReadiness;
import dev.naru.types.NodeId;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;

/** Shows the cluster as a whole. */
public final class ClusterAdminService extends ClusterAdminServiceImplBase {

  private final Supplier<ClusterSnapshot> cluster;
  private final String version;
  private final UpgradeDesk upgrades;
  private final QuorumDesk quorum;

  /**
   * Answers from this view and makes changes through these.
   *
   * @param version of this release
   */
  public ClusterAdminService(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      MetadataChanges changes,
      QuorumDesk quorum,
      String version) {
    this.quorum = quorum;
    this.cluster = cluster;
    this.version = version;
    this.upgrades = new UpgradeDesk(self, cluster, changes::make, AccessInterceptor::caller);
  }

  @Override
  public void checkUpgrade(CheckUpgradeRequest request, StreamObserver<UpgradeReadiness> response) {
    UnaryCalls.answer(response, upgrades::check);
  }

  @Override
  public void finalizeUpgrade(
      FinalizeUpgradeRequest request, StreamObserver<UpgradeReadiness> response) {
    UnaryCalls.answer(response, () -> upgrades.finish(request));
  }

  @Override
  public void getQuorum(GetQuorumRequest request, StreamObserver<Quorum> response) {
    UnaryCalls.answer(response, quorum::describe);
  }

  @Override
  public void changeVoters(ChangeVotersRequest request, StreamObserver<Quorum> response) {
    UnaryCalls.answer(response, () -> quorum.change(request));
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<Cluster> response) {
    UnaryCalls.answer(response, this::describe);
  }

  private Cluster describe() {
    var now = cluster.get();
    var image = now.image();
    var partitions =
        image.topics().values().stream().flatMap(topic -> topic.partitions().stream()).toList();
    var described =
        Cluster.newBuilder()
            .setClusterId(image.clusterId())
            .setMetadataVersion(image.metadataVersion())
            .setMetadataIndex(now.index())
            .setImageAgeMs(now.imageAgeMillis())
            .addAllVoters(ids(now.quorum().voters()))
            .addAllListeners(ids(now.quorum().listeners()))
            .setNodeCount(image.nodes().size())
            .setLiveNodeCount(
                (int) image.nodes().values().stream().filter(node -> !node.isFenced()).count())
            .setTopicCount(image.topics().size())
            .setPartitionCount(partitions.size())
            .setOfflinePartitionCount(
                (int) partitions.stream().filter(partition -> !partition.hasLeader()).count())
            .setUnderReplicatedPartitionCount(
                (int) partitions.stream().filter(ClusterAdminService::isUnderReplicated).count())
            .setVersion(version);
    now.controller().map(NodeId::value).ifPresent(described::setController);
    return described.build();
  }

  private static boolean isUnderReplicated(PartitionImage partition) {
    return partition.isr().size() < partition.copies();
  }

  private static List<Integer> ids(List<QuorumMember> members) {
    return members.stream().map(QuorumMember::node).map(NodeId::value).toList();
  }
}
