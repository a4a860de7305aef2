package dev.naru.broker.rpc;

import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.rpc.ServingNode.Found;
import dev.naru.broker.rpc.TimeReads.Outcome;
import dev.naru.log.TimestampedOffset;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.ElectLeadersResponse;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.admin.v1.ListPartitionLoadsResponse;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc.PartitionAdminServiceImplBase;
import dev.naru.proto.admin.v1.PlanRebalanceRequest;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.proto.admin.v1.RebalancePlan;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.RecoverPartitionResponse;
import dev.naru.proto.admin.v1.TruncatePartitionRequest;
import dev.naru.proto.admin.v1.TruncatePartitionResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Lets partitions that are led here begin later, says how busy they are, elects leaders, moves
 * replicas, and plans such moves.
 */
public final class PartitionAdminService extends PartitionAdminServiceImplBase {

  private final Supplier<ClusterSnapshot> cluster;
  private final ServingNode node;
  private final ReadPool reads;
  private final ReadFaults faults;
  private final PreferredLeaders preferred;
  private final PartitionRecovery recovery;
  private final PartitionLoads loads;
  private final PartitionMoves moves;
  private final RebalancePlans plans;

  /** Looks partitions up here. */
  public PartitionAdminService(
      Supplier<ClusterSnapshot> cluster,
      ServingNode node,
      ReadPool reads,
      ReadFaults faults,
      PreferredLeaders preferred,
      PartitionRecovery recovery,
      PartitionLoads loads,
      PartitionMoves moves,
      RebalancePlans plans) {
    this.cluster = cluster;
    this.node = node;
    this.reads = reads;
    this.faults = faults;
    this.preferred = preferred;
    this.recovery = recovery;
    this.loads = loads;
    this.moves = moves;
    this.plans = plans;
  }

  @Override
  public void electLeaders(
      ElectLeadersRequest request, StreamObserver<ElectLeadersResponse> response) {
    UnaryCalls.answer(response, () -> preferred.elect(request));
  }

  @Override
  public void recoverPartition(
      RecoverPartitionRequest request, StreamObserver<RecoverPartitionResponse> response) {
    UnaryCalls.answer(response, () -> recovery.recover(request));
  }

  @Override
  public void reassignPartitions(
      ReassignPartitionsRequest request, StreamObserver<Operation> response) {
    UnaryCalls.answer(response, () -> moves.reassign(request));
  }

  @Override
  public void planRebalance(PlanRebalanceRequest request, StreamObserver<RebalancePlan> response) {
    UnaryCalls.answer(response, () -> plans.plan(request));
  }

  @Override
  public void listPartitionLoads(
      ListPartitionLoadsRequest request, StreamObserver<ListPartitionLoadsResponse> response) {
    UnaryCalls.answer(response, () -> loads.list(request));
  }

  @Override
  public void truncatePartition(
      TruncatePartitionRequest request, StreamObserver<TruncatePartitionResponse> response) {
    UnaryCalls.answer(response, () -> truncate(request));
  }

  private TruncatePartitionResponse truncate(TruncatePartitionRequest request) {
    var topic = find(request.getTopic());
    OwnTopics.whyNotChanged(topic)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    var id = new PartitionId(topic.id(), partitionOf(request));
    var here = led(id);
    long oldStart = here.view().log().start();
    long start = Math.max(oldStart, startOf(request, here));
    if (!request.getValidateOnly()) {
      raise(here, start); // also one that was raised before: not everybody may know of it yet
    }
    return TruncatePartitionResponse.newBuilder()
        .setOldLogStart(oldStart)
        .setLogStart(start)
        .build();
  }

