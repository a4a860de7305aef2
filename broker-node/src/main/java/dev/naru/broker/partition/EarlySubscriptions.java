package dev.naru.broker.partition;

import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.types.LeaderEpoch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Followers that have heard of a leader epoch before this node has. They wait for its image instead
 * of being refused and asking again: until the followers of a new leader stream, nothing that needs
 * them is acknowledged.
 */
final class EarlySubscriptions {

  /** Longer than an image's way to a node that has it last. */
  private static final long WAIT_NANOS_MAX = Duration.ofSeconds(1).toNanos();

  /** More than a partition has replicas. */
  private static final int WAITING_MAX = 100;

  private final Map<SubscriptionId, Early> waiting = new LinkedHashMap<>();

  private record Early(SubscribeRequest request, long sinceNanos) {}

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** False if there are too many. */
  boolean add(SubscriptionId from, SubscribeRequest request, long nowNanos) {
    if (waiting.size() >= WAITING_MAX) {
      return false;
    }
    waiting.put(from, new Early(request, nowNanos));
    return true;
  }

  void forget(SubscriptionId subscription) {
    waiting.remove(subscription);
  }

  /** Hands over those that wait for this leader epoch or an earlier one. */
  void takeUpTo(LeaderEpoch epoch, BiConsumer<SubscriptionId, SubscribeRequest> to) {
    take(early -> !epoch.isBefore(early.request.leaderEpoch()), to);
  }

  /** Hands over those that have waited for too long. */
  void takeLate(long nowNanos, BiConsumer<SubscriptionId, SubscribeRequest> to) {
    take(early -> nowNanos - early.sinceNanos >= WAIT_NANOS_MAX, to);
  }

  void takeAll(BiConsumer<SubscriptionId, SubscribeRequest> to) {
    take(_ -> true, to);
  }

  /** One by one: when one hand-over fails, the others still wait to be refused. */
  private void take(Predicate<Early> which, BiConsumer<SubscriptionId, SubscribeRequest> to) {
    for (var from : List.copyOf(waiting.keySet())) {
      var early = waiting.get(from);
      if (early != null && which.test(early)) {
        waiting.remove(from);
        to.accept(from, early.request);
      }
    }
  }
}
