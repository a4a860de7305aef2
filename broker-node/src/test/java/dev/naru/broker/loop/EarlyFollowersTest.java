package dev.naru.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToLeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EarlyFollowersTest {

  private final EarlyFollowers early = new EarlyFollowers();

  @Test
  void areKnownInTheOrderInWhichTheyCameAndOnce() {
    early.take(subscribing(3, 1));
    early.take(subscribing(2, 1));

    assertThat(early.takeAll()).containsExactly(subscribing(3, 1), subscribing(2, 1));
    assertThat(early.takeAll()).isEmpty();
  }

  @Test
  void oneThatComesAgainIsKnownByItsNewestSubscription() {
    early.take(subscribing(2, 1));
    early.take(subscribing(2, 2));
    early.take(new FollowerLost(id(2, 1)));

    assertThat(early.takeAll()).containsExactly(subscribing(2, 2));
  }

  @Test
  void oneThatHasGoneIsForgotten() {
    early.take(subscribing(2, 1));
    early.take(subscribing(3, 2));
    early.take(subscribing(4, 3));

    early.take(new FollowerLost(id(2, 1)));
    early.take(new FromFollower(id(3, 2), new ToLeader.Unsubscribe(2)));
    early.take(new FromFollower(id(4, 3), new ToLeader.CreditGrant(3, 1)));

    assertThat(early.takeAll()).containsExactly(subscribing(4, 3));
  }

  @Test
  void areRefusedEachOnceWhenThereWillBeNoAnswer() {
    var refused = new ArrayList<String>();
    early.take(subscribing(2, 1));
    early.take(subscribing(3, 1));
    assertThat(early.waits(id(2, 1), () -> refused.add("2"))).isTrue();
    assertThat(early.waits(id(3, 1), () -> refused.add("3"))).isTrue();
    assertThat(early.waits(id(3, 7), () -> refused.add("another"))).isFalse();

    early.refuseAll();
    early.refuseAll();

    assertThat(refused).containsExactly("2", "3");
    assertThat(early.takeAll()).isEmpty();
  }

  private static FromFollower subscribing(int node, long number) {
    return new FromFollower(
        id(node, number),
        new ToLeader.SubscribeRequest(
            number,
            new PartitionId(TopicId.of(1, 1), 0),
            new LeaderEpoch(1),
            PartitionEpoch.ZERO,
            new LogTail(0, 0, 0, Optional.empty(), OptionalInt.empty()),
            1 << 20));
  }

  private static SubscriptionId id(int node, long number) {
    return new SubscriptionId(new NodeId(node), new NodeEpoch(10L * node), number);
  }
}
