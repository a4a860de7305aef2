package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.ClusterEventCode;
import dev.naru.metadata.chronicle.EventCause;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.EventSubject.OfPartition;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.proto.admin.v1.Event;
import dev.naru.proto.admin.v1.WatchEventsResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A watcher that comes late is told of what it missed in messages of a bearable size. */
class EventWatchTest {

  /** What an event loop may do before it looks at other calls. */
  private static final int BEARABLE = 64;

  private final Journal journal = Journal.EMPTY.with(4, events(4, 200));
  private final EventFeed feed = new EventFeed(() -> journal, _ -> new CompletableFuture<>());
  private final Call call = new Call();
  private final EventWatch watch =
      new EventWatch(feed, call, Runnable::run, EventId.NONE, _ -> true, () -> {});

  @Test
  void tellsAllInSmallMessages() {
    watch.start();

    assertThat(call.messages)
        .allSatisfy(message -> assertThat(message.getEventsCount()).isLessThanOrEqualTo(BEARABLE));
    assertThat(call.messages)
        .flatExtracting(WatchEventsResponse::getEventsList)
        .extracting(Event::getName)
        .containsExactlyElementsOf(
            IntStream.range(0, 200).mapToObj(ordinal -> "events/4." + ordinal).toList());
  }

  /** The transport says after each message whether it takes another one. */
  @Test
  void goesOnWhereItWasWhenThereIsRoomAgain() {
    call.room = 1;
    watch.start();
    assertThat(call.messages).hasSize(1);

    call.room = 2;
    call.onReady.run();

    assertThat(call.messages).hasSize(3);
    assertThat(call.messages.getLast().getEvents(0).getOrdinal()).isEqualTo(2 * BEARABLE);
  }

  private static List<ClusterEvent> events(long index, int count) {
    return IntStream.range(0, count)
        .mapToObj(ordinal ->
            new ClusterEvent(
                new EventId(index, ordinal),
                1_000,
                ClusterEventCode.LEADER_LOST,
                new OfPartition("orders", 2),
                EventCause.NODE_FENCED,
                "",
                List.of()))
        .toList();
  }

  /** Has room for so many messages. */
  private static final class Call extends ServerCallStreamObserver<WatchEventsResponse> {

    final List<WatchEventsResponse> messages = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    Runnable onReady = () -> {};

    @Override
    public void onNext(WatchEventsResponse message) {
      room--;
      messages.add(message);
    }

    @Override
    public boolean isReady() {
      return room > 0;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onCompleted() {
      throw new AssertionError("Expected to go on");
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
