package dev.naru.broker.peer;

import dev.naru.broker.partition.Links;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.types.NodeId;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way of partitions to other nodes. What goes to a follower whose stream is gone is dropped:
 * the partition hears of the loss by itself.
 */
public final class ReplicationLinks implements Links {

  private final AtomicLong lastSubscription = new AtomicLong();
  private final FollowerLinks followers;

  /** Set once, before the first partition has a role; read by loops. */
  private volatile @Nullable LeaderLinks leaders;

  /** To these followers. */
  public ReplicationLinks(FollowerLinks followers) {
    this.followers = followers;
  }

  /** And from now on to these leaders. */
  public void route(LeaderLinks leaderLinks) {
    leaders = leaderLinks;
  }

  @Override
  public long nextSubscription() {
    return lastSubscription.incrementAndGet();
  }

  @Override
  public void toLeader(NodeId leader, ToLeader message) {
    var standing = leaders;
    if (standing != null) {
      standing.send(leader, message);
    }
  }

  @Override
  public void toFollower(SubscriptionId subscription, ToFollower message) {
    followers.of(subscription).ifPresent(link -> link.send(message));
  }
}
