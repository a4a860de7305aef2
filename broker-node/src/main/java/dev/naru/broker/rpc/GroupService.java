package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.CommitAsked;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAsked;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.transport.EventLoops;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.CommitOffsetsResponse;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsResponse;
import dev.naru.proto.v1.FindCoordinatorRequest;
import dev.naru.proto.v1.FindCoordinatorResponse;
import dev.naru.proto.v1.GroupServiceGrpc.GroupServiceImplBase;
import dev.naru.proto.v1.OffsetResult;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Brings members and callers to the coordinators on this node. Streams run on the event loops and
 * never wait; a call waits on a thread of its own until what it asked for is committed.
 */
public final class GroupService extends GroupServiceImplBase {

  /** Said, as nothing else would be known to be no error. */
  private static final dev.naru.proto.v1.ErrorCode NONE = ProtoIds.code(ErrorCode.NONE);

  private final CoordinatorFinder finder;
  private final CoordinatorSeats seats;
  private final ShardCalls shards;
  private final NodeMeters meters;

  /**
   * Looks coordinators up here.
   *
   * @param partitions of the topic that groups are kept in, if this node makes it
   */
  public GroupService(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      ServingNode node,
      MetadataChanges changes,
      int partitions,
      RandomGenerator dice,
      NodeMeters meters) {
    Function<CreateTopic, dev.naru.metadata.log.Applied> make = changes::make;
    this.finder = new CoordinatorFinder(cluster, make, partitions, dice);
    this.seats = new CoordinatorSeats(self, cluster, node);
    this.shards = ShardCalls.on(seats);
    this.meters = meters;
  }

  // ---- members

  @Override
  public StreamObserver<AttendRequest> attend(StreamObserver<AttendResponse> responses) {
    var stream =
        new AttendStream(
            AccessInterceptor.host(),
            (ServerCallStreamObserver<AttendResponse>) responses,
            EventLoops.current(),
            this::coordinator,
            seats::hint);
    stream.start();
    return stream;
  }

  private AttendStream.Found coordinator(String group) {
    return switch (seats.find(group)) {
      case CoordinatorSeats.Found.Here(var seat) -> new AttendStream.Found.Here(desk(seat));
      case CoordinatorSeats.Found.Elsewhere(var why) -> {
        meters.refused("attend", why.code());
        yield new AttendStream.Found.Elsewhere(why);
      }
    };
  }

  private static AttendStream.Desk desk(PartitionSeat seat) {
    return new AttendStream.Desk() {
      @Override
      public boolean ask(TenantAsked asked, Runnable taken) {
        return seat.ask(asked, taken);
      }

      @Override
      public void tell(TenantAsked asked) {
        seat.tell(asked);
      }
    };
  }

  // ---- calls

  @Override
  public void findCoordinator(
      FindCoordinatorRequest request, StreamObserver<FindCoordinatorResponse> response) {
    UnaryCalls.answer(response, () -> find(request.getGroup()));
  }

  private FindCoordinatorResponse find(String group) {
    var answer = FindCoordinatorResponse.newBuilder();
    switch (finder.find(group)) {
      case CoordinatorFinder.Found.At(_, var node) -> answer.setError(NONE).setCoordinator(node);
      case CoordinatorFinder.Found.Nowhere(var why) ->
          answer.setError(ProtoIds.code(why.code())).setErrorMessage(why.reason());
    }
    return answer.build();
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> response) {
    UnaryCalls.answer(response, () -> commit(request));
  }

  private CommitOffsetsResponse commit(CommitOffsetsRequest request) {
    try {
      var commits = GroupCodec.commits(request);
      CommitAnswer answer =
          shards.<CommitAnswer>ask(
              request.getGroup(),
              told -> new CommitAsked(commits, told),
              CommitAnswer.NotKept::new);
      return switch (answer) {
        case CommitAnswer.Kept kept -> kept(request, kept);
        case CommitAnswer.NotKept(var why) -> notKept(request.getGroup(), why);
      };
    } catch (BadGroupRequestException bad) {
      return notKept(request.getGroup(), bad.why());
    }
  }

  private static CommitOffsetsResponse kept(CommitOffsetsRequest request, CommitAnswer.Kept kept) {
    var response = CommitOffsetsResponse.newBuilder().setError(NONE);
    for (var offset : request.getOffsetsList()) {
      var result = OffsetResult.newBuilder().setError(NONE);
      var why =
          kept.refused().get(GroupCodec.partition(offset.getTopicId(), offset.getPartition()));
      if (why != null) {
        result.setError(ProtoIds.code(why.code())).setErrorMessage(why.reason());
      }
      response.addResults(result);
    }
    return response.build();
  }

  private CommitOffsetsResponse notKept(String group, Refused why) {
    meters.refused("commit", why.code());
    var response =
        CommitOffsetsResponse.newBuilder()
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason());
    if (why.code() == ErrorCode.NOT_LEADER) {
      seats.hint(group).ifPresent(response::setLeader);
    }
    return response.build();
  }

  @Override
  public void fetchOffsets(
      FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> response) {
    UnaryCalls.answer(response, () -> fetch(request));
  }

  private FetchOffsetsResponse fetch(FetchOffsetsRequest request) {
    try {
      var partitions = GroupCodec.asked(request);
      OffsetsAnswer answer =
          shards.<OffsetsAnswer>ask(
              request.getGroup(),
              told -> new OffsetsAsked(request.getGroup(), partitions, told),
              OffsetsAnswer.Unknown::new);
      return switch (answer) {
        case OffsetsAnswer.Found(var offsets) -> {
          var response = FetchOffsetsResponse.newBuilder().setError(NONE);
          offsets.forEach((partition, committed) ->
              response.addOffsets(GroupMessages.fetched(partition, committed)));
          yield response.build();
        }
        case OffsetsAnswer.Unknown(var why) -> unknown(request.getGroup(), why);
      };
    } catch (BadGroupRequestException bad) {
      return unknown(request.getGroup(), bad.why());
    }
  }

  private FetchOffsetsResponse unknown(String group, Refused why) {
    meters.refused("offsets", why.code());
    var response =
        FetchOffsetsResponse.newBuilder()
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason());
    if (why.code() == ErrorCode.NOT_LEADER) {
      seats.hint(group).ifPresent(response::setLeader);
    }
    return response.build();
  }
}
