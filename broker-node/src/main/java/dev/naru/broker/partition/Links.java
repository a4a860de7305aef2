package dev.naru.broker.partition;

import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.types.NodeId;

/**
 * The streams between nodes. Sending never blocks and never fails: what cannot be delivered ends
 * the subscription, which comes back as {@link PartitionInput.LeaderLost} or {@link
 * PartitionInput.FollowerLost}. Messages of one subscription arrive in the order in which they were
 * sent.
 *
 * <p>A stream queues no more than the credit of its subscriptions, so it needs no limit of its own.
 */
public interface Links {

  /** A number for a new subscription; no number is given twice while the process lives. */
  long nextSubscription();

  /**
   * Sends to the node that leads the partition. A {@link ToLeader.ProgressReport} that is not yet
   * sent may be replaced by a newer one of the same subscription.
   */
  void toLeader(NodeId leader, ToLeader message);

  /**
   * Sends to a follower on the stream that brought its subscription. A {@link
   * ToFollower.WatermarkFrame} that is not yet sent may be replaced by a newer one of the same
   * subscription. Batches that are not yet sent are retained until they are.
   */
  void toFollower(SubscriptionId subscription, ToFollower message);
}
