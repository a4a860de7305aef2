package dev.naru.broker.rpc;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.proto.admin.v1.GetNodeRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListNodesResponse;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc.NodeAdminServiceImplBase;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Shows the nodes. */
public final class NodeAdminService extends NodeAdminServiceImplBase {

  private static final Pattern NAME = Pattern.compile("nodes/(\\d{1,9})");

  private final Supplier<ClusterSnapshot> cluster;

  /** Answers from this view. */
  public NodeAdminService(Supplier<ClusterSnapshot> cluster) {
    this.cluster = cluster;
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListNodesResponse list(ListNodesRequest request) {
    var now = cluster.get();
    var page =
        Paging.of(
            List.copyOf(now.image().nodes().values()),
            request.getPageSize(),
            request.getPageToken(),
            NodeImage::id,
            text -> new NodeId(Integer.parseInt(text)));
    var response =
        ListNodesResponse.newBuilder()
            .setNextPageToken(page.nextToken())
            .setMetadataIndex(now.index());
    page.items().forEach(node -> response.addNodes(encode(now, node)));
    return response.build();
  }

  @Override
  public void getNode(GetNodeRequest request, StreamObserver<Node> response) {
    UnaryCalls.answer(response, () -> get(request));
  }

  private Node get(GetNodeRequest request) {
    var name = NAME.matcher(request.getName());
    if (!name.matches()) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected name to be nodes/{id}, but was " + request.getName()),
          "name");
    }
    var now = cluster.get();
    var id = new NodeId(Integer.parseInt(name.group(1)));
    return now.image()
        .node(id)
        .map(node -> encode(now, node))
        .orElseThrow(() ->
            ErrorStatus.of(
                new Refused(
                    ErrorCode.NODE_NOT_FOUND,
                    "Expected a registered node, but there is none of id " + id)));
  }

  private static Node encode(ClusterSnapshot now, NodeImage node) {
    return Node.newBuilder()
        .setName("nodes/" + node.id())
        .setId(node.id().value())
        .setState(stateOf(node.state()))
        .setRole(now.isVoter(node.id()) ? Node.Role.ROLE_VOTER : Node.Role.ROLE_LISTENER)
        .setController(now.controller().filter(node.id()::equals).isPresent())
        .setRack(node.rack().orElse(""))
        .setEpoch(node.epoch().value())
        .setClientAddress(node.client().toString())
        .setInternalAddress(node.internal().toString())
        .setHttpAddress(node.http().toString())
        .setLeaderCount(count(now, partition -> partition.isLedBy(node.id())))
        .setReplicaCount(count(now, partition -> partition.replicaOn(node.id()).isPresent()))
        .setVersion(node.profile().version())
        .build();
  }

  private static int count(ClusterSnapshot now, Predicate<PartitionImage> which) {
    return (int)
        now.image().topics().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .filter(which)
            .count();
  }

  static Node.State stateOf(NodeState state) {
    return switch (state) {
      case ACTIVE -> Node.State.STATE_RUNNING;
      case STARTING -> Node.State.STATE_STARTING;
      case FENCED -> Node.State.STATE_FENCED;
      case STOPPING -> Node.State.STATE_DRAINING;
      case SUSPECTED -> Node.State.STATE_SUSPECTED;
    };
  }
}
