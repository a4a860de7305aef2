package dev.naru.broker.rpc;

import dev.naru.broker.access.AccessRules;
import dev.naru.broker.access.Principal;
import dev.naru.broker.access.RequiredAccess;
import dev.naru.broker.partition.FetchKey;
import dev.naru.proto.v1.FetchPosition;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.wire.WithBatches;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One consumer's stream. Owned by the event loop of its connection; {@link #wake} comes from loops.
 * A request is taken from the transport only when there is a place for it, so a client that asks
 * without reading costs a few answers under way and no more.
 */
final class FetchStream implements StreamObserver<FetchRequest> {

  /** Requests under way: one is enough for a consumer, a few hide the round trip. */
  private static final int REQUESTS_MAX = 8;

  private static final int POSITIONS_MAX = 10_000;
  private static final int WAIT_MILLIS_MAX = 60_000;

  /** More would only be held in memory until the last of it is there. */
  private static final int MIN_BYTES_MAX = 8 << 20;

  private static final int MAX_BYTES_MAX = 64 << 20;

  private static final RequiredAccess REQUIRED =
      new RequiredAccess(RequiredAccess.Operation.READ, RequiredAccess.Resource.TOPIC);

  private final long number;
  private final Principal principal;
  private final ServerCallStreamObserver<WithBatches<FetchResponse>> call;
  private final ScheduledExecutorService eventLoop;
  private final FetchReader reader;
  private final LongSupplier nanoClock;
  private final Runnable ended;
  private final Map<Long, FetchAnswer> answers = new LinkedHashMap<>();
  private final Map<Long, ScheduledFuture<?>> alarms = new LinkedHashMap<>();
  private boolean isHalfClosed;
  private boolean isClosed;

  FetchStream(
      long number,
      Principal principal,
      ServerCallStreamObserver<WithBatches<FetchResponse>> call,
      ScheduledExecutorService eventLoop,
      FetchReader reader,
      LongSupplier nanoClock,
      Runnable ended) {
    this.number = number;
    this.principal = principal;
    this.call = call;
    this.eventLoop = eventLoop;
    this.reader = reader;
    this.nanoClock = nanoClock;
    this.ended = ended;
  }

  /** Called once, before the first message. */
  void start() {
    call.disableAutoRequest();
    call.setOnReadyThreshold(ReadyThreshold.BYTES);
    call.setOnReadyHandler(() -> List.copyOf(answers.values()).forEach(FetchAnswer::resume));
    call.setOnCancelHandler(this::closed);
    call.request(REQUESTS_MAX);
  }

  @Override
  public void onNext(FetchRequest request) {
    long id = request.getRequestId();
    var refused = malformed(request);
    if (refused.isPresent()) {
      fail(refused.get());
      return;
    }
    var cursors = new ArrayList<FetchCursor>();
    var seen = new TreeSet<PartitionId>();
    var rejected = new ArrayList<Rejected>();
    for (var position : request.getPositionsList()) {
      var partition = ProtoIds.partition(position.getTopicId(), position.getPartition());
      var why = malformed(position, partition, seen);
      if (why.isPresent()) {
        rejected.add(new Rejected(position, why.get()));
      } else {
        cursors.add(new FetchCursor(partition.orElseThrow(), position));
      }
    }
    var answer =
        new FetchAnswer(
            new FetchKey(number, id),
            this,
            reader,
            cursors,
            Math.min(request.getMinBytes(), MIN_BYTES_MAX),
            Math.min(request.getMaxBytes(), MAX_BYTES_MAX),
            nanoClock.getAsLong()
                + (rejected.isEmpty() ? Math.min(request.getMaxWaitMs(), WAIT_MILLIS_MAX) : 0)
                    * 1_000_000L);
    answers.put(id, answer);
    rejected.forEach(position -> send(position.response(id)));
    answer.look();
  }

  /** A position that no partition can answer for. */
  private record Rejected(FetchPosition position, Refused why) {
    WithBatches<FetchResponse> response(long requestId) {
      var response = FetchResponse.newBuilder().setRequestId(requestId);
      response
          .getPartitionBuilder()
          .setTopicId(position.getTopicId())
          .setPartition(position.getPartition())
          .setError(ProtoIds.code(why.code()))
          .setErrorMessage(why.reason());
      return WithBatches.none(response.build());
    }
  }

