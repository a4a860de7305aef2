package dev.naru.client.admin;

import com.google.protobuf.Timestamp;
import dev.naru.client.admin.EventDescription.Level;
import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.Event;
import dev.naru.proto.admin.v1.ListEventsRequest;
import dev.naru.proto.admin.v1.ListEventsResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What the controller decided, and why. Events have the same names at every node, so whoever
 * follows them goes on at another node where one is lost, without a gap and without seeing one
 * twice. A node knows the newest 10,000; the topic {@code __events} keeps more. Any thread may call
 * it; futures are as {@link Admin}'s.
 */
public final class Events {

  private static final int PAGE_SIZE = 1000; // the most that a node returns

  private final Admin admin;
  private final AdminCalls calls;

  Events(Admin admin, AdminCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** All that a node knows and the filter wants. */
  public CompletableFuture<EventListing> list(EventFilter filter) {
    return admin.answer(from("", filter, List.of()), Function.identity());
  }

  private CompletableFuture<EventListing> from(
      String page, EventFilter filter, List<EventDescription> before) {
    return calls
        .listEvents(request(filter).setPageSize(PAGE_SIZE).setPageToken(page).build())
        .thenCompose(answer -> {
          var all = new ArrayList<>(before);
          all.addAll(events(answer));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(listing(all, answer))
              : from(answer.getNextPageToken(), filter, all);
        });
  }

  /** The newest of those that the filter wants, at most so many and at most 1,000. */
  public CompletableFuture<EventListing> newest(int count, EventFilter filter) {
    var request = request(filter).setPageSize(count).setNewestFirst(true).build();
    return admin.answer(
        calls.listEvents(request),
        answer -> {
          var events = new ArrayList<>(events(answer));
          Collections.reverse(events);
          return listing(events, answer);
        });
  }

  /**
   * What came after a position, at most 1,000; empty if nothing comes while it waits. Call it again
   * with the position of the answer to follow. Fails with {@code OFFSET_OUT_OF_RANGE} if the node
   * has forgotten what came next.
   *
   * @param position of a listing, or the name of an event
   * @param wait how long to wait for the first one; at most 30 s, and well below {@code
   *     request.timeout.ms}
   */
  public CompletableFuture<EventListing> after(String position, EventFilter filter, Duration wait) {
    var request =
        request(filter)
            .setPageSize(PAGE_SIZE)
            .setAfter(position)
            .setMaxWaitMs((int) wait.toMillis())
            .build();
    return admin.answer(calls.listEvents(request), answer -> listing(events(answer), answer));
  }

  private static ListEventsRequest.Builder request(EventFilter filter) {
    var request = ListEventsRequest.newBuilder().addAllCodes(filter.codes());
    filter
        .since()
        .ifPresent(time ->
            request.setSince(
                Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano())));
    return request;
  }

  private static EventListing listing(List<EventDescription> events, ListEventsResponse answer) {
    return new EventListing(
        events,
        answer.getPosition(),
        Optional.of(answer.getKnownAfter()).filter(name -> !name.isEmpty()));
  }

  private static List<EventDescription> events(ListEventsResponse answer) {
    return answer.getEventsList().stream().map(Events::event).toList();
  }

  private static EventDescription event(Event event) {
    return new EventDescription(
        event.getName(),
        event.getIndex(),
        event.getOrdinal(),
        Instant.ofEpochSecond(event.getCreateTime().getSeconds(), event.getCreateTime().getNanos()),
        event.getCode(),
        level(event.getLevel()),
        event.getResource(),
        event.getMessage(),
        event.getCause(),
        event.getCauseMessage(),
        Optional.of(event.getPrincipal()).filter(name -> !name.isEmpty()),
        new TreeMap<>(event.getFieldsMap()));
  }

  /** A level of a later release is one that nobody here can rank: its event is still one to see. */
  static Level level(Event.Level level) {
    return switch (level) {
      case LEVEL_INFO, LEVEL_UNSPECIFIED, UNRECOGNIZED -> Level.INFO;
      case LEVEL_WARN -> Level.WARN;
      case LEVEL_ERROR -> Level.ERROR;
    };
  }
}
