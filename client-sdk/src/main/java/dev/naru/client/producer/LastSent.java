package dev.naru.client.producer;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which partition of a topic one producer has sent a batch to last: while that is unanswered, the
 * next one had better grow, whichever partition it is for. Owned by the loop.
 */
final class LastSent {

  private @Nullable Lane lane;

  void by(Lane sending) {
    lane = sending;
  }

  /** The lane that waits for its answer; empty if nothing does. */
  Optional<Lane> unanswered() {
    return Optional.ofNullable(lane).filter(last -> !last.inFlight().isEmpty());
  }
}
