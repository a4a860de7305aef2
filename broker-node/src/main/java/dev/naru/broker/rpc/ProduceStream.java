package dev.naru.broker.rpc;

import dev.naru.broker.flow.ByteBudget;
import dev.naru.broker.rpc.RequestTimes.UnderWay;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.wire.WithBatches;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One producer's stream: how much of it may be under way, and its answers.
 *
 * <p>The event loop of the connection owns it. Loops of partitions put answers into {@link
 * #answers} and have the event loop send them: all that came since its last look, in one message.
 *
 * <p>Back-pressure: a message is asked of the transport only while this stream and the node have
 * room for its bytes, and bytes are given back when their answer has been handed to a transport
 * that takes it. So a client that sends without reading comes to a halt, and what it can cost is
 * the budget.
 */
final class ProduceStream implements StreamObserver<WithBatches<ProduceRequest>> {

  /**
   * Messages asked of the transport ahead: enough to keep a fast client going between two looks. As
   * each may carry the largest batch, they are fewer where the budget has no room for so many.
   */
  private static final int REQUESTED_MAX = 16;

  /** Answers in one message: some 50 KiB. */
  private static final int RESULTS_MAX = 1_000;

  /** What reads requests and routes them; called on the event loop. */
  interface Handler {
    /**
     * Deals with a request, whose answer comes through {@link ProduceStream#answer} or settle. What
     * is to keep the batch retains it.
     */
    void handle(ProduceStream stream, WithBatches<ProduceRequest> request);

    /** The stream has ended and nothing of it is under way. */
    void ended(ProduceStream stream);
  }

  /** What became of a request: with nothing to tell for acks=0. */
  private record Settled(long requestId, Optional<ProduceResult> result, long nanos) {

    /** Not refused, as far as is told. */
    boolean isTaken() {
      return result.filter(told -> told.getError() != ProtoIds.code(ErrorCode.NONE)).isEmpty();
    }
  }

  private final long number;
  private final ServerCallStreamObserver<ProduceResponse> call;
  private final Executor eventLoop;
  private final Handler handler;
  private final ByteBudget budget;
  private final NodeBytes nodeBytes;
  private final int batchBytesMax;
  private final RequestTimes.OfProduce times;

  /** From loops to the event loop; never longer than what is under way. */
  private final ConcurrentLinkedQueue<Settled> answers = new ConcurrentLinkedQueue<>();

  /** Set by whoever adds an answer, cleared by the event loop before it looks. */
  private final AtomicBoolean flushScheduled = new AtomicBoolean();

  private final Map<Long, UnderWay> underWay = new HashMap<>();

  /** Of a message that is about to be sent. */
  private final List<Settled> sending = new ArrayList<>();

  private final RefusedAttempts refusedAttempts = new RefusedAttempts();
  private long lastRequestId = -1;
  private int requested;
  private boolean isWaitingForNode;
  private boolean isHalfClosed;
  private boolean isClosed;

  ProduceStream(
      long number,
      ServerCallStreamObserver<ProduceResponse> call,
      Executor eventLoop,
      Handler handler,
      ByteBudget budget,
      NodeBytes nodeBytes,
      int batchBytesMax,
      RequestTimes.OfProduce times) {
    this.number = number;
    this.call = call;
    this.eventLoop = eventLoop;
    this.handler = handler;
    this.budget = budget;
    this.nodeBytes = nodeBytes;
    this.batchBytesMax = batchBytesMax;
    this.times = times;
  }

  /** Called once, before the first message. */
  void start() {
    call.disableAutoRequest();
    call.setOnReadyThreshold(ReadyThreshold.BYTES);
    call.setOnReadyHandler(this::flush);
    call.setOnCancelHandler(this::closed);
    askForMore();
  }

  /** Names the stream within this process. */
  long number() {
    return number;
  }

  RefusedAttempts refusedAttempts() {
    return refusedAttempts;
  }

  @Override
  public void onNext(WithBatches<ProduceRequest> request) {
    try {
      take(request);
    } finally {
      request.batches().release();
    }
  }

  private void take(WithBatches<ProduceRequest> request) {
    if (isClosed) {
      return; // it was on its way when the stream ended: nobody is to be told, nothing is to be
      // done
    }
    requested--;
    long id = request.header().getRequestId();
    if (Long.compareUnsigned(id, lastRequestId) <= 0 && lastRequestId != -1) {
      fail(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected request ids to rise, but %d follows %d".formatted(id, lastRequestId)));
      return;
    }
    lastRequestId = id;
    int bytes = Math.max(1, request.batches().size());
    underWay.put(id, new UnderWay(bytes, times.now()));
    budget.take(bytes);
    nodeBytes.take(bytes);
    handler.handle(this, request);
    askForMore();
  }

  @Override
  public void onError(Throwable cause) {
    closed();
  }

  @Override
  public void onCompleted() {
    isHalfClosed = true;
    endIfDone();
  }

  /** To be told when a request that is being handled has been dealt with. On the event loop. */
  Optional<UnderWay> underWay(long requestId) {
    return Optional.ofNullable(underWay.get(requestId));
  }

  /** The answer to a request. From any thread, once for each request. */
  void answer(ProduceResult result) {
    settle(new Settled(result.getRequestId(), Optional.of(result), times.now()));
  }

  /** A request is dealt with and nothing is to be told. From any thread, once for each request. */
  void settleSilently(long requestId) {
    settle(new Settled(requestId, Optional.empty(), times.now()));
  }

  private void settle(Settled settled) {
    answers.add(settled);
    if (flushScheduled.compareAndSet(false, true)) {
      onEventLoop(this::flush);
    }
  }

  /** Ends the stream for a reason that concerns all of it. */
  void fail(Refused why) {
    if (!isClosed) {
      call.onError(ErrorStatus.of(why));
      closed();
    }
  }

  private void flush() {
    flushScheduled.set(false);
    while (!answers.isEmpty() && (isClosed || call.isReady())) {
      var response = ProduceResponse.newBuilder();
      for (var next = answers.poll(); next != null; next = answers.poll()) {
        sending.add(next);
        next.result().ifPresent(response::addResults);
        if (response.getResultsCount() == RESULTS_MAX) {
          break;
        }
      }
      if (!isClosed && response.getResultsCount() > 0) {
        call.onNext(response.build());
      }
      sent();
    }
    askForMore();
    endIfDone();
  }

  /** Gives back what the requests took, of which the connection has the answers now. */
  private void sent() {
    long sentNanos = times.now();
    for (var settled : sending) {
      var request = underWay.remove(settled.requestId());
      if (request != null) {
        budget.giveBack(request.bytes);
        nodeBytes.giveBack(request.bytes);
        if (settled.isTaken()) {
          times.answered(request, settled.nanos(), sentNanos);
        }
      }
    }
    sending.clear();
  }

  private void askForMore() {
    if (isClosed || isHalfClosed || !budget.hasRoom()) {
      return;
    }
    if (!nodeBytes.hasRoom()) {
      if (!isWaitingForNode) {
        isWaitingForNode = true;
        nodeBytes.await(() -> onEventLoop(this::resume));
      }
      return;
    }
    int ahead = Math.clamp(budget.room() / batchBytesMax, 1, REQUESTED_MAX);
    if (requested < ahead) {
      call.request(ahead - requested);
      requested = ahead;
    }
  }

  private void resume() {
    isWaitingForNode = false;
    askForMore();
  }

  private void closed() {
    isClosed = true;
    flush();
  }

  /** What is under way keeps its memory until a partition has dealt with it, closed or not. */
  private void endIfDone() {
    if ((isClosed || isHalfClosed) && underWay.isEmpty()) {
      if (!isClosed) {
        isClosed = true;
        call.onCompleted();
      }
      handler.ended(this);
    }
  }

  private void onEventLoop(Runnable task) {
    try {
      eventLoop.execute(task);
    } catch (RejectedExecutionException e) {
      // The event loops are gone, and with them the connection: nobody is left to tell.
    }
  }
}
