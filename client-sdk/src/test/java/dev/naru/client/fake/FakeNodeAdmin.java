package dev.naru.client.fake;

import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListNodesResponse;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import io.grpc.stub.StreamObserver;

/** The nodes. */
final class FakeNodeAdmin extends NodeAdminServiceGrpc.NodeAdminServiceImplBase {

  private final FakeCluster cluster;

  FakeNodeAdmin(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answers) {
    var answer = ListNodesResponse.newBuilder();
    for (var node : cluster.nodes().values()) {
      answer.addNodes(
          Node.newBuilder()
              .setId(node.id())
              .setState(Node.State.STATE_RUNNING)
              .setRole(Node.Role.ROLE_VOTER)
              .setClientAddress(node.address().toString())
              .setInternalAddress("127.0.0.1:1")
              .setHttpAddress("127.0.0.1:2"));
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }
}
