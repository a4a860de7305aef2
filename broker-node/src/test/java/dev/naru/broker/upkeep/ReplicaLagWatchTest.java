package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.FollowerLag;
import dev.naru.types.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaLagWatchTest {

  private static final NodeId SLOW = new NodeId(2);
  private static final NodeId QUICK = new NodeId(3);

  private final NodeMeters meters = NodeMeters.create(new NodeId(1));
  private List<FollowerLag> lags = List.of();
  private Set<NodeId> nodes = Set.of(SLOW, QUICK);
  private final ReplicaLagWatch watch =
      new ReplicaLagWatch(nowNanos -> lags.stream(), () -> nodes, meters);

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void showsOfEachFollowerThePartitionWhereItIsWorst() {
    lags = List.of(lag(SLOW, 10, 4), lag(QUICK, 1, 0), lag(SLOW, 70, 2));

    watch.look(0);

    assertThat(page())
        .contains("naru_replica_lag_records{follower=\"2\",node=\"1\"} 70.0")
        .contains("naru_replica_lag_seconds{follower=\"2\",node=\"1\"} 4.0")
        .contains("naru_replica_lag_records{follower=\"3\",node=\"1\"} 1.0");
  }

  @Test
  void showsNothingBehindOnceItHasCaughtUp() {
    lags = List.of(lag(SLOW, 10, 4));
    watch.look(0);

    lags = List.of();
    watch.look(0);

    assertThat(page())
        .contains("naru_replica_lag_records{follower=\"2\",node=\"1\"} 0.0")
        .contains("naru_replica_lag_seconds{follower=\"2\",node=\"1\"} 0.0");
  }

  @Test
  void showsNothingOfANodeThatWasRemoved() {
    lags = List.of(lag(SLOW, 10, 4), lag(QUICK, 1, 0));
    watch.look(0);

    nodes = Set.of(QUICK);
    watch.look(0); // a leader may not have heard of it yet

    assertThat(page())
        .noneMatch(line -> line.contains("follower=\"2\""))
        .contains("naru_replica_lag_records{follower=\"3\",node=\"1\"} 1.0");
  }

  private static FollowerLag lag(NodeId follower, long records, long seconds) {
    return new FollowerLag(follower, records, Duration.ofSeconds(seconds).toNanos());
  }

  private List<String> page() {
    return meters.page().lines().toList();
  }
}
