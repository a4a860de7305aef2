package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.proto.admin.v1.Share;
import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Plans what evens out the cluster, and carries plans out. A node that joins gets nothing by
 * itself: only a plan moves what there is. Any thread may call it; futures are as {@link Admin}'s.
 */
public final class Rebalancing {

  /** The most partitions that one plan changes: as many as one operation moves. */
  public static final int PARTITIONS_MAX = 10_000;

  private final Admin admin;
  private final AdminCalls calls;
  private final Supplier<UUID> ids;

  Rebalancing(Admin admin, AdminCalls calls, Supplier<UUID> ids) {
    this.admin = admin;
    this.calls = calls;
    this.ids = ids;
  }

  /**
   * What would even out the cluster. The asked node asks all others how large their replicas are,
   * for 3 s at most; those that do not answer are named in the plan's notes.
   *
   * @param topics whose partitions may change; none: those of all topics
   * @param partitionsMax how many of them may change by this plan, at most {@link #PARTITIONS_MAX};
   *     0 means 1,000
   */
  public CompletableFuture<RebalancePlan> plan(
      RebalanceAim aim, Collection<String> topics, int partitionsMax) {
    var request =
        PlanRebalanceRequest.newBuilder().setAim(aim(aim)).setPartitionsMax(partitionsMax);
    topics.forEach(topic -> request.addTopics(Descriptions.topicResource(topic)));
    return admin.answer(calls.planRebalance(request.build()), planned -> plan(aim, planned));
  }

  /**
   * Carries a plan out, as one operation: see {@link Operations#reassign}. Where only the order of
   * the replicas changes, the first of them leads at once if it is in sync. Fails with {@code
   * PARTITION_EPOCH_MISMATCH} if a partition is no longer as it was when the plan was made; then
   * nothing has changed.
   *
   * @param plan all of it, or what is left of it
   * @param bytesPerSecond what each leader sends at most to replicas that are new; empty: as the
   *     nodes are configured
   */
  public CompletableFuture<OperationDescription> apply(
      RebalancePlan plan, OptionalLong bytesPerSecond) {
    return apply(plan, bytesPerSecond, false);
  }

  /** Says what would move, or why it cannot. Changes nothing. */
  public CompletableFuture<OperationDescription> validate(
      RebalancePlan plan, OptionalLong bytesPerSecond) {
    return apply(plan, bytesPerSecond, true);
  }

  private CompletableFuture<OperationDescription> apply(
      RebalancePlan plan, OptionalLong bytesPerSecond, boolean isDryRun) {
    var request =
        ReassignPartitionsRequest.newBuilder()
            .setRequestId(ids.get().toString())
            .setElect(true)
            .setMetadataIndex(plan.metadataIndex())
            .setValidateOnly(isDryRun);
    bytesPerSecond.ifPresent(request::setBytesPerSecond);
    for (var change : plan.changes()) {
      var placement =
          PartitionPlacement.newBuilder()
              .setTopic(Descriptions.topicResource(change.partition().topic()))
              .setTopicUid(change.topicUid())
              .setPartition(change.partition().partition())
              .addAllNodes(change.to());
      change.partitionEpoch().ifPresent(placement::setPartitionEpoch);
      request.addPlacements(placement);
    }
    return admin.answer(
        calls.reassignPartitions(request.build()), OperationDescriptions::operation);
  }

  private static PlanRebalanceRequest.Aim aim(RebalanceAim aim) {
    return switch (aim) {
      case LEADERS -> PlanRebalanceRequest.Aim.AIM_LEADERS;
      case BYTES -> PlanRebalanceRequest.Aim.AIM_BYTES;
      case DISK -> PlanRebalanceRequest.Aim.AIM_DISK;
    };
  }

  private static RebalancePlan plan(
      RebalanceAim aim, dev.naru.proto.admin.v1.RebalancePlan planned) {
    return new RebalancePlan(
        aim,
        planned.getMetadataIndex(),
        planned.getChangesList().stream().map(Rebalancing::change).toList(),
        planned.getNodesList().stream()
            .map(node ->
                new NodeShare(node.getNode(), share(node.getBefore()), share(node.getAfter())))
            .toList(),
        planned.getNotesList(),
        planned.getCutShort());
  }

  private static PlannedChange change(dev.naru.proto.admin.v1.PlannedChange change) {
    return new PlannedChange(
        new TopicPartition(Descriptions.topicOf(change.getTopic()), change.getPartition()),
        change.getTopicUid(),
        OptionalInt.of(change.getPartitionEpoch()),
        change.getFromList(),
        change.getToList(),
        change.hasLeader() ? OptionalInt.of(change.getLeader()) : OptionalInt.empty(),
        change.getBytes(),
        change.getWhy());
  }

  private static NodeShare.Share share(Share share) {
    return new NodeShare.Share(
        share.getLeaders(),
        share.getReplicas(),
        share.getBytes(),
        share.hasDiskUsed() ? OptionalDouble.of(share.getDiskUsed()) : OptionalDouble.empty());
  }
}