  private static int partitionOf(TruncatePartitionRequest request) {
    if (request.getPartition() < 0) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.PARTITION_NOT_FOUND,
              "Expected a partition >= 0, but was " + request.getPartition()),
          "partition");
    }
    return request.getPartition();
  }

  private TopicImage find(String resourceName) {
    var name =
        TopicCodec.topicOf(resourceName)
            .orElseThrow(() ->
                ErrorStatus.ofField(
                    new Refused(
                        ErrorCode.INVALID_REQUEST,
                        "Expected topic to be topics/{topic}, but was " + resourceName),
                    "topic"));
    return cluster
        .get()
        .image()
        .topicNamed(name)
        .orElseThrow(() ->
            ErrorStatus.of(
                new Refused(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "Expected a topic, but there is none named " + name)));
  }

  private Found.Here led(PartitionId id) {
    return switch (node.find(id, false)) {
      case Found.Here here when here.view().isLeader() -> here;
      case Found.Here here -> throw notLeader(id, here.view().leader());
      case Found.Elsewhere(var why, var leader) -> throw refused(why, leader);
    };
  }

  private static StatusRuntimeException notLeader(PartitionId id, Optional<KnownLeader> leader) {
    return refused(whyNotLeader(id, leader), leader);
  }

  private static Refused whyNotLeader(PartitionId id, Optional<KnownLeader> leader) {
    return new Refused(
        leader.isEmpty() ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NOT_LEADER,
        "Expected the leader of %s, but this node is none; it knows of %s".formatted(id, leader));
  }

  private static StatusRuntimeException refused(Refused why, Optional<KnownLeader> leader) {
    return ErrorStatus.of(
        why, leader.map(known -> Map.of("leader", known.node().toString())).orElse(Map.of()));
  }

  private long startOf(TruncatePartitionRequest request, Found.Here here) {
    return switch (request.getBeforeCase()) {
      case OFFSET -> bounded(request.getOffset(), here);
      case EVERYTHING -> here.view().highWatermark();
      case TIMESTAMP_MS -> atTime(request.getTimestampMs(), here);
      case BEFORE_NOT_SET ->
          throw ErrorStatus.of(
              new Refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected offset, timestamp_ms or everything, but none was given"));
    };
  }

  private static long bounded(long offset, Found.Here here) {
    long highWatermark = here.view().highWatermark();
    if (offset < 0 || offset > highWatermark) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.OFFSET_OUT_OF_RANGE,
              "Expected an offset from 0 to the high watermark %d of partition %d of topic %s, but was %d"
                  .formatted(
                      highWatermark, here.seat().id().partition(), here.topic().name(), offset)),
          "offset");
    }
    return offset;
  }

  private long atTime(long timestampMillis, Found.Here here) {
    try {
      var search =
          CompletableFuture.supplyAsync(
              () -> TimeReads.find(here.seat(), here.view(), timestampMillis), reads);
      return switch (Deadlines.await(search, fault -> whyUnread(here.seat().id(), fault))) {
        case Outcome.Known(var record, var view) ->
            record.map(TimestampedOffset::offset).orElse(view.highWatermark());
        case Outcome.Unknown(var why) -> throw ErrorStatus.of(why);
      };
    } catch (RejectedExecutionException e) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS, "Expected room in the queue of reads, but it is full"));
    }
  }

  private Refused whyUnread(PartitionId id, Throwable fault) {
    return fault instanceof RuntimeException failed
        ? faults.readFailed(id, failed)
        : new Refused(ErrorCode.INTERNAL, "Expected to read " + id + ", but: " + fault);
  }

  /**
   * Returns once the start is on the disks of all in-sync replicas: no leader that is elected next
   * takes it back.
   */
  private void raise(Found.Here here, long start) {
    var id = here.seat().id();
    var due = new StartDue(here.view().leaderEpoch(), start, DropReason.REQUEST);
    var done = new CompletableFuture<Optional<Refused>>();
    here.seat()
        .tell(
            new StartAsked(due, done::complete, done::isDone),
            () -> {
              if (here.seat().view().isEmpty()) { // nobody was there to take it
                done.complete(Optional.of(whyNotLeader(id, Optional.empty())));
              }
            });
    var refused =
        Deadlines.await(
            done,
            fault -> new Refused(ErrorCode.INTERNAL, "Expected a new log start, but: " + fault));
    if (refused.isPresent()) {
      throw refused(refused.get(), here.seat().view().flatMap(PartitionView::leader));
    }
  }
}
