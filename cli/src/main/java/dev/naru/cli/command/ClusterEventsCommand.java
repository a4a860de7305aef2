package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.EventText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.records.Timestamps;
import dev.naru.client.admin.EventDescription;
import dev.naru.client.admin.EventFilter;
import dev.naru.client.admin.EventListing;
import dev.naru.client.admin.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru cluster events}. Followed, it ends only when it is told to. */
@Command(
    name = "events",
    description = "What the controller decided, and why: the newest, or those since a time.",
    footer = {
      "",
      "What each code means and what to do about it: docs/EVENTS.md.",
      "",
      "Examples:",
      "  naru cluster events --since -1h --code ISR_SHRUNK --code LEADER_ELECTED",
      "  naru cluster events --follow -o jsonl"
    })
public final class ClusterEventsCommand implements Callable<Integer> {

  private static final int NEWEST_DEFAULT = 50;
  private static final int NEWEST_MAX = 1_000;

  /** Longer saves nothing, and a node that hangs would be noticed later. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /** Between tries while no node answers; each has waited for an answer itself. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  @Option(
      names = "--since",
      paramLabel = "T",
      description = "Only those of this time or later: RFC 3339, or -15m.")
  private Optional<String> since = Optional.empty();

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Only those with this code; may be given several times.")
  private List<String> codes = new ArrayList<>();

  @Option(names = "--follow", description = "Go on with those that happen.")
  private boolean isFollowed;

  @Option(
      names = "-n",
      paramLabel = "N",
      description = "The newest N, at most 1000 (50; with --since all).")
  private Optional<Integer> newest = Optional.empty();

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterEventsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    requireSense();
    var filter = filter();
    try (var naru = invocation.open()) {
      var events = naru.admin().events();
      var listing = first(events, filter);
      print(listing.events());
      noteGap(events, filter, listing);
      if (isFollowed) {
        follow(events, filter, listing.position());
      }
      return ExitStatus.DONE;
    }
  }

  private void requireSense() {
    newest
        .filter(count -> count < 0 || count > NEWEST_MAX)
        .ifPresent(count -> {
          throw CommandFailure.usage("Expected -n of 0 to " + NEWEST_MAX + ", but was " + count);
        });
    boolean isOneDocument =
        invocation.output() == OutputFormat.JSON || invocation.output() == OutputFormat.YAML;
    if (isFollowed && isOneDocument) {
      throw CommandFailure.usage(
          "Expected -o jsonl, name or table with --follow, but was one document that never ends");
    }
  }

  private EventFilter filter() {
    var filter = EventFilter.ALL.withCodes(codes);
    return since.map(text -> filter.since(Timestamps.parse(text, Instant.now()))).orElse(filter);
  }

  private EventListing first(Events events, EventFilter filter) {
    if (since.isPresent() && newest.isEmpty()) {
      return invocation.await(events.list(filter));
    }
    int count = newest.orElse(NEWEST_DEFAULT);
    var listing = invocation.await(events.newest(Math.max(1, count), filter));
    return count > 0 ? listing : new EventListing(List.of(), listing.position(), Optional.empty());
  }

  /** Whoever is shown fewer than were asked for should know that there may have been more. */
  private void noteGap(Events events, EventFilter filter, EventListing listing) {
    boolean isAll = since.isPresent() && newest.isEmpty();
    int wanted = isAll ? Integer.MAX_VALUE : newest.orElse(NEWEST_DEFAULT);
    EventGap.in(
            listing,
            wanted,
            filter.since(),
            floor -> invocation.await(events.after(floor, EventFilter.ALL, Duration.ZERO)))
        .ifPresent(floor ->
            invocation
                .notes()
                .note(
                    "the node that answered knows nothing up to "
                        + floor
                        + "; the topic __events may keep more"));
  }

  private void follow(Events events, EventFilter filter, String from) {
    var wait = shorter(WAIT_MAX, invocation.callLimit().dividedBy(4));
    var source =
        new EventSource(
            position -> invocation.await(events.after(position, filter, wait)),
            () -> invocation.await(events.list(filter)),
            invocation.notes()::note,
            () -> LockSupport.parkNanos(RETRY.toNanos()));
    var position = from;
    while (true) {
      var news = source.next(position);
      print(news.events());
      position = news.position();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void print(List<EventDescription> events) {
    if (events.isEmpty() && isFollowed) {
      invocation.stdout().flush();
      return;
    }
    invocation.print(
        Listing.list(
            "events",
            events,
            EventText::json,
            EventDescription::name,
            EventText::lines,
            EventText::lines));
  }
}
