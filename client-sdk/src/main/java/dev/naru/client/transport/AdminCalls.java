package dev.naru.client.transport;

import com.google.protobuf.Empty;
import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.transport.AdminCall.Repeat;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.CancelOperationRequest;
import dev.naru.proto.admin.v1.ChangeVotersRequest;
import dev.naru.proto.admin.v1.CheckUpgradeRequest;
import dev.naru.proto.admin.v1.Cluster;
import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigAdminServiceGrpc;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicResult;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.DecommissionNodeRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.DrainNodeRequest;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.ElectLeadersResponse;
import dev.naru.proto.admin.v1.EventAdminServiceGrpc;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.FinalizeUpgradeRequest;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.GetOperationRequest;
import dev.naru.proto.admin.v1.GetQuorumRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListEventsRequest;
import dev.naru.proto.admin.v1.ListEventsResponse;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.ListNodesResponse;
import dev.naru.proto.admin.v1.ListOperationsRequest;
import dev.naru.proto.admin.v1.ListOperationsResponse;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.ListTopicsResponse;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.OperationAdminServiceGrpc;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.Quorum;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.proto.admin.v1.RebalancePlan;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.RecoverPartitionResponse;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionResponse;
import dev.naru.proto.admin.v1.UndrainNodeRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.proto.admin.v1.UpgradeReadiness;
import dev.naru.types.HostPort;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Admin calls, which any node takes. One that cannot be reached or is not ready is passed over;
 * what can do no harm twice is tried again for a while, because a new controller is elected in
 * about a second. The futures complete on the loop.
 */
public final class AdminCalls {

  /** Raft may take 40 s for a change of its members, and hears before it who is alive. */
  private static final Duration VOTERS_LIMIT = Duration.ofSeconds(60);

  private final AdminCaller caller;
  private final GroupAdminCalls groups;
  private final NodeCalls nodes;

  /** Asks through these channels. */
  public AdminCalls(
      ClientConfig config,
      Router router,
      Channels channels,
      ClientLoop loop,
      RandomGenerator dice) {
    this.caller = new AdminCaller(config, router, channels, loop, dice);
    this.groups = new GroupAdminCalls(caller);
    this.nodes = new NodeCalls(caller);
  }

  /** Those about groups. */
  public GroupAdminCalls groups() {
    return groups;
  }

  /** Those that only one node can answer. */
  public NodeCalls nodes() {
    return nodes;
  }

  /** Creates; the request's id makes repeating it harmless. */
  public CompletableFuture<Topic> createTopic(CreateTopicRequest request) {
    return call(TopicAdminServiceGrpc.getCreateTopicMethod(), request, Repeat.HARMLESS);
  }

  /**
   * Creates many with one call; the ids make repeating it harmless. Those that fail for reasons
   * that may pass are tried again one by one. The futures are in the order of the request.
   */
  public List<CompletableFuture<Topic>> createTopics(CreateTopicsRequest request) {
    var response = call(TopicAdminServiceGrpc.getCreateTopicsMethod(), request, Repeat.HARMLESS);
    var topics = new ArrayList<CompletableFuture<Topic>>();
    for (int i = 0; i < request.getTopicsCount(); i++) {
      int place = i;
      topics.add(
          response.thenCompose(all -> topicOf(all.getResults(place), request.getTopics(place))));
    }
    return topics;
  }

  private CompletableFuture<Topic> topicOf(CreateTopicResult result, CreateTopicRequest request) {
    if (!result.hasError()) {
      return CompletableFuture.completedFuture(result.getTopic());
    }
    var failure = Statuses.exception(StatusProto.toStatusRuntimeException(result.getError()));
    return failure.isRetriable() ? createTopic(request) : CompletableFuture.failedFuture(failure);
  }

