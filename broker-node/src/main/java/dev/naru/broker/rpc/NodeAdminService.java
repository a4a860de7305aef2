package dev.naru.broker.rpc;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.proto.admin.v1.DecommissionNodeRequest;
import dev.naru.proto.admin.v1.DrainNodeRequest;
import dev.naru.proto.admin.v1.GetNodeRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListNodesResponse;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc.NodeAdminServiceImplBase;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.UndrainNodeRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Shows the nodes, drains them and empties them. */
public final class NodeAdminService extends NodeAdminServiceImplBase {

  private static final Pattern NAME = Pattern.compile("nodes/(\\d{1,9})");

  private final Supplier<ClusterSnapshot> cluster;
  private final OperationStarter operations;

  /** Answers from this view, and makes changes this way. */
  public NodeAdminService(Supplier<ClusterSnapshot> cluster, OperationStarter operations) {
    this.cluster = cluster;
    this.operations = operations;
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
    var now = cluster.get();
    return encode(now, find(now.image(), idOf(request.getName())));
  }

  private static NodeId idOf(String resourceName) {
    var name = NAME.matcher(resourceName);
    if (!name.matches()) {
      throw NamedTopics.invalid("name", "nodes/{id}", resourceName);
    }
    return new NodeId(Integer.parseInt(name.group(1)));
  }

  private static NodeImage find(ClusterImage image, NodeId id) {
    return image
        .node(id)
        .orElseThrow(() ->
            ErrorStatus.of(
                new Refused(
                    ErrorCode.NODE_NOT_FOUND,
                    "Expected a registered node, but there is none of id " + id)));
  }

  @Override
  public void drainNode(DrainNodeRequest request, StreamObserver<Operation> response) {
    UnaryCalls.answer(
        response,
        () -> {
          var node = idOf(request.getName());
          return operations.begin(
              request.getRequestId(),
              request.getValidateOnly(),
              operation -> new DrainNode(operation, node));
        });
  }

  @Override
  public void undrainNode(UndrainNodeRequest request, StreamObserver<Node> response) {
    UnaryCalls.answer(
        response,
        () -> {
          var node = idOf(request.getName());
          var after = operations.changed(new UndrainNode(node), request.getValidateOnly());
          return encode(cluster.get().with(after), find(after, node));
        });
  }

  @Override
  public void decommissionNode(
      DecommissionNodeRequest request, StreamObserver<Operation> response) {
    UnaryCalls.answer(response, () -> decommission(request));
  }

  private Operation decommission(DecommissionNodeRequest request) {
    var node = idOf(request.getName());
    whyItMustStay(cluster.get(), node)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    var rate = OperationStarter.rate(request.hasBytesPerSecond(), request.getBytesPerSecond());
    return operations.begin(
        request.getRequestId(),
        request.getValidateOnly(),
        operation -> new DecommissionNode(operation, node, seed(node), rate, request.getGone()));
  }

  /**
   * A node that has left the quorum itself, as one that is failing has, knows of no voters. One
   * that is behind may know old ones: the active controller looks once more.
   */
  static Optional<Refused> whyItMustStay(ClusterSnapshot now, NodeId node) {
    if (now.quorum().voters().isEmpty()) {
      return Optional.of(
          new Refused(
              ErrorCode.METADATA_QUORUM_LOST,
              "Expected the asked node to know who votes in the metadata quorum, but it does not at present"));
    }
    return now.quorum().whyItMustStay(node);
  }

  /** The same for a dry run and for what follows it, so that the plan is the one that was shown. */
  private long seed(NodeId node) {
    return cluster.get().image().node(node).map(known -> known.epoch().value()).orElse(0L);
  }

  private static Node encode(ClusterSnapshot now, NodeImage node) {
    return Node.newBuilder()
        .setName("nodes/" + node.id())
        .setId(node.id().value())
        .setState(stateOf(now.image(), node))
        .setDecommissioning(node.intent() == NodeIntent.REMOVE)
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

  /** What an operator wants of a node shows only while nothing else keeps it from serving. */
  static Node.State stateOf(ClusterImage image, NodeImage node) {
    return switch (node.state()) {
      case ACTIVE -> node.isWanted() ? Node.State.STATE_RUNNING : drained(image, node);
      case STARTING -> Node.State.STATE_STARTING;
      case FENCED -> Node.State.STATE_FENCED;
      case STOPPING -> Node.State.STATE_DRAINING;
      case SUSPECTED -> Node.State.STATE_SUSPECTED;
    };
  }

  private static Node.State drained(ClusterImage image, NodeImage node) {
    boolean leads =
        image.topics().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .anyMatch(entry -> entry.isLedBy(node.id()) && entry.copies() > 1);
    return leads ? Node.State.STATE_DRAINING : Node.State.STATE_DRAINED;
  }
}
