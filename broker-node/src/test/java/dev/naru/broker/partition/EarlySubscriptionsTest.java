package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.replica.Assignments;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EarlySubscriptionsTest {

  private final EarlySubscriptions early = new EarlySubscriptions();
  private final List<SubscriptionId> handedOver = new ArrayList<>();

  @Test
  void handsOverThoseOfTheEpochThatHasCome() {
    add(2, 6);
    add(3, 7);

    early.takeUpTo(new LeaderEpoch(6), (from, _) -> handedOver.add(from));

    assertThat(handedOver).containsExactly(follower(2));
    assertThat(early.isEmpty()).isFalse();
  }

  @Test
  void keepsTheOthersWhenOneCannotBeHandedOver() {
    add(2, 6);
    add(3, 6);

    assertThatThrownBy(() ->
            early.takeAll((_, _) -> {
              throw new IllegalStateException("the disk has failed");
            }))
        .hasMessage("the disk has failed");
    early.takeAll((from, _) -> handedOver.add(from));

    assertThat(handedOver).containsExactly(follower(3));
  }

  @Test
  void hasLimits() {
    for (int number = 0; number < 100; number++) {
      assertThat(early.add(subscription(2, number), request(6), 0)).isTrue();
    }

    assertThat(early.add(subscription(2, 100), request(6), 0)).isFalse();
  }

  private void add(int node, int leaderEpoch) {
    assertThat(early.add(follower(node), request(leaderEpoch), 0)).isTrue();
  }

  private static SubscriptionId follower(int node) {
    return subscription(node, 1);
  }

  private static SubscriptionId subscription(int node, long number) {
    return new SubscriptionId(Assignments.node(node), new NodeEpoch(10L * node), number);
  }

  private static SubscribeRequest request(int leaderEpoch) {
    return new SubscribeRequest(
        1,
        Assignments.PARTITION,
        new LeaderEpoch(leaderEpoch),
        new PartitionEpoch(40),
        new LogTail(0, 0, 0, Optional.empty(), OptionalInt.empty()),
        1_000);
  }
}
