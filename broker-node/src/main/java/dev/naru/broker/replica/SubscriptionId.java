package dev.naru.broker.replica;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * Names a follower's subscription at the leader. A process never uses a number twice and its node
 * epoch changes with each start, so no two subscriptions of a cluster's life share a name.
 */
public record SubscriptionId(NodeId follower, NodeEpoch followerEpoch, long number) {

  @Override
  public String toString() {
    return number + " of node " + follower + " (epoch " + followerEpoch + ")";
  }
}
