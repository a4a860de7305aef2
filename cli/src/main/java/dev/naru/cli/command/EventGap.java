package dev.naru.cli.command;

import dev.naru.client.NaruException;
import dev.naru.client.admin.EventListing;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Whether events that were asked for may have been forgotten by the node that answered. */
final class EventGap {

  private EventGap() {}

  /**
   * Up to which event nothing is known, if that matters: fewer came than were wanted, and what is
   * known does not begin before the time from which on they were.
   *
   * @param wanted how many at most
   * @param after the oldest that are known after an event, whatever they tell
   */
  static Optional<String> in(
      EventListing listing,
      int wanted,
      Optional<Instant> since,
      Function<String, EventListing> after) {
    return listing
        .knownAfter()
        .filter(_ -> listing.events().size() < wanted)
        .filter(floor -> since.filter(from -> isKnownBefore(from, floor, after)).isEmpty());
  }

  private static boolean isKnownBefore(
      Instant from, String floor, Function<String, EventListing> after) {
    try {
      return after.apply(floor).events().stream()
          .findFirst()
          .filter(oldest -> oldest.time().isBefore(from))
          .isPresent();
    } catch (CompletionException | NaruException e) {
      return false; // another node answered, which knows less
    }
  }
}
