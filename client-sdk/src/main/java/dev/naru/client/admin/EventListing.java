package dev.naru.client.admin;

import java.util.List;
import java.util.Optional;

/**
 * Events, the oldest first.
 *
 * @param position what to go on after, at any node
 * @param knownAfter the node that answered knows all events after this one, and none of those up to
 *     it; empty: it knows all that there ever were
 */
public record EventListing(
    List<EventDescription> events, String position, Optional<String> knownAfter) {

  /** Keeps its own copy of the events. */
  public EventListing {
    events = List.copyOf(events);
  }
}
