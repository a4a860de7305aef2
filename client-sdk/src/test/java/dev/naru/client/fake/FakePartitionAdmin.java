package dev.naru.client.fake;

import com.google.protobuf.ByteString;
import dev.naru.proto.admin.v1.HotKey;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.admin.v1.ListPartitionLoadsResponse;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.PartitionLoad;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.PlannedChange;
import dev.naru.proto.admin.v1.Rate;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.proto.admin.v1.RebalancePlan;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionResponse;
import dev.naru.types.ErrorCode;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Truncates partitions that the node leads, says how busy they are, and plans and moves. */
final class FakePartitionAdmin extends PartitionAdminServiceGrpc.PartitionAdminServiceImplBase {

  private static final long PLANNED_AT = 1_234;

  private final FakeCluster cluster;
  private final FakeNode node;

  FakePartitionAdmin(FakeCluster cluster, FakeNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  /**
   * One partition a page; each has a hundred bytes a second for each of its records, and one with
   * more than three records has hot keys.
   */
  @Override
  public void listPartitionLoads(
      ListPartitionLoadsRequest request, StreamObserver<ListPartitionLoadsResponse> answers) {
    if (node.hangs()) {
      return;
    }
    var led = new ArrayList<PartitionLoad>();
    cluster.topics.forEach((name, topic) -> {
      for (int i = 0; i < topic.partitions().size(); i++) {
        var partition = topic.partitions().get(i);
        if (partition.leader().orElse(-1) == node.id()
            && (request.getTopic().isEmpty() || request.getTopic().equals("topics/" + name))) {
          var load =
              PartitionLoad.newBuilder()
                  .setTopic("topics/" + name)
                  .setPartition(i)
                  .setMinute(rate(partition.end()))
                  .setFiveMinutes(rate(0));
          if (partition.end() > 3) {
            load.addHotKeys(HotKey.newBuilder().setHash(0x9f3a_01c2_0000_0007L).setShare(0.75))
                .addHotKeys(
                    HotKey.newBuilder()
                        .setHash(7)
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setShare(0.25));
          }
          led.add(load.build());
        }
      }
    });
    int page = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    var answer = ListPartitionLoadsResponse.newBuilder();
    if (page < led.size()) {
      answer.addLoads(led.get(page));
    }
    if (page + 1 < led.size()) {
      answer.setNextPageToken(Integer.toString(page + 1));
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  /** As many partitions as may change, of topics with the longest names. */
  @Override
  public void planRebalance(PlanRebalanceRequest request, StreamObserver<RebalancePlan> answers) {
    var plan = RebalancePlan.newBuilder().setAim(request.getAim()).setMetadataIndex(PLANNED_AT);
    for (int number = 0; number < request.getPartitionsMax(); number++) {
      plan.addChanges(
          PlannedChange.newBuilder()
              .setTopic("topics/" + "t".repeat(249))
              .setTopicUid("6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10")
              .setPartition(number)
              .setPartitionEpoch(number)
              .addAllFrom(List.of(101, 102, 103))
              .addAllTo(List.of(101, 102, 104))
              .setLeader(101)
              .setBytes(1L << 40)
              .setWhy("node 103 counts 1023.9 GiB, node 104 counts 1023.9 GiB"));
    }
    answers.onNext(plan.build());
    answers.onCompleted();
  }

  /** Takes what was planned for the right entry of the log; all else is out of date. */
  @Override
  public void reassignPartitions(
      ReassignPartitionsRequest request, StreamObserver<Operation> answers) {
    cluster.calls.add("Reassign");
    if (request.getMetadataIndex() != PLANNED_AT) {
      answers.onError(
          FakeTopicAdmin.error(ErrorCode.PARTITION_EPOCH_MISMATCH, "Expected a new plan, but no"));
      return;
    }
    answers.onNext(
        Operation.newBuilder()
            .setName("operations/" + request.getRequestId())
            .setKind(Operation.Kind.KIND_REASSIGN_PARTITIONS)
            .setState(Operation.State.STATE_RUNNING)
            .setTotal(request.getPlacementsCount())
            .build());
    answers.onCompleted();
  }

  private static Rate rate(long records) {
    return Rate.newBuilder()
        .setBytesPerSecond(100.0 * records)
        .setRecordsPerSecond((double) records)
        .build();
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
