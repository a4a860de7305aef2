package dev.naru.broker.rpc;

import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What came of a question to another node. */
sealed interface PeerAnswer {

  /** Its answer. */
  record Told(AskCoordinatorResponse response) implements PeerAnswer {}

  /** Its refusal as it is, or one of ours that says what failed on the way. */
  record Refusal(StatusRuntimeException why) implements PeerAnswer {}

  /** Never fails. */
  static CompletableFuture<PeerAnswer> of(
      NodeId node, CompletableFuture<AskCoordinatorResponse> answer) {
    return answer.handle((response, fault) ->
        fault == null ? new Told(response) : new Refusal(refusal(node, cause(fault))));
  }

  /**
   * Once it is there.
   *
   * @throws StatusRuntimeException if it does not come in time
   */
  static PeerAnswer await(NodeId node, CompletableFuture<PeerAnswer> answer) {
    return Deadlines.await(answer, fault -> unreachable(node, fault));
  }

  private static Throwable cause(Throwable fault) {
    return fault instanceof CompletionException && fault.getCause() != null
        ? fault.getCause()
        : fault;
  }

  private static StatusRuntimeException refusal(NodeId node, Throwable fault) {
    return fault instanceof StatusRuntimeException refused && ErrorStatus.isOurs(refused)
        ? refused
        : ErrorStatus.of(unreachable(node, fault));
  }

  /** Whether it arrived is not known. */
  private static Refused unreachable(NodeId node, Throwable fault) {
    boolean isLate = Status.fromThrowable(fault).getCode() == Status.Code.DEADLINE_EXCEEDED;
    return new Refused(
        isLate ? ErrorCode.REQUEST_TIMEOUT : ErrorCode.COORDINATOR_NOT_AVAILABLE,
        "Expected node %s to answer for the groups it coordinates, but: %s"
            .formatted(node, fault.getMessage()));
  }
}
