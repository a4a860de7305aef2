package dev.naru.client.fake;

import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionResponse;
import dev.naru.types.ErrorCode;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Truncates partitions that the node leads. */
final class FakePartitionAdmin extends PartitionAdminServiceGrpc.PartitionAdminServiceImplBase {

  private final FakeCluster cluster;
  private final FakeNode node;

  FakePartitionAdmin(FakeCluster cluster, FakeNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public void truncatePartition(
      TruncatePartitionRequest request, StreamObserver<TruncatePartitionResponse> answers) {
    var found =
        Optional.ofNullable(cluster.topics.get(request.getTopic().substring("topics/".length())))
            .filter(topic -> request.getPartition() < topic.partitions().size())
            .map(topic -> topic.partitions().get(request.getPartition()));
    if (found.isEmpty()) {
      answers.onError(
          FakeTopicAdmin.error(ErrorCode.PARTITION_NOT_FOUND, "Expected a partition, but no"));
      return;
    }
    var partition = found.get();
    if (partition.leader().orElse(-1) != node.id()) {
      answers.onError(FakeTopicAdmin.error(ErrorCode.NOT_LEADER, "Expected a leader, but no"));
      return;
    }
    long before = partition.start();
    if (request.getOffset() > before && !request.getValidateOnly()) {
      partition.raiseStart(request.getOffset());
    }
    answers.onNext(
        TruncatePartitionResponse.newBuilder()
            .setOldLogStart(before)
            .setLogStart(Math.max(before, request.getOffset()))
            .build());
    answers.onCompleted();
  }
}
