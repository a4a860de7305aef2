package dev.naru.client.fake;

import dev.naru.proto.admin.v1.Cluster;
import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc;
import dev.naru.proto.admin.v1.GetClusterRequest;
import io.grpc.stub.StreamObserver;

/** The cluster in numbers. */
final class FakeClusterAdmin extends ClusterAdminServiceGrpc.ClusterAdminServiceImplBase {

  private final FakeCluster cluster;

  FakeClusterAdmin(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<Cluster> answers) {
    answers.onNext(
        Cluster.newBuilder()
            .setClusterId("fake")
            .setController(1)
            .setNodeCount(cluster.nodes().size())
            .build());
    answers.onCompleted();
  }
}
