package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The right of one call to have a large answer in memory, from before it is read until the client
 * has taken it or is gone. Without it, whoever asks often and takes nothing would fill the heap.
 *
 * <p>Only a call with a deadline gets one, at which it ends whatever the client does: a few without
 * one, whose answers nobody takes, would leave none for anybody else.
 */
final class AnswerPermit {

  /** An answer is taken within seconds; no person waits longer. */
  private static final Duration CALL_MAX = Duration.ofMinutes(10);

  private final Semaphore all;
  private final int count;
  private boolean isHeld; // this and the next one are guarded by this object: gRPC ends a call on
  private boolean isOver; // another thread than the one that answers it

  private AnswerPermit(Semaphore all, int count) {
    this.all = all;
    this.count = count;
  }

  /**
   * For the call that is answered here; within the method that gRPC has called.
   *
   * @param count how many there are of all
   */
  static AnswerPermit of(StreamObserver<?> response, Semaphore all, int count) {
    var permit = new AnswerPermit(all, count);
    var call = (ServerCallStreamObserver<?>) response;
    call.setOnCloseHandler(permit::giveBack);
    call.setOnCancelHandler(permit::giveBack);
    return permit;
  }

  /** Takes one, which is given back when the call ends. Why not, if it cannot be had. */
  Optional<Refused> take() {
    if (!Deadlines.isWithin(CALL_MAX)) {
      return Optional.of(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a call with a deadline within %d min, as its answer is kept until it is taken"
                  .formatted(CALL_MAX.toMinutes())));
    }
    return tryTake()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.TOO_MANY_REQUESTS,
                "Expected at most %d answers on their way at a time".formatted(count)));
  }

  private synchronized boolean tryTake() {
    isHeld = isHeld || (!isOver && all.tryAcquire());
    return isHeld;
  }

  private synchronized void giveBack() {
    isOver = true;
    if (isHeld) {
      isHeld = false;
      all.release();
    }
  }
}
