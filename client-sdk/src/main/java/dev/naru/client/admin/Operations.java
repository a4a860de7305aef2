package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.CancelOperationRequest;
import dev.naru.proto.admin.v1.DecommissionNodeRequest;
import dev.naru.proto.admin.v1.DrainNodeRequest;
import dev.naru.proto.admin.v1.GetOperationRequest;
import dev.naru.proto.admin.v1.ListOperationsRequest;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.proto.admin.v1.UndrainNodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What takes longer than a call: drains nodes, moves partitions, empties nodes. An operation goes
 * on in the cluster whether or not anybody waits for it, and through every change of the
 * controller; {@link #describe} says how far it is. Repeated by the client where an answer is lost,
 * each begins once. Any thread may call it; futures are as {@link Admin}'s.
 */
public final class Operations {

  private static final int PAGE_SIZE = 1000; // the most that a node returns

  private final Admin admin;
  private final AdminCalls calls;
  private final Supplier<UUID> ids;

  Operations(Admin admin, AdminCalls calls, Supplier<UUID> ids) {
    this.admin = admin;
    this.calls = calls;
    this.ids = ids;
  }

  // ---- nodes

  /**
   * Lets others lead what the node leads where they are in sync, and gives it no new replicas until
   * it is {@linkplain #undrain undrained}, also after a restart. It goes on to follow. Done when it
   * leads only partitions of a single copy: then it can be stopped without a gap. Fails with {@code
   * NODE_NOT_FOUND}.
   */
  public CompletableFuture<OperationDescription> drain(int node) {
    return drain(node, false);
  }

  /** Says what draining the node would give. Changes nothing. */
  public CompletableFuture<OperationDescription> validateDrain(int node) {
    return drain(node, true);
  }

  private CompletableFuture<OperationDescription> drain(int node, boolean isDryRun) {
    var request =
        DrainNodeRequest.newBuilder()
            .setName(nodeResource(node))
            .setRequestId(ids.get().toString())
            .setValidateOnly(isDryRun);
    return described(calls.drainNode(request.build()));
  }

  /**
   * Lets a drained node lead and hold as much as others again. It leads what it is {@linkplain
   * Admin#electPreferredLeaders asked to}.
   */
  public CompletableFuture<NodeDescription> undrain(int node) {
    return undrain(node, false);
  }

  /** Says whether undraining the node would be refused. Changes nothing. */
  public CompletableFuture<NodeDescription> validateUndrain(int node) {
    return undrain(node, true);
  }

  private CompletableFuture<NodeDescription> undrain(int node, boolean isDryRun) {
    var request =
        UndrainNodeRequest.newBuilder().setName(nodeResource(node)).setValidateOnly(isDryRun);
    return admin.answer(calls.undrainNode(request.build()), Descriptions::node);
  }

  /**
   * Moves all replicas of the node to others; once that is done and the node has stopped, it is
   * known no more, and the operation is done. Fails with {@code INVALID_REPLICATION_FACTOR} if the
   * others are too few, and with {@code INVALID_REQUEST} for a node that votes.
   *
   * @param bytesPerSecond what each leader sends at most to replicas that are new; empty: as the
   *     nodes are configured
   */
  public CompletableFuture<OperationDescription> decommission(
      int node, OptionalLong bytesPerSecond) {
    return decommission(node, bytesPerSecond, false, false);
  }

  /**
   * The same for a fenced node of which the caller knows that its process has ended and will not
   * come back, as with a machine that is lost: the cluster forgets it without waiting for that.
   * {@code INVALID_REQUEST} if it is not fenced. A node that is being decommissioned already is
   * only said to be gone, and the answer is the operation that is under way.
   */
  public CompletableFuture<OperationDescription> decommissionGone(
      int node, OptionalLong bytesPerSecond) {
    return decommission(node, bytesPerSecond, true, false);
  }

  /** Says where the replicas of the node could go, or why they cannot. Changes nothing. */
  public CompletableFuture<OperationDescription> validateDecommission(
      int node, OptionalLong bytesPerSecond) {
    return decommission(node, bytesPerSecond, false, true);
  }

  /** The same for {@link #decommissionGone}. Changes nothing. */
  public CompletableFuture<OperationDescription> validateDecommissionGone(
      int node, OptionalLong bytesPerSecond) {
    return decommission(node, bytesPerSecond, true, true);
  }

  private CompletableFuture<OperationDescription> decommission(
      int node, OptionalLong bytesPerSecond, boolean isGone, boolean isDryRun) {
    var request =
        DecommissionNodeRequest.newBuilder()
            .setName(nodeResource(node))
            .setRequestId(ids.get().toString())
            .setGone(isGone)
            .setValidateOnly(isDryRun);
    bytesPerSecond.ifPresent(request::setBytesPerSecond);
    return described(calls.decommissionNode(request.build()));
  }

  private static String nodeResource(int node) {
    return "nodes/" + node;
  }

  // ---- partitions

  /**
   * Moves partitions to these nodes, as many for each as it has replicas, the preferred leader
   * first. The old replicas of a partition go when all that it is to have are in sync. All is
   * refused if one cannot be: {@code REASSIGNMENT_IN_PROGRESS}, {@code INVALID_REPLICATION_FACTOR},
   * {@code INELIGIBLE_REPLICA} for a node that does not serve or is drained, {@code LIMIT_EXCEEDED}
   * above 10,000 partitions.
   *
   * @param bytesPerSecond what each leader sends at most to replicas that are new; empty: as the
   *     nodes are configured
   */
  public CompletableFuture<OperationDescription> reassign(
      Map<TopicPartition, List<Integer>> placements, OptionalLong bytesPerSecond) {
    return reassign(placements, bytesPerSecond, false);
  }

  /** Says what would move, or why it cannot. Changes nothing. */
  public CompletableFuture<OperationDescription> validateReassign(
      Map<TopicPartition, List<Integer>> placements, OptionalLong bytesPerSecond) {
    return reassign(placements, bytesPerSecond, true);
  }

  private CompletableFuture<OperationDescription> reassign(
      Map<TopicPartition, List<Integer>> placements,
      OptionalLong bytesPerSecond,
      boolean isDryRun) {
    var request =
        ReassignPartitionsRequest.newBuilder()
            .setRequestId(ids.get().toString())
            .setValidateOnly(isDryRun);
    bytesPerSecond.ifPresent(request::setBytesPerSecond);
    placements.forEach((partition, nodes) ->
        request.addPlacements(
            PartitionPlacement.newBuilder()
                .setTopic(Descriptions.topicResource(partition.topic()))
                .setPartition(partition.partition())
                .addAllNodes(nodes)));
    return described(calls.reassignPartitions(request.build()));
  }

  // ---- operations

  /**
   * All that are known, by id: those that have ended too, unless only running ones are asked for.
   */
  public CompletableFuture<List<OperationDescription>> list(boolean isRunningOnly) {
    return admin.answer(from("", isRunningOnly, List.of()), Function.identity());
  }

  private CompletableFuture<List<OperationDescription>> from(
      String page, boolean isRunningOnly, List<OperationDescription> before) {
    var request =
        ListOperationsRequest.newBuilder()
            .setPageSize(PAGE_SIZE)
            .setPageToken(page)
            .setRunningOnly(isRunningOnly)
            .build();
    return calls
        .listOperations(request)
        .thenCompose(answer -> {
          var all = new ArrayList<>(before);
          answer
              .getOperationsList()
              .forEach(each -> all.add(OperationDescriptions.operation(each)));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(all)
              : from(answer.getNextPageToken(), isRunningOnly, all);
        });
  }

  /** How far it is; {@code OPERATION_NOT_FOUND} if there is none of this id. */
  public CompletableFuture<OperationDescription> describe(UUID operation) {
    return described(
        calls.getOperation(
            GetOperationRequest.newBuilder().setName("operations/" + operation).build()));
  }

  /**
   * What it has not done yet is to stay, or to become again, as it was before. Where copies of what
   * was acknowledged would be too few, it stays {@code CANCELLING} until they are enough. Changes
   * nothing about one that has ended.
   */
  public CompletableFuture<OperationDescription> cancel(UUID operation) {
    return described(
        calls.cancelOperation(
            CancelOperationRequest.newBuilder().setName("operations/" + operation).build()));
  }

  private CompletableFuture<OperationDescription> described(CompletableFuture<Operation> call) {
    return admin.answer(call, OperationDescriptions::operation);
  }
}
