package dev.naru.broker.rpc;

import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.proto.admin.v1.WatchEventsResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/**
 * One watcher. Owned by the event loop of its connection. It holds a position and no events: what a
 * slow reader has not taken stays in the journal, and is gone from there when it is too slow.
 */
final class EventWatch {

  /** Events of one message: a millisecond of an event loop, which has other calls to serve. */
  private static final int EVENTS_MAX = 64;

  /**
   * How far the log may go on without an event that is wanted before the watcher is told so: one
   * that has to go on elsewhere must not be sent back by more than the journal remembers.
   */
  private static final long SILENT_ENTRIES_MAX = 500;

  private final EventFeed feed;
  private final ServerCallStreamObserver<WatchEventsResponse> call;
  private final Executor eventLoop;
  private final Predicate<ClusterEvent> wanted;
  private final Runnable ended;

  private EventId position;
  private long toldIndex = -1;
  private boolean isClosed;
  private CompletableFuture<?> news = CompletableFuture.completedFuture(true);

  EventWatch(
      EventFeed feed,
      ServerCallStreamObserver<WatchEventsResponse> call,
      Executor eventLoop,
      EventId after,
      Predicate<ClusterEvent> wanted,
      Runnable ended) {
    this.feed = feed;
    this.call = call;
    this.eventLoop = eventLoop;
    this.position = after;
    this.wanted = wanted;
    this.ended = ended;
  }

  /** Called once. */
  void start() {
    call.setOnReadyHandler(this::look);
    call.setOnCancelHandler(this::close);
    look();
  }

  private void look() {
    try {
      while (!isClosed && call.isReady()) {
        var journal = feed.journal().get();
        EventFeed.checkKnown(journal, position);
        var page = journal.after(position, wanted, EVENTS_MAX);
        position = page.position();
        tell(page);
        if (page.isLast()) {
          awaitMoreThan(journal);
          return;
        }
      }
    } catch (StatusRuntimeException gap) {
      call.onError(gap);
      close();
    }
  }

  private void tell(Journal.Page page) {
    boolean isSilentForLong = toldIndex < 0 || position.index() - toldIndex >= SILENT_ENTRIES_MAX;
    if (!page.events().isEmpty() || isSilentForLong) {
      toldIndex = position.index();
      var message = WatchEventsResponse.newBuilder().setPosition(position.name());
      page.events().forEach(event -> message.addEvents(EventCodec.event(event)));
      call.onNext(message.build());
    }
  }

  /** Once for each state of the journal, whoever else makes it look meanwhile. */
  private void awaitMoreThan(Journal journal) {
    news.cancel(false);
    news = feed.beyond(journal);
    var _ = news.thenRun(this::lookLater);
  }

  /** From the thread that applies. */
  private void lookLater() {
    try {
      eventLoop.execute(this::look);
    } catch (RejectedExecutionException e) {
      // The event loops are gone, and with them the connection.
    }
  }

  private void close() {
    if (!isClosed) {
      isClosed = true;
      news.cancel(false);
      ended.run();
    }
  }
}
