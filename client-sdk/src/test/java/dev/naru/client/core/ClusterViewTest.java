package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

  private static final TopicId ORDERS = TopicId.of(1, 1);
  private static final HostPort ELSEWHERE = new HostPort("n9", 9410);

  private static ClusterView answer(long index, TopicId id, int leader, int epoch) {
    var topics = new TreeMap<String, TopicView>();
    var partition = new PartitionView(Optional.of(new NodeId(leader)), new LeaderEpoch(epoch));
    topics.put("orders", new TopicView("orders", id, 1 << 20, List.of(partition)));
    var nodes = new TreeMap<NodeId, HostPort>();
    nodes.put(new NodeId(leader), new HostPort("n" + leader, 9410));
    return new ClusterView("c", index, nodes, topics, new TreeMap<>());
  }

  private static int leaderOf(ClusterView view) {
    return view.topic("orders").orElseThrow().partitions().get(0).leader().orElseThrow().value();
  }

  @Test
  void knowsAnAnswerThatIsBehindIt() {
    var view = ClusterView.EMPTY.refreshed(answer(5, ORDERS, 1, 1));

    assertThat(view.isAheadOf(answer(4, ORDERS, 2, 0))).isTrue();
    assertThat(view.isAheadOf(answer(5, ORDERS, 1, 1))).isFalse();
  }

  @Test
  void keepsALaterLeaderThatARefusalNamed() {
    var hint = new LeaderHint(new NodeId(9), new LeaderEpoch(3), ELSEWHERE);
    var view = ClusterView.EMPTY.refreshed(answer(5, ORDERS, 1, 2)).withLeader("orders", 0, hint);

    assertThat(leaderOf(view)).isEqualTo(9);
    assertThat(view.address(new NodeId(9))).contains(ELSEWHERE);
    assertThat(leaderOf(view.refreshed(answer(6, ORDERS, 1, 2)))).isEqualTo(9);
    assertThat(leaderOf(view.refreshed(answer(7, ORDERS, 1, 4)))).isEqualTo(1);
  }

  @Test
  void takesNoOldNewsFromARefusal() {
    var view = ClusterView.EMPTY.refreshed(answer(5, ORDERS, 1, 2));
    var hint = new LeaderHint(new NodeId(9), new LeaderEpoch(2), ELSEWHERE);

    assertThat(view.withLeader("orders", 0, hint)).isEqualTo(view);
    assertThat(view.withLeader("others", 0, hint)).isEqualTo(view);
  }

  @Test
  void forgetsTheEpochsOfATopicThatWasCreatedAgain() {
    var view = ClusterView.EMPTY.refreshed(answer(5, ORDERS, 1, 7));

    var again = view.refreshed(answer(6, TopicId.of(1, 2), 2, 0));

    assertThat(leaderOf(again)).isEqualTo(2);
    assertThat(again.topic("orders", ORDERS)).isEmpty();
  }

  @Test
  void remembersWhyATopicIsMissingUntilItIsThere() {
    var missing = new TreeMap<String, Refused>();
    missing.put("orders", new Refused(ErrorCode.TOPIC_NOT_FOUND, "none"));
    var view =
        ClusterView.EMPTY
            .refreshed(answer(5, ORDERS, 1, 1))
            .refreshed(new ClusterView("c", 6, new TreeMap<>(), new TreeMap<>(), missing));

    assertThat(view.topic("orders")).isEmpty();
    assertThat(view.missing()).containsKey("orders");
    assertThat(view.refreshed(answer(7, ORDERS, 1, 1)).missing()).isEmpty();
  }

  @Test
  void beginsAnewWithAnotherCluster() {
    var view = ClusterView.EMPTY.refreshed(answer(500, ORDERS, 1, 1));
    var other = new ClusterView("other", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    assertThat(view.isAheadOf(other)).isFalse();
    assertThat(view.refreshed(other)).isEqualTo(other);
  }
}
