package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.MemberStream;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.coordinator.ToMember;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendRequest.MessageCase;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The stream of one member. Owned by the event loop of its connection; the coordinator tells it
 * things from the partition's loop.
 *
 * <p>A message is taken from the transport only when the coordinator has dealt with an earlier one,
 * so a member that talks much fills no queue; and one that does not listen costs an {@link
 * AttendOutbox}.
 */
final class AttendStream implements StreamObserver<AttendRequest>, MemberStream {

  /** Messages under way; a member has one or two. */
  private static final int REQUESTS_MAX = 8;

  /** The way to a coordinator. */
  interface Desk {

    /** Puts in a request; false when there is no room for it. */
    boolean ask(TenantAsked asked, Runnable taken);

    /** Puts in what must not be lost. */
    void tell(TenantAsked asked);
  }

  /** What a search for the coordinator of a group comes to. */
  sealed interface Found {

    /** It is here. */
    record Here(Desk desk) implements Found {}

    /** It is not, and why. */
    record Elsewhere(Refused why) implements Found {}
  }

  private final String host;
  private final ServerCallStreamObserver<AttendResponse> call;
  private final Executor eventLoop;
  private final Function<String, Found> coordinators;
  private final Function<String, Optional<LeaderHint>> hints;

  private final AtomicReference<AttendOutbox> outbox = new AtomicReference<>(AttendOutbox.EMPTY);

  /** Set by whoever has something to say, cleared by the event loop before it looks. */
  private final AtomicBoolean isFlushDue = new AtomicBoolean();

  // Owned by the event loop.
  private Optional<Desk> desk = Optional.empty();
  private String group = "";
  private Optional<MemberId> member = Optional.empty();
  private long lastSequence;
  private boolean hasLeft;

  /** Written by the event loop, read by the partition's loop. */
  private volatile boolean isClosed;

  AttendStream(
      String host,
      ServerCallStreamObserver<AttendResponse> call,
      Executor eventLoop,
      Function<String, Found> coordinators,
      Function<String, Optional<LeaderHint>> hints) {
    this.host = host;
    this.call = call;
    this.eventLoop = eventLoop;
    this.coordinators = coordinators;
    this.hints = hints;
  }

  /** Called once, before the first message. */
  void start() {
    call.disableAutoRequest();
    call.setOnReadyHandler(this::flush);
    call.setOnCancelHandler(this::closed);
    call.request(REQUESTS_MAX);
  }

  // ---- from the member, on the event loop

  @Override
  public void onNext(AttendRequest request) {
    if (isClosed) {
      return;
    }
    try {
      take(request);
    } catch (BadGroupRequestException bad) {
      refuse(bad.why());
    }
  }

  private void take(AttendRequest request) {
    if (request.getSequence() <= lastSequence) {
      throw invalid(
          "sequences to rise from 1 on, but %d follows %d"
              .formatted(request.getSequence(), lastSequence));
    }
    lastSequence = request.getSequence();
    if (request.getMessageCase() == MessageCase.JOIN) {
      join(request);
    } else if (desk.isPresent()) {
      hasLeft |= request.getMessageCase() == MessageCase.LEAVE;
      ask(desk.get(), new Says(this, lastSequence, GroupCodec.message(request)));
    } else {
      throw invalid("a join as the first message, but was " + request.getMessageCase());
    }
  }

  /** Also once more on the same stream: a member of a classic group that was told to. */
  private void join(AttendRequest request) {
    var attends = GroupCodec.attends(this, host, request);
    boolean isSame = group.equals(attends.group()) && member.equals(Optional.of(attends.member()));
    if (desk.isPresent() && !isSame) {
      throw invalid("the group and the member that joined first, but was another one");
    }
    group = attends.group();
    member = Optional.of(attends.member());
    switch (coordinators.apply(group)) {
      case Found.Here(var here) -> {
        desk = Optional.of(here);
        ask(here, attends);
      }
      case Found.Elsewhere(var why) -> refuse(why);
    }
  }

  private void ask(Desk to, ShardInput input) {
    var asked = new TenantAsked(input, why -> GroupShard.refuse(input, why));
    if (!to.ask(asked, this::taken)) {
      refuse(
          new Refused(
              ErrorCode.COORDINATOR_NOT_AVAILABLE,
              "Expected room in the queue of the coordinator, but it is full"));
    }
  }

  private void taken() {
    onEventLoop(() -> {
      if (!isClosed) {
        call.request(1);
      }
    });
  }

  private static BadGroupRequestException invalid(String what) {
    return new BadGroupRequestException(ErrorCode.INVALID_REQUEST, "Expected " + what);
  }

  @Override
  public void onError(Throwable cause) {
    closed();
  }

  /** A member that has said that it leaves still waits to hear that it is out. */
  @Override
  public void onCompleted() {
    if (!isClosed && !hasLeft) {
      call.onCompleted();
      closed();
    }
  }

  private void closed() {
    if (!isClosed) {
      isClosed = true;
      desk.ifPresent(known -> known.tell(new TenantAsked(new StreamEnded(this), why -> {})));
    }
  }

  // ---- from the coordinator, on any thread

  @Override
  public boolean isOpen() {
    return !isClosed;
  }

  @Override
  public void tell(long heard, ToMember message) {
    put(outbox.updateAndGet(waiting -> waiting.with(heard, message)));
  }

  @Override
  public void refuse(Refused why) {
    put(outbox.updateAndGet(waiting -> waiting.refused(why)));
  }

  @Override
  public void complete() {
    put(outbox.updateAndGet(AttendOutbox::over));
  }

  private void put(AttendOutbox waiting) {
    if ((waiting.isOver() || !waiting.isEmpty()) && isFlushDue.compareAndSet(false, true)) {
      onEventLoop(this::flush);
    }
  }

  private void flush() {
    isFlushDue.set(false);
    if (isClosed) {
      return;
    }
    var waiting = outbox.get();
    if (waiting.isOver() || (call.isReady() && !waiting.isEmpty())) {
      send(outbox.getAndUpdate(AttendOutbox::sent));
    }
  }

  private void send(AttendOutbox waiting) {
    waiting.accepted().ifPresent(message -> say(waiting, message));
    waiting.order().ifPresent(message -> say(waiting, message));
    boolean isToldOtherwise = waiting.accepted().isPresent() || waiting.order().isPresent();
    if (waiting.isAcknowledged() && !isToldOtherwise) {
      say(waiting, new ToMember.Heard());
    }
    waiting
        .refusal()
        .ifPresent(why ->
            call.onNext(
                GroupMessages.refusal(
                    waiting.heard(),
                    why,
                    why.code() == ErrorCode.NOT_LEADER ? hints.apply(group) : Optional.empty())));
    if (waiting.isOver()) {
      call.onCompleted();
      closed();
    }
  }

  private void say(AttendOutbox waiting, ToMember message) {
    call.onNext(GroupMessages.told(waiting.heard(), message));
  }

  private void onEventLoop(Runnable task) {
    try {
      eventLoop.execute(task);
    } catch (RejectedExecutionException e) {
      // The event loops are gone, and with them the connection: nobody is left to tell.
    }
  }
}
