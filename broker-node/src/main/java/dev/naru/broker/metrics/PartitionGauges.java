package dev.naru.broker.metrics;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Tags;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** Counts this node's partitions as the image has them, when the page is made. */
public final class PartitionGauges {

  private final NodeId self;
  private final Supplier<ClusterImage> image;

  private PartitionGauges(NodeId self, Supplier<ClusterImage> image) {
    this.self = self;
    this.image = image;
  }

  /** Registers the gauges. */
  public static void bind(NodeMeters meters, NodeId self, Supplier<ClusterImage> image) {
    var gauges = new PartitionGauges(self, image);
    gauges.bind(meters, BrokerMetric.PARTITIONS_LEADERS, gauges::isLedHere);
    gauges.bind(
        meters,
        BrokerMetric.PARTITIONS_OFFLINE,
        (topic, partition) -> partition.replicaOn(self).isPresent() && !partition.hasLeader());
    gauges.bind(
        meters,
        BrokerMetric.PARTITIONS_UNDER_MIN_ISR,
        (topic, partition) ->
            gauges.isLedHere(topic, partition)
                && partition.isr().size() < topic.settings().minInsync());
    gauges.bind(
        meters,
        BrokerMetric.PARTITIONS_UNDER_REPLICATED,
        (topic, partition) ->
            gauges.isLedHere(topic, partition) && partition.isr().size() < partition.copies());
  }

  private void bind(
      NodeMeters meters, BrokerMetric metric, BiPredicate<TopicImage, PartitionImage> which) {
    meters.gauge(metric, Tags.empty(), () -> count(which));
  }

  private double count(BiPredicate<TopicImage, PartitionImage> which) {
    return image.get().topics().values().stream()
        .mapToLong(topic ->
            topic.partitions().stream().filter(partition -> which.test(topic, partition)).count())
        .sum();
  }

  private boolean isLedHere(TopicImage topic, PartitionImage partition) {
    return partition.isLedBy(self);
  }
}
