package dev.naru.broker.rpc;

import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.Permits;
import dev.naru.broker.transport.Permits.Permit;
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
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Tells what the controller decided, and why: what has been, and what comes. */
public final class EventAdminService extends EventAdminServiceImplBase {

  /**
   * Watchers and lists that wait for news: each costs a look per decision; more people than this
   * look at no cluster.
   */
  static final int WATCHERS_MAX = 256;

  private static final int WAIT_MILLIS_MAX = 30_000;

  private final EventFeed feed;
  private final LongSupplier nanoClock;
  private final Permits watchers = new Permits(WATCHERS_MAX);

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
    return request.getMaxWaitMs() == 0
        ? page(feed.journal().get(), request, position(request), wanted(request))
        : firstNews(request);
  }

  /** A list that is empty is asked for again, from where it ended, as long as the caller waits. */
  private ListEventsResponse firstNews(ListEventsRequest request) {
    try (var _ = watcher()) {
      long deadline = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(request.getMaxWaitMs());
      var wanted = wanted(request);
      var position = position(request);
      while (true) {
        var journal = feed.journal().get();
        var answer = page(journal, request, position, wanted);
        if (answer.getEventsCount() > 0 || !await(journal, deadline)) {
          return answer;
        }
        position = EventCodec.idIn(answer.getPosition(), "after");
      }
    }
  }

  private static ListEventsResponse page(
      Journal journal,
      ListEventsRequest request,
      Optional<EventId> position,
      Predicate<ClusterEvent> wanted) {
    var answer =
        ListEventsResponse.newBuilder()
            .setMetadataIndex(journal.through())
            .setKnownAfter(journal.floor().equals(EventId.NONE) ? "" : journal.floor().name());
    var page =
        request.getNewestFirst()
            ? newestFirst(journal, request, position, wanted)
            : oldestFirst(journal, request, position, wanted);
    page.events().forEach(event -> answer.addEvents(EventCodec.event(event)));
    return answer
        .setNextPageToken(page.isLast() ? "" : Paging.token(page.position()))
        .setPosition(
            (request.getNewestFirst() ? EventId.lastOf(journal.through()) : page.position()).name())
        .build();
  }

  private static Journal.Page oldestFirst(
      Journal journal,
      ListEventsRequest request,
      Optional<EventId> position,
      Predicate<ClusterEvent> wanted) {
    position.ifPresent(id -> EventFeed.checkKnown(journal, id));
    return journal.after(
        position.orElse(journal.floor()), wanted, Paging.limit(request.getPageSize()));
  }

  private static Journal.Page newestFirst(
      Journal journal,
      ListEventsRequest request,
      Optional<EventId> position,
      Predicate<ClusterEvent> wanted) {
    var after = EventCodec.idIn(request.getAfter(), "after");
    after.ifPresent(id -> EventFeed.checkKnown(journal, id));
    return journal.before(
        position.orElse(EventId.lastOf(journal.through())),
        wanted.and(event -> after.filter(id -> !event.id().isAfter(id)).isEmpty()),
        Paging.limit(request.getPageSize()));
  }

  /** Where the page begins: of the oldest first after this, of the newest first before it. */
  private static Optional<EventId> position(ListEventsRequest request) {
    var last = Paging.last(request.getPageToken(), EventAdminService::parse);
    return request.getNewestFirst()
        ? last
        : last.or(() -> EventCodec.idIn(request.getAfter(), "after"));
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

  /** Whether there may be more than this by now; not if nobody waits for it any more. */
  private boolean await(Journal known, long deadline) {
    long left =
        Math.min(
            deadline - nanoClock.getAsLong(),
            TimeUnit.MILLISECONDS.toNanos(Deadlines.leftMillis()));
    if (left <= 0) {
      return false;
    }
    CompletableFuture<?> news = feed.beyond(known);
    Context.CancellationListener whenGone = _ -> news.cancel(false);
    Context.current().addListener(whenGone, Runnable::run);
    try {
      news.get(left, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | CancellationException | ExecutionException e) {
      news.cancel(false); // nothing new in time, the caller is gone, or the node stops
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      Context.current().removeListener(whenGone);
    }
  }

  // ---- watches

  @Override
  public void watchEvents(
      WatchEventsRequest request, StreamObserver<WatchEventsResponse> response) {
    try {
      watch(request, (ServerCallStreamObserver<WatchEventsResponse>) response, watcher());
    } catch (StatusRuntimeException refused) {
      response.onError(refused);
    }
  }

  private void watch(
      WatchEventsRequest request,
      ServerCallStreamObserver<WatchEventsResponse> call,
      Permit watcher) {
    try {
      var after = EventCodec.idIn(request.getAfter(), "after");
      var wanted = EventCodec.wanted(request.getCodesList());
      new EventWatch(
              feed,
              call,
              EventLoops.current(),
              after.orElseGet(() -> EventId.lastOf(feed.journal().get().through())),
              wanted,
              watcher::close)
          .start();
    } catch (RuntimeException notBegun) {
      watcher.close();
      throw notBegun;
    }
  }

  private Permit watcher() {
    return watchers.take().orElseThrow(EventAdminService::tooMany);
  }

  private static StatusRuntimeException tooMany() {
    return ErrorStatus.of(
        new Refused(
            ErrorCode.TOO_MANY_REQUESTS,
            "Expected at most %d watchers of one node, but there would be more: ask another node"
                .formatted(WATCHERS_MAX)));
  }

  private static StatusRuntimeException invalid(String expected, String found, String field) {
    return ErrorStatus.ofField(
        new Refused(ErrorCode.INVALID_REQUEST, "Expected " + expected + ", but was " + found),
        field);
  }
}