  private Optional<Refused> malformed(FetchRequest request) {
    if (answers.containsKey(request.getRequestId())) {
      return invalid("a request id that is not under way", "" + request.getRequestId());
    }
    if (request.getMaxWaitMs() < 0) {
      return invalid("max_wait_ms >= 0", "" + request.getMaxWaitMs());
    }
    if (request.getMinBytes() < 1 || request.getMaxBytes() < 1) {
      return invalid(
          "min_bytes and max_bytes >= 1", request.getMinBytes() + " and " + request.getMaxBytes());
    }
    if (request.getPositionsCount() > POSITIONS_MAX) {
      return Optional.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d positions, but were %d"
                  .formatted(POSITIONS_MAX, request.getPositionsCount())));
    }
    return AccessRules.check(principal, REQUIRED);
  }

  private static Optional<Refused> malformed(
      FetchPosition position, Optional<PartitionId> partition, Set<PartitionId> seen) {
    if (partition.isEmpty()) {
      return Optional.of(
          position.getPartition() < 0
              ? new Refused(
                  ErrorCode.PARTITION_NOT_FOUND,
                  "Expected a partition >= 0, but was " + position.getPartition())
              : new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic id, but was all zeros"));
    }
    if (position.getOffset() < 0) {
      return invalid("an offset >= 0", "" + position.getOffset());
    }
    if (position.getMaxBytes() < 1) {
      return invalid("max_bytes >= 1", "" + position.getMaxBytes());
    }
    if ((position.hasLeaderEpoch() && position.getLeaderEpoch() < 0)
        || (position.hasLastEpoch() && position.getLastEpoch() < 0)) {
      return invalid("epochs >= 0", position.getLeaderEpoch() + " and " + position.getLastEpoch());
    }
    return seen.add(partition.get())
        ? Optional.empty()
        : invalid("each partition once", "%s is there twice".formatted(partition.get()));
  }

  private static Optional<Refused> invalid(String expected, String found) {
    return Optional.of(
        new Refused(ErrorCode.INVALID_REQUEST, "Expected " + expected + ", but was " + found));
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

  /** There may be something to read for this request. From any thread. */
  void wake(long requestId) {
    var _ =
        onEventLoop(() -> Optional.ofNullable(answers.get(requestId)).ifPresent(FetchAnswer::wake));
  }

  /** Wakes the answer when the time has come, should nothing else do it. */
  void wakeAt(long deadlineNanos, FetchAnswer answer) {
    long delay = Math.max(0, deadlineNanos - nanoClock.getAsLong());
    cancelAlarm(answer.requestId());
    alarms.put(answer.requestId(), eventLoop.schedule(answer::timeUp, delay, TimeUnit.NANOSECONDS));
  }

  boolean isPast(long deadlineNanos) {
    return nanoClock.getAsLong() - deadlineNanos >= 0;
  }

  boolean isReady() {
    return !isClosed && call.isReady();
  }

  void send(WithBatches<FetchResponse> response) {
    if (!isClosed) {
      call.onNext(response);
    }
  }

  /** The last message of an answer is sent. */
  void done(long requestId) {
    answers.remove(requestId);
    cancelAlarm(requestId);
    if (!isClosed && !isHalfClosed) {
      call.request(1);
    }
    endIfDone();
  }

  private void cancelAlarm(long requestId) {
    Optional.ofNullable(alarms.remove(requestId)).ifPresent(alarm -> alarm.cancel(false));
  }

  private void fail(Refused why) {
    if (!isClosed) {
      call.onError(ErrorStatus.of(why));
      closed();
    }
  }

  private void endIfDone() {
    if (isHalfClosed && !isClosed && answers.isEmpty()) {
      call.onCompleted();
      closed();
    }
  }

  private void closed() {
    isClosed = true;
    answers.values().forEach(FetchAnswer::cancel);
    answers.clear();
    List.copyOf(alarms.keySet()).forEach(this::cancelAlarm);
    ended.run();
  }

  /** Runs on the event loop that owns the stream; false if that has ended. */
  boolean onEventLoop(Runnable task) {
    try {
      eventLoop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // and the connection with it: nobody is left to tell
    }
  }
}
