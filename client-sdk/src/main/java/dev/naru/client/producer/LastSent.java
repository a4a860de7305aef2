package dev.naru.client.producer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which partition of a topic one producer has sent a batch to last: while that is unanswered, the
 * next one had better grow, whichever partition it is for. One for all lanes of the topic; owned by
 * the loop.
 */
final class LastSent {

  private @Nullable Lane lane;
  private final Set<Lane> followers = new LinkedHashSet<>(); // hardly more than one

  void by(Lane sending) {
    lane = sending;
  }

  /** Whether that partition has yet to answer. */
  boolean isUnanswered() {
    return lane != null && !lane.inFlight().isEmpty();
  }

  /** This one's batch grows meanwhile. */
  void addFollower(Lane growing) {
    followers.add(growing);
  }

  /** Those whose batches have grown until the answer came; none while it has not. */
  List<Lane> takeFollowers() {
    if (followers.isEmpty() || isUnanswered()) {
      return List.of();
    }
    var all = new ArrayList<>(followers);
    followers.clear();
    return all;
  }
}
