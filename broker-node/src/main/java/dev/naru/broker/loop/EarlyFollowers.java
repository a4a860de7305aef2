package dev.naru.broker.loop;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToLeader;
import dev.naru.types.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has subscribed to a partition before its log was open. They are answered when it is, or
 * refused once it is known that it will not be: to refuse them at once, and to be asked again every
 * ten milliseconds for each of a thousand new partitions, is more work than to make those. Owned by
 * the loop; no more than the nodes of the cluster.
 */
final class EarlyFollowers {

  /** The newest of each: one that comes again has given up what it asked before. */
  private final Map<NodeId, Waiting> waiting = new LinkedHashMap<>();

  private record Waiting(FromFollower said, Runnable refuse) {}

  /** Notes who subscribes, and forgets who has gone; nothing else matters yet. */
  void take(PartitionInput input) {
    switch (input) {
      case FromFollower said -> take(said);
      case FollowerLost(var subscription) -> forget(subscription);
      default -> {}
    }
  }

  private void take(FromFollower said) {
    switch (said.message()) {
      case ToLeader.SubscribeRequest _ ->
          waiting.put(said.from().follower(), new Waiting(said, Delivery.NOTHING));
      case ToLeader.Unsubscribe _ -> forget(said.from());
      case ToLeader.ProgressReport _, ToLeader.CreditGrant _ -> {}
    }
  }

  private void forget(SubscriptionId gone) {
    waiting.values().removeIf(each -> each.said().from().equals(gone));
  }

  /** Whether this one waits; then this is how it is refused, should that come. */
  boolean waits(SubscriptionId subscription, Runnable refuse) {
    var noted =
        Optional.ofNullable(waiting.get(subscription.follower()))
            .filter(each -> each.said().from().equals(subscription));
    noted.ifPresent(each -> waiting.put(subscription.follower(), new Waiting(each.said(), refuse)));
    return noted.isPresent();
  }

  /** Those who wait, in the order in which they came; none waits any more. */
  List<FromFollower> takeAll() {
    var all = waiting.values().stream().map(Waiting::said).toList();
    waiting.clear();
    return all;
  }

  /** None waits any more. */
  void refuseAll() {
    var all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(each -> each.refuse().run());
  }
}
