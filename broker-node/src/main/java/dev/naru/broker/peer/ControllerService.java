package dev.naru.broker.peer;

import dev.naru.broker.rpc.ErrorStatus;
import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.rpc.VoterChangeCodec;
import dev.naru.broker.transport.EventLoops;
import dev.naru.controller.HeartbeatReply;
import dev.naru.controller.HeartbeatStream;
import dev.naru.controller.NodeHeartbeat;
import dev.naru.controller.QuorumController;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.Decoded;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.internal.v1.ChangeQuorumVotersRequest;
import dev.naru.proto.internal.v1.ChangeQuorumVotersResponse;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceImplBase;
import dev.naru.proto.internal.v1.HeartbeatRequest;
import dev.naru.proto.internal.v1.HeartbeatResponse;
import dev.naru.proto.internal.v1.JoinQuorumRequest;
import dev.naru.proto.internal.v1.JoinQuorumResponse;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.proto.internal.v1.SubmitResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Brings the calls of other nodes, and of this one, to the controller. Never waits. */
public final class ControllerService extends ControllerServiceImplBase {

  private final String clusterId;
  private final QuorumController controller;

  /** Calls for this controller. */
  public ControllerService(String clusterId, QuorumController controller) {
    this.clusterId = clusterId;
    this.controller = controller;
  }

