package dev.naru.broker.peer;

import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceStub;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.proto.internal.v1.SubmitResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** One command until its outcome is known, or its time is over. Owned by the event loop. */
final class Submission {

  /** Longer than the controller itself waits for the log. */
  private static final Duration CALL_MAX = Duration.ofSeconds(6);

  private static final String STILL_WORKS =
      ". Produce and consume go on where the leader and its ISR are alive";

  private final SubmitRequest request;
  private final CompletableFuture<Outcome> reply;
  private final Optional<Long> deadlineNanos;
  private final ControllerConnection controller;
  private final LoopExecutor loop;
  private final LongSupplier nanoClock;
  private final Backoff backoff = ControllerLink.newBackoff();
  private Refused lastTrouble =
      new Refused(
          ErrorCode.METADATA_QUORUM_LOST,
          "Expected an active controller, but none is known" + STILL_WORKS);
  private boolean mayHaveArrived;

  /**
   * Not sent yet.
   *
   * @param limit when to give up; empty: never
   */
  Submission(
      SubmitRequest request,
      CompletableFuture<Outcome> reply,
      Optional<Duration> limit,
      ControllerConnection controller,
      LoopExecutor loop,
      LongSupplier nanoClock) {
    this.request = request;
    this.reply = reply;
    this.deadlineNanos = limit.map(time -> nanoClock.getAsLong() + time.toNanos());
    this.controller = controller;
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  void tryOnce() {
    if (reply.isDone()) {
      return; // whoever asked has gone
    }
    if (controller.isClosed()
        || deadlineNanos.filter(at -> nanoClock.getAsLong() - at >= 0).isPresent()) {
      giveUp();
      return;
    }
    boolean isSent =
        controller.call(
            ControllerServiceStub::submit, request, callLimit(), this::answered, this::failed);
    mayHaveArrived |= isSent;
    if (!isSent) {
      again();
    }
  }

  /** A call that hangs must not outlast the submission. */
  private Duration callLimit() {
    return deadlineNanos
        .map(at -> Duration.ofNanos(at - nanoClock.getAsLong()))
        .filter(left -> left.compareTo(CALL_MAX) < 0)
        .orElse(CALL_MAX);
  }

  private void answered(HostPort address, SubmitResponse response) {
    var code = ProtoIds.code(response.getErrorValue());
    if (code == ErrorCode.NONE) {
      reply.complete(new Outcome.Accepted(response.getIndex()));
      return;
    }
    var why = new Refused(code, response.getErrorMessage());
    if (response.hasIndex()) {
      reply.complete(new Outcome.Refusal(response.getIndex(), why));
    } else if (code.isRetriable()) {
      lastTrouble = why;
      if (code == ErrorCode.NOT_LEADER) {
        controller.isElsewhere(address);
      }
      again();
    } else {
      reply.complete(new Outcome.NotAppended(why, Optional.empty()));
    }
  }

  private void failed(HostPort address, Throwable fault) {
    lastTrouble = new Refused(ErrorCode.METADATA_QUORUM_LOST, reasonOf(fault, address));
    again();
  }

  /** A controller that answers at all says best what it could not do. */
  private static String reasonOf(Throwable fault, HostPort address) {
    var said = String.valueOf(Status.fromThrowable(fault).getDescription());
    return said.startsWith("Expected ")
        ? said
        : "Expected an answer of the controller at %s, but: %s%s"
            .formatted(address, fault.getMessage(), STILL_WORKS);
  }

  private void again() {
    loop.after(backoff.failed(), this::tryOnce);
  }

  private void giveUp() {
    if (mayHaveArrived) {
      reply.completeExceptionally(new OutcomeUnknownException(lastTrouble));
    } else {
      reply.complete(new Outcome.NotAppended(lastTrouble, Optional.empty()));
    }
  }
}
