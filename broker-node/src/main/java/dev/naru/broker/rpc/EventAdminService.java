package dev.naru.broker.rpc;

import dev.naru.broker.transport.EventLoops;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.proto.admin.v1.EventAdminServiceGrpc.EventAdminServiceImplBase;
import dev.naru.proto.admin.v1.ListEventsRequest;
import dev.naru.proto.admin.v1.ListEventsResponse;
import dev.naru.proto.admin.v1.WatchEventsRequest;
import dev.naru.proto.admin.v1.WatchEventsResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Tells what the controller decided, and why: what has been, and what comes. */
public final class EventAdminService extends EventAdminServiceImplBase {

  /** Each costs a message per decision; more people than this look at no cluster. */
  static final int WATCHERS_MAX = 256;

  private static final int WAIT_MILLIS_MAX = 30_000;

  private final EventFeed feed;
  private final LongSupplier nanoClock;
  private final AtomicInteger watchers = new AtomicInteger();

  /** Tells of this. */
  public EventAdminService(EventFeed feed, LongSupplier nanoClock) {
    this.feed = feed;
    this.nanoClock = nanoClock;
  }

  // ---- lists

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListEventsResponse list(ListEventsRequest request) {
    if (request.getMaxWaitMs() < 0 || request.getMaxWaitMs() > WAIT_MILLIS_MAX) {
      throw invalid(
          "max_wait_ms of 0 to %d".formatted(WAIT_MILLIS_MAX),
          "" + request.getMaxWaitMs(),
          "max_wait_ms");
    }
    if (request.getNewestFirst() && request.getMaxWaitMs() > 0) {
      throw invalid("no max_wait_ms for the newest first", "one", "max_wait_ms");
    }
    long deadline = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(request.getMaxWaitMs());
    var wanted = wanted(request);
    while (true) {
      var journal = feed.journal().get();
      var answer = page(journal, request, wanted);
      if (answer.getEventsCount() > 0 || !await(journal, deadline)) {
        return answer;
      }
    }
  }

  private ListEventsResponse page(
      Journal journal, ListEventsRequest request, Predicate<ClusterEvent> wanted) {
    int limit = Paging.limit(request.getPageSize());
    var after = EventCodec.idIn(request.getAfter(), "after");
    after.ifPresent(id -> EventFeed.checkKnown(journal, id));
    var last = Paging.last(request.getPageToken(), EventAdminService::parse);
    last.filter(id -> !request.getNewestFirst()).ifPresent(id -> EventFeed.checkKnown(journal, id));
    var bound = after.orElse(EventId.NONE);
    var page =
        request.getNewestFirst()
            ? journal.before(
                last.orElse(EventId.lastOf(journal.through())),
                wanted.and(event -> event.id().isAfter(bound) || after.isEmpty()),
                limit)
            : journal.after(last.orElse(firstFrom(journal, after)), wanted, limit);
    var response =
        ListEventsResponse.newBuilder()
            .setMetadataIndex(journal.through())
            .setKnownAfter(
                journal.floor().equals(EventId.NONE) ? "" : EventCodec.name(journal.floor()))
            .setNextPageToken(page.isLast() ? "" : Paging.token(page.position()));
    response.setPosition(
        EventCodec.name(
            request.getNewestFirst() ? EventId.lastOf(journal.through()) : page.position()));
    page.events().forEach(event -> response.addEvents(EventCodec.event(event)));
    return response.build();
  }

  private static EventId firstFrom(Journal journal, Optional<EventId> after) {
    return after.orElse(journal.floor());
  }

  private static Predicate<ClusterEvent> wanted(ListEventsRequest request) {
    var wanted = EventCodec.wanted(request.getCodesList());
    if (!request.hasSince()) {
      return wanted;
    }
    long since = EventCodec.millis(request.getSince(), "since");
    return wanted.and(event -> event.atMillis() >= since);
  }

  private static EventId parse(String text) {
    return EventId.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  /** Whether there may be more than this by now. */
  private boolean await(Journal known, long deadline) {
    long left =
        Math.min(
            deadline - nanoClock.getAsLong(),
            TimeUnit.MILLISECONDS.toNanos(Deadlines.leftMillis()));
    if (left <= 0) {
      return false;
    }
    CompletableFuture<?> news = feed.beyond(known);
    try {
      news.get(left, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | CancellationException | ExecutionException e) {
      news.cancel(false); // nothing new in time, or the node stops
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // ---- watches

  @Override
  public void watchEvents(
      WatchEventsRequest request, StreamObserver<WatchEventsResponse> response) {
    if (watchers.incrementAndGet() > WATCHERS_MAX) {
      watchers.decrementAndGet();
      response.onError(
          ErrorStatus.of(
              new Refused(
                  ErrorCode.TOO_MANY_REQUESTS,
                  "Expected at most %d watchers of one node, but there would be more: ask another node"
                      .formatted(WATCHERS_MAX))));
      return;
    }
    try {
      var after = EventCodec.idIn(request.getAfter(), "after");
      var wanted = EventCodec.wanted(request.getCodesList());
      new EventWatch(
              feed,
              (ServerCallStreamObserver<WatchEventsResponse>) response,
              EventLoops.current(),
              after.orElseGet(() -> EventId.lastOf(feed.journal().get().through())),
              wanted,
              watchers::decrementAndGet)
          .start();
    } catch (StatusRuntimeException e) {
      watchers.decrementAndGet();
      response.onError(e);
    }
  }

  private static StatusRuntimeException invalid(String expected, String found, String field) {
    return ErrorStatus.ofField(
        new Refused(ErrorCode.INVALID_REQUEST, "Expected " + expected + ", but was " + found),
        field);
  }
}