  // ---- commands

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> response) {
    var foreign = checkCluster(request.getClusterId());
    if (foreign.isPresent()) {
      response.onError(ErrorStatus.of(foreign.get()));
      return;
    }
    switch (CommandCodec.decode(request.getEnvelope().asReadOnlyByteBuffer())) {
      case Decoded.Unreadable(var reason) ->
          response.onError(ErrorStatus.of(new Refused(ErrorCode.UNSUPPORTED_VERSION, reason)));
      case Decoded.Command(var envelope) -> {
        var _ =
            controller
                .submit(envelope)
                .whenComplete((outcome, fault) -> {
                  if (fault == null) {
                    response.onNext(encode(outcome));
                    response.onCompleted();
                  } else {
                    response.onError(unknown(fault));
                  }
                });
      }
    }
  }

  private static SubmitResponse encode(Outcome outcome) {
    var response = SubmitResponse.newBuilder();
    switch (outcome) {
      case Outcome.Accepted(long index) ->
          response.setError(ProtoIds.code(ErrorCode.NONE)).setIndex(index);
      case Outcome.Refusal(long index, var why) ->
          response
              .setError(ProtoIds.code(why.code()))
              .setErrorMessage(why.reason())
              .setIndex(index);
      case Outcome.NotAppended(var why, var other) -> {
        response.setError(ProtoIds.code(why.code())).setErrorMessage(why.reason());
        other.ifPresent(node -> response.setControllerId(node.value()));
      }
    }
    return response.build();
  }

  /** A status, not a body, says that the outcome is not known: the same as a lost connection. */
  private static Throwable unknown(Throwable fault) {
    var cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    return ErrorStatus.of(
        cause instanceof OutcomeUnknownException unknown
            ? unknown.why()
            : new Refused(ErrorCode.INTERNAL, "The controller failed: " + cause));
  }

  // ---- heartbeats

  @Override
  public StreamObserver<HeartbeatRequest> heartbeat(StreamObserver<HeartbeatResponse> responses) {
    return new Heartbeats(
        (ServerCallStreamObserver<HeartbeatResponse>) responses, controller.openHeartbeats());
  }

  /**
   * One node's stream. Owned by the event loop of its connection: replies, which come from the
   * controller's thread, are brought there. The next heartbeat is taken when the last one is
   * answered.
   */
  private final class Heartbeats implements StreamObserver<HeartbeatRequest> {

    private final ServerCallStreamObserver<HeartbeatResponse> responses;
    private final HeartbeatStream stream;
    private final Executor eventLoop = EventLoops.current();
    private boolean isOver;

    Heartbeats(ServerCallStreamObserver<HeartbeatResponse> responses, HeartbeatStream stream) {
      this.responses = responses;
      this.stream = stream;
      responses.disableAutoRequest();
      responses.setOnCancelHandler(this::over);
      responses.request(1);
    }

    @Override
    public void onNext(HeartbeatRequest request) {
      var foreign = checkCluster(request.getClusterId());
      if (foreign.isPresent() || request.getNodeId() < 0 || request.getNodeEpoch() < 0) {
        over();
        responses.onError(
            ErrorStatus.of(
                foreign.orElseGet(() ->
                    new Refused(ErrorCode.INVALID_REQUEST, "Expected a node id and epoch >= 0"))));
        return;
      }
      var _ =
          stream
              .heartbeat(
                  new NodeHeartbeat(
                      new NodeId(request.getNodeId()),
                      new NodeEpoch(request.getNodeEpoch()),
                      request.getAppliedIndex(),
                      request.getWantsShutdown(),
                      LoadCodec.decode(request.getLoadsList())))
              .thenAccept(reply -> eventLoop.execute(() -> answer(encode(reply))));
    }

    private void answer(HeartbeatResponse response) {
      if (!isOver) {
        responses.onNext(response);
        responses.request(1);
      }
    }

    private void over() {
      isOver = true;
      stream.broken();
    }

    @Override
    public void onError(Throwable cause) {
      over();
    }

    @Override
    public void onCompleted() {
      over();
      responses.onCompleted();
    }
  }

  private static HeartbeatResponse encode(HeartbeatReply reply) {
    return switch (reply) {
      case HeartbeatReply.Heard(
              long committedIndex,
              boolean fenced,
              boolean mayShutDown,
              long confirmedMillisAgo) ->
          HeartbeatResponse.newBuilder()
              .setError(ProtoIds.code(ErrorCode.NONE))
              .setCommittedIndex(committedIndex)
              .setFenced(fenced)
              .setMayShutDown(mayShutDown)
              .setConfirmedMillisAgo(confirmedMillisAgo)
              .build();
      case HeartbeatReply.NotHeard(var why, _) ->
          HeartbeatResponse.newBuilder()
              .setError(ProtoIds.code(why.code()))
              .setErrorMessage(why.reason())
              .build();
    };
  }

  // ---- the quorum

  @Override
  public void joinQuorum(JoinQuorumRequest request, StreamObserver<JoinQuorumResponse> response) {
    var foreign = checkCluster(request.getClusterId());
    if (foreign.isPresent()) {
      response.onError(ErrorStatus.of(foreign.get()));
      return;
    }
    Joiner joiner;
    try {
      joiner = joiner(request);
    } catch (IllegalArgumentException e) {
      response.onError(
          ErrorStatus.of(new Refused(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()))));
      return;
    }
    var _ =
        controller
            .joinQuorum(joiner)
            .whenComplete((outcome, fault) -> {
              if (fault == null) {
                response.onNext(encode(outcome));
                response.onCompleted();
              } else {
                response.onError(unknown(fault));
              }
            });
  }

  private static Joiner joiner(JoinQuorumRequest request) {
    return new Joiner(
        new QuorumMember(
            new NodeId(request.getNodeId()),
            request.getPeerId(),
            HostPort.parse(request.getRaftAddress())),
        request.hasKnownEpoch() && request.getKnownEpoch() >= 0
            ? Optional.of(new NodeEpoch(request.getKnownEpoch()))
            : Optional.empty(),
        request.getDirectoryIdsList().stream()
            .map(id -> new UUID(id.getHigh(), id.getLow()))
            .toList());
  }

  @Override
  public void changeQuorumVoters(
      ChangeQuorumVotersRequest request, StreamObserver<ChangeQuorumVotersResponse> response) {
    var foreign = checkCluster(request.getClusterId());
    if (foreign.isPresent()) {
      response.onError(ErrorStatus.of(foreign.get()));
      return;
    }
    VoterChange change;
    try {
      change =
          VoterChangeCodec.decode(
              request.getPromoteList(), request.getDemoteList(), request.getValidateOnly());
    } catch (StatusRuntimeException e) {
      response.onError(e);
      return;
    }
    var _ =
        controller
            .changeVoters(change, Context.current()::isCancelled)
            .whenComplete((refused, fault) -> {
              if (fault == null) {
                response.onNext(encode(refused));
                response.onCompleted();
              } else {
                response.onError(unknown(fault));
              }
            });
  }

  private static ChangeQuorumVotersResponse encode(Optional<Refused> refused) {
    return ChangeQuorumVotersResponse.newBuilder()
        .setError(ProtoIds.code(refused.map(Refused::code).orElse(ErrorCode.NONE)))
        .setErrorMessage(refused.map(Refused::reason).orElse(""))
        .build();
  }

  private static JoinQuorumResponse encode(JoinOutcome outcome) {
    return switch (outcome) {
      case JoinOutcome.Member _ ->
          JoinQuorumResponse.newBuilder().setError(ProtoIds.code(ErrorCode.NONE)).build();
      case JoinOutcome.NotMember(var why, _) ->
          JoinQuorumResponse.newBuilder()
              .setError(ProtoIds.code(why.code()))
              .setErrorMessage(why.reason())
              .build();
    };
  }

  private Optional<Refused> checkCluster(String claimed) {
    return claimed.equals(clusterId)
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.DIRECTORY_MISMATCH,
                "Expected a node of cluster " + clusterId + ", but it belongs to " + claimed));
  }
}