  /** Describes. */
  public CompletableFuture<Topic> getTopic(GetTopicRequest request) {
    return call(TopicAdminServiceGrpc.getGetTopicMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page. */
  public CompletableFuture<ListTopicsResponse> listTopics(ListTopicsRequest request) {
    return call(TopicAdminServiceGrpc.getListTopicsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Adds partitions; the request says how many there are to be, so that repeating is harmless. */
  public CompletableFuture<Topic> addPartitions(AddPartitionsRequest request) {
    return call(TopicAdminServiceGrpc.getAddPartitionsMethod(), request, repeat(request.getEtag()));
  }

  /** Changes settings to what the request says, however often. */
  public CompletableFuture<Topic> alterTopicConfigs(AlterTopicConfigsRequest request) {
    return call(
        TopicAdminServiceGrpc.getAlterTopicConfigsMethod(), request, repeat(request.getEtag()));
  }

  /** A change makes the etag that it names the old one: again it would be refused. */
  private static Repeat repeat(String etag) {
    return etag.isEmpty() ? Repeat.HARMLESS : Repeat.IF_UNSENT;
  }

  /**
   * Deletes; not repeated once it may have arrived, or the answer would be that there is no topic.
   */
  public CompletableFuture<Empty> deleteTopic(DeleteTopicRequest request) {
    return call(TopicAdminServiceGrpc.getDeleteTopicMethod(), request, Repeat.IF_UNSENT);
  }

  /**
   * Lets a partition begin later. Nodes that do not lead it refuse, and the next one is asked;
   * doing it twice changes nothing.
   */
  public CompletableFuture<TruncatePartitionResponse> truncatePartition(
      TruncatePartitionRequest request) {
    return call(PartitionAdminServiceGrpc.getTruncatePartitionMethod(), request, Repeat.HARMLESS);
  }

  /** Lets preferred leaders lead; doing it twice changes nothing. */
  public CompletableFuture<ElectLeadersResponse> electLeaders(ElectLeadersRequest request) {
    return call(PartitionAdminServiceGrpc.getElectLeadersMethod(), request, Repeat.HARMLESS);
  }

  /**
   * Lets a replica lead that may lack acknowledged records; not repeated once it may have arrived,
   * or the answer would be that there is a leader.
   */
  public CompletableFuture<RecoverPartitionResponse> recoverPartition(
      RecoverPartitionRequest request) {
    return call(
        PartitionAdminServiceGrpc.getRecoverPartitionMethod(),
        request,
        request.getValidateOnly() ? Repeat.HARMLESS : Repeat.IF_UNSENT);
  }

  /** Begins a drain; the request's id makes repeating it harmless. */
  public CompletableFuture<Operation> drainNode(DrainNodeRequest request) {
    return call(NodeAdminServiceGrpc.getDrainNodeMethod(), request, Repeat.HARMLESS);
  }

  /** Undrains, however often. */
  public CompletableFuture<Node> undrainNode(UndrainNodeRequest request) {
    return call(NodeAdminServiceGrpc.getUndrainNodeMethod(), request, Repeat.HARMLESS);
  }

  /** Begins to empty a node; the request's id makes repeating it harmless. */
  public CompletableFuture<Operation> decommissionNode(DecommissionNodeRequest request) {
    return call(NodeAdminServiceGrpc.getDecommissionNodeMethod(), request, Repeat.HARMLESS);
  }

  /** Begins to move partitions; the request's id makes repeating it harmless. */
  public CompletableFuture<Operation> reassignPartitions(ReassignPartitionsRequest request) {
    return call(PartitionAdminServiceGrpc.getReassignPartitionsMethod(), request, Repeat.HARMLESS);
  }

  /** Plans; changes nothing. */
  public CompletableFuture<RebalancePlan> planRebalance(PlanRebalanceRequest request) {
    return call(PartitionAdminServiceGrpc.getPlanRebalanceMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page. */
  public CompletableFuture<ListOperationsResponse> listOperations(ListOperationsRequest request) {
    return call(OperationAdminServiceGrpc.getListOperationsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Describes. */
  public CompletableFuture<Operation> getOperation(GetOperationRequest request) {
    return call(OperationAdminServiceGrpc.getGetOperationMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Lists one page of events; they have the same names at each node. */
  public CompletableFuture<ListEventsResponse> listEvents(ListEventsRequest request) {
    return call(EventAdminServiceGrpc.getListEventsMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Cancels; one that has ended stays as it is. */
  public CompletableFuture<Operation> cancelOperation(CancelOperationRequest request) {
    return call(OperationAdminServiceGrpc.getCancelOperationMethod(), request, Repeat.HARMLESS);
  }

  /** The failure that a part of an answer tells of. */
  public static NaruException failure(com.google.rpc.Status status) {
    return Statuses.exception(StatusProto.toStatusRuntimeException(status));
  }

  /** Describes. */
  public CompletableFuture<Cluster> getCluster(GetClusterRequest request) {
    return call(ClusterAdminServiceGrpc.getGetClusterMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Says who votes, and how far each member is. */
  public CompletableFuture<Quorum> getQuorum() {
    return call(
        ClusterAdminServiceGrpc.getGetQuorumMethod(),
        GetQuorumRequest.getDefaultInstance(),
        Repeat.AT_ANY_NODE);
  }

  /**
   * Changes who votes. Takes longer than other calls, and a copy that comes late might undo what
   * was asked since: it is made once.
   */
  public CompletableFuture<Quorum> changeVoters(ChangeVotersRequest request) {
    return caller.anyNodeWithin(
        VOTERS_LIMIT, ClusterAdminServiceGrpc.getChangeVotersMethod(), request, Repeat.IF_UNSENT);
  }

  /** Says what is in force; this node is asked before others. */
  public CompletableFuture<Config> getConfig(Optional<HostPort> first, GetConfigRequest request) {
    return call(first, ConfigAdminServiceGrpc.getGetConfigMethod(), request, Repeat.AT_ANY_NODE);
  }

  /** Says why; this node is asked before others. */
  public CompletableFuture<ConfigExplanation> explainConfig(
      Optional<HostPort> first, ExplainConfigRequest request) {
    return call(
        first, ConfigAdminServiceGrpc.getExplainConfigMethod(), request, Repeat.AT_ANY_NODE);
  }

  /**
   * Changes settings to what the request says, however often; this node is asked before others,
   * which know less of what it was started with.
   */
  public CompletableFuture<Config> updateConfig(
      Optional<HostPort> first, UpdateConfigRequest request) {
    return call(
        first,
        ConfigAdminServiceGrpc.getUpdateConfigMethod(),
        request,
        repeat(request.getConfig().getEtag()));
  }

  /** Says how far the nodes are on the way to newer rules. */
  public CompletableFuture<UpgradeReadiness> checkUpgrade() {
    return call(
        ClusterAdminServiceGrpc.getCheckUpgradeMethod(),
        CheckUpgradeRequest.getDefaultInstance(),
        Repeat.AT_ANY_NODE);
  }

  /** Puts the newest rules into force; doing it twice changes nothing. */
  public CompletableFuture<UpgradeReadiness> finalizeUpgrade(boolean isDryRun) {
    return call(
        ClusterAdminServiceGrpc.getFinalizeUpgradeMethod(),
        FinalizeUpgradeRequest.newBuilder().setValidateOnly(isDryRun).build(),
        Repeat.HARMLESS);
  }

  /** Lists one page. */
  public CompletableFuture<ListNodesResponse> listNodes(ListNodesRequest request) {
    return call(NodeAdminServiceGrpc.getListNodesMethod(), request, Repeat.AT_ANY_NODE);
  }

  private <Q, A> CompletableFuture<A> call(
      MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    return caller.anyNode(method, request, repeat);
  }

  private <Q, A> CompletableFuture<A> call(
      Optional<HostPort> first, MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    return caller.anyNode(first, method, request, repeat);
  }
}
