package dev.naru.broker.peer;

import dev.naru.broker.replica.SubscriptionId;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of followers that stand, and which of them carries which subscription. For any
 * thread.
 */
public final class FollowerLinks {

  private final ConcurrentHashMap<SubscriptionId, FollowerLink> bySubscription =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<NodeId, FollowerLink> byFollower = new ConcurrentHashMap<>();

  /** The stream that carries the subscription, while both stand. */
  Optional<FollowerLink> of(SubscriptionId subscription) {
    return Optional.ofNullable(bySubscription.get(subscription));
  }

  /** A follower has opened a stream: an earlier one of it is over. */
  void opened(FollowerLink link) {
    var earlier = byFollower.put(link.follower(), link);
    if (earlier != null) {
      earlier.end(
          new Refused(
              ErrorCode.UNKNOWN_NODE_EPOCH,
              "Expected one stream of node " + link.follower() + ", but it opened another"));
    }
  }

  void live(SubscriptionId subscription, FollowerLink link) {
    bySubscription.put(subscription, link);
  }

  void over(SubscriptionId subscription) {
    bySubscription.remove(subscription);
  }

  void gone(FollowerLink link) {
    byFollower.remove(link.follower(), link);
  }
}
