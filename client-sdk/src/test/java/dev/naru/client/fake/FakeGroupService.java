package dev.naru.client.fake;

import dev.naru.proto.v1.AttendRefusal;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.CommitOffsetsResponse;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsResponse;
import dev.naru.proto.v1.FindCoordinatorRequest;
import dev.naru.proto.v1.FindCoordinatorResponse;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.types.ErrorCode;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Brings members to their groups. */
final class FakeGroupService extends GroupServiceGrpc.GroupServiceImplBase {

  private final FakeCluster cluster;
  private final FakeNode node;

  FakeGroupService(FakeCluster cluster, FakeNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public void findCoordinator(
      FindCoordinatorRequest request, StreamObserver<FindCoordinatorResponse> answers) {
    cluster.calls.add("FindCoordinator@" + node.id());
    if (node.hangs()) {
      return;
    }
    var group = cluster.group(request.getGroup());
    var refused = group.findRefusal();
    var answer =
        FindCoordinatorResponse.newBuilder().setErrorValue(refused.orElse(ErrorCode.NONE).number());
    if (refused.isEmpty()) {
      answer.setCoordinator(group.hint());
    }
    answers.onNext(answer.build());
    answers.onCompleted();
  }

  @Override
  public StreamObserver<AttendRequest> attend(StreamObserver<AttendResponse> answers) {
    cluster.calls.add("Attend@" + node.id());
    return new Attending(answers);
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> answers) {
    cluster.calls.add("CommitOffsets@" + node.id());
    if (node.hangs()) {
      return;
    }
    cluster
        .group(request.getGroup())
        .commit(
            node.id(),
            request,
            answer -> {
              answers.onNext(answer);
              answers.onCompleted();
            });
  }

  @Override
  public void fetchOffsets(
      FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> answers) {
    cluster.calls.add("FetchOffsets@" + node.id());
    if (node.hangs()) {
      return;
    }
    cluster
        .group(request.getGroup())
        .fetch(node.id(), request)
        .ifPresent(answer -> {
          answers.onNext(answer);
          answers.onCompleted();
        });
  }

  /** One stream; said from tests' threads and the event loop, one at a time. */
  private final class Attending implements StreamObserver<AttendRequest>, FakeMember.Stream {

    private final StreamObserver<AttendResponse> answers;
    private Optional<FakeMember> member = Optional.empty();
    private Optional<FakeGroup> group = Optional.empty();
    private boolean isClosed;

    Attending(StreamObserver<AttendResponse> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(AttendRequest request) {
      if (node.hangs()) {
        return;
      }
      if (request.hasJoin()) {
        group = Optional.of(cluster.group(request.getJoin().getGroup()));
      }
      group.ifPresent(joined ->
          member =
              joined.hear(
                  node.id(), this, member, new FakeMember.Message(request.getSequence(), request)));
    }

    @Override
    public synchronized void say(AttendResponse response) {
      if (!isClosed) {
        answers.onNext(response);
      }
    }

    @Override
    public synchronized void refuse(AttendRefusal refusal) {
      say(AttendResponse.newBuilder().setRefusal(refusal).build());
      end();
    }

    @Override
    public synchronized void breakOff() {
      if (!isClosed) {
        isClosed = true;
        answers.onError(Status.UNAVAILABLE.asRuntimeException());
      }
    }

    @Override
    public synchronized void end() {
      if (!isClosed) {
        isClosed = true;
        answers.onCompleted();
      }
    }

    @Override
    public synchronized void onError(Throwable failure) {
      isClosed = true;
    }

    @Override
    public void onCompleted() {
      end();
    }
  }
}
