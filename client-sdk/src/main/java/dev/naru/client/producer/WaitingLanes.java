package dev.naru.client.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lanes that wait for what is no one link's to give, by what they wait for. Owned by the loop. */
final class WaitingLanes {

  private final Map<Cause, Set<Lane>> lanes = new EnumMap<>(Cause.class);

  WaitingLanes() {
    for (var cause : Cause.values()) {
      lanes.put(cause, new LinkedHashSet<>());
    }
  }

  void add(Lane lane, Cause cause) {
    waitingFor(cause).add(lane);
  }

  /** Those that wait for this; they wait no longer. */
  List<Lane> take(Cause cause) {
    var waiting = waitingFor(cause);
    if (waiting.isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<>(waiting);
    waiting.clear();
    return all;
  }

  void forget(Collection<Lane> gone) {
    lanes.values().forEach(waiting -> waiting.removeAll(gone));
  }

  private Set<Lane> waitingFor(Cause cause) {
    var waiting = lanes.get(cause);
    if (waiting == null) {
      throw new IllegalArgumentException("Expected a known cause, but was " + cause);
    }
    return waiting;
  }

  /** What a lane waits for. */
  enum Cause {
    /** A leader: none is known until the view changes. */
    NO_LEADER,
    /** Callbacks, which are behind. */
    CALLBACKS,
    /** An id of the producer, without which its batches have no numbers. */
    NO_PRODUCER_ID,
    /** Its batch to be full, or no node to have more than enough to do. */
    FILLING
  }
}
