package dev.naru.broker.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;

/**
 * The right of one call to have a large answer in memory, from before it is read until the client
 * has taken it or is gone. Without it, whoever asks often and takes nothing would fill the heap.
 */
final class AnswerPermit {

  private final Semaphore all;
  private boolean isHeld; // this and the next one are guarded by this object: gRPC ends a call on
  private boolean isOver; // another thread than the one that answers it

  private AnswerPermit(Semaphore all) {
    this.all = all;
  }

  /** For the call that is answered here; within the method that gRPC has called. */
  static AnswerPermit of(StreamObserver<?> response, Semaphore all) {
    var permit = new AnswerPermit(all);
    var call = (ServerCallStreamObserver<?>) response;
    call.setOnCloseHandler(permit::giveBack);
    call.setOnCancelHandler(permit::giveBack);
    return permit;
  }

  /** Whether there was one; it is given back when the call ends. */
  synchronized boolean isTaken() {
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
