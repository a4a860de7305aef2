package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.ClusterEventCode;
import dev.naru.metadata.chronicle.EventCause;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.EventSubject.OfTopic;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.proto.admin.v1.Event;
import dev.naru.proto.admin.v1.ListEventsRequest;
import dev.naru.proto.admin.v1.ListEventsResponse;
import dev.naru.proto.admin.v1.WatchEventsRequest;
import dev.naru.testing.Eventually;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lists that wait for what comes next. */
class EventAdminServiceTest {

  private static final Eventually SOON =
      Eventually.allowing("some hundred threads begin to wait", Duration.ofSeconds(10));

  private final Log log = new Log();
  private final EventAdminService service =
      new EventAdminService(new EventFeed(() -> log.journal, log::applied), System::nanoTime);

  @Test
  void refusesATimeOfNoCalendar() {
    for (long seconds : new long[] {Long.MIN_VALUE, -62_135_596_801L, 253_402_300_800L}) {
      var answer =
          listing(
              ListEventsRequest.newBuilder().setSince(Timestamp.newBuilder().setSeconds(seconds)));
      SOON.until("it is answered", answer::isDone);
      assertThat(answer.handle((_, fault) -> Status.fromThrowable(fault).getCode()).join())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  /** The node may forget meanwhile what it has looked at and did not want. */
  @Test
  void goesOnFromWhereItHasLooked() {
    log.next(Journal.EMPTY.with(1, List.of(event(1, ClusterEventCode.TOPIC_DELETED))));
    var answer = listing(ListEventsRequest.newBuilder().setAfter("events/0.0"));
    SOON.until("it waits", () -> log.waiting() == 1);

    log.next(Journal.startingAfter(1).with(2, List.of(event(2, ClusterEventCode.TOPIC_CREATED))));

    assertThat(answer.join().getEventsList())
        .extracting(Event::getName)
        .containsExactly("events/2.0");
  }

  @Test
  void waitsForOnlySoManyAtOnce() {
    var waiting = new ArrayList<CompletableFuture<ListEventsResponse>>();
    for (int i = 0; i < EventAdminService.WATCHERS_MAX; i++) {
      waiting.add(listing(ListEventsRequest.newBuilder()));
    }
    SOON.until("all wait", () -> log.waiting() == EventAdminService.WATCHERS_MAX);

    var another = listing(ListEventsRequest.newBuilder());

    SOON.until("it is answered", another::isDone);
    assertThat(another.handle((_, fault) -> Status.fromThrowable(fault).getCode()).join())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    log.next(Journal.EMPTY.with(1, List.of(event(1, ClusterEventCode.TOPIC_CREATED))));
    assertThat(waiting).allSatisfy(each -> assertThat(each.join().getEventsCount()).isEqualTo(1));
  }

  /** As one that is asked for where no event loop runs it, which is a bug. */
  @Test
  void aWatchThatCannotBeginDoesNotCount() {
    for (int i = 0; i < EventAdminService.WATCHERS_MAX; i++) {
      assertThatThrownBy(() ->
              service.watchEvents(WatchEventsRequest.getDefaultInstance(), new RecordedAnswer<>()))
          .isInstanceOf(IllegalStateException.class);
    }

    var answer = listing(ListEventsRequest.newBuilder());

    SOON.until("it waits", () -> log.waiting() == 1);
    assertThat(answer).isNotDone();
  }

  @Test
  void endsWhenTheCallerIsGone() {
    var call = Context.current().withCancellation();
    var before = call.attach();
    var answer = listing(ListEventsRequest.newBuilder());
    call.detach(before);
    SOON.until("it waits", () -> log.waiting() == 1);

    call.cancel(null);

    SOON.until("it has ended", answer::isDone);
    assertThat(answer.join().getEventsCount()).isZero();
  }

  /** A list that waits for a topic to be created, as a call has it: on a thread of its own. */
  private CompletableFuture<ListEventsResponse> listing(ListEventsRequest.Builder request) {
    var answer = new CompletableFuture<ListEventsResponse>();
    Thread.startVirtualThread(
        Context.current()
            .wrap(() ->
                service.listEvents(
                    request.addCodes("TOPIC_CREATED").setMaxWaitMs(30_000).build(),
                    new StreamObserver<>() {
                      @Override
                      public void onNext(ListEventsResponse response) {
                        answer.complete(response);
                      }

                      @Override
                      public void onError(Throwable fault) {
                        answer.completeExceptionally(fault);
                      }

                      @Override
                      public void onCompleted() {}
                    })));
    return answer;
  }

  private static ClusterEvent event(long index, ClusterEventCode code) {
    return new ClusterEvent(
        new EventId(index, 0),
        1_000,
        code,
        new OfTopic("orders"),
        EventCause.REQUESTED,
        "",
        List.of());
  }

  /** What a node has applied. */
  private static final class Log {

    volatile Journal journal = Journal.EMPTY;
    private final ConcurrentSkipListMap<Long, CompletableFuture<Object>> applied =
        new ConcurrentSkipListMap<>();
    private final AtomicInteger looks = new AtomicInteger();

    /** Each who waits has one of its own, which it may cancel. */
    CompletableFuture<?> applied(long index) {
      looks.incrementAndGet();
      return applied.computeIfAbsent(index, _ -> new CompletableFuture<>()).thenApply(any -> any);
    }

    int waiting() {
      return looks.get();
    }

    void next(Journal newer) {
      journal = newer;
      var passed = applied.headMap(newer.through(), true);
      passed.values().forEach(each -> each.complete(true));
      passed.clear();
    }
  }
}
