package dev.naru.broker.upkeep;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.FollowerLag;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Shows how far each follower is behind the leaders on this node, in the partition where it is
 * worst. A follower that has caught up shows 0. Owned by the thread of chores.
 */
public final class ReplicaLagWatch {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final LongFunction<Stream<FollowerLag>> lags;
  private final Supplier<Set<NodeId>> nodes;
  private final LabelledGauges records;
  private final LabelledGauges seconds;

  /** The worst of each follower that was ever behind since this node started, and is a node yet. */
  private final TreeMap<NodeId, FollowerLag> worst = new TreeMap<>();

  /**
   * Shows these, which it asks for by the time.
   *
   * @param nodes those of the cluster: whoever was removed has no lag any more
   */
  ReplicaLagWatch(
      LongFunction<Stream<FollowerLag>> lags, Supplier<Set<NodeId>> nodes, NodeMeters meters) {
    this.lags = lags;
    this.nodes = nodes;
    records = meters.gauges(BrokerMetric.REPLICA_LAG_RECORDS);
    seconds = meters.gauges(BrokerMetric.REPLICA_LAG_SECONDS);
  }

  /** Shows those of the partitions in these places. */
  public static ReplicaLagWatch of(
      Supplier<Collection<PartitionSeat>> seats, Supplier<ClusterImage> image, NodeMeters meters) {
    return new ReplicaLagWatch(
        nowNanos -> seats.get().stream().flatMap(seat -> seat.lags(nowNanos).stream()),
        () -> image.get().nodes().keySet(),
        meters);
  }

  /** Begins to look. */
  public void start(NodeRuntime runtime) {
    runtime.repeat(
        INTERVAL, "The look at followers", () -> look(runtime.clocks().nanos().getAsLong()));
  }

  void look(long nowNanos) {
    worst.replaceAll((follower, lag) -> new FollowerLag(follower, 0, 0));
    lags.apply(nowNanos).forEach(lag -> worst.merge(lag.follower(), lag, ReplicaLagWatch::worse));
    worst.keySet().retainAll(nodes.get());
    var recordsNow = new HashMap<Tags, Long>();
    var secondsNow = new HashMap<Tags, Double>();
    worst.forEach((follower, lag) -> {
      var tags = Tags.of("follower", follower.toString());
      recordsNow.put(tags, lag.records());
      secondsNow.put(tags, lag.nanos() / (double) TimeUnit.SECONDS.toNanos(1));
    });
    records.show(recordsNow);
    seconds.show(secondsNow);
  }

  private static FollowerLag worse(FollowerLag one, FollowerLag other) {
    return new FollowerLag(
        one.follower(),
        Math.max(one.records(), other.records()),
        Math.max(one.nanos(), other.nanos()));
  }
}
