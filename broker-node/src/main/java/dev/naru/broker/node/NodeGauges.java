package dev.naru.broker.node;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.PartitionGauges;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.log.disk.HostMemory;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;

/** What a node measures of itself and its host as a whole. */
final class NodeGauges {

  private NodeGauges() {}

  static void bind(NodeRuntime runtime, NodeId self, NodeHealth health, MetadataLog log) {
    var meters = runtime.meters();
    PartitionGauges.bind(meters, self, () -> log.applied().image());
    meters.gauge(
        BrokerMetric.METADATA_LAG,
        Tags.empty(),
        () -> health.imageAgeNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    meters.gauge(
        BrokerMetric.WALL_CLOCK,
        Tags.empty(),
        () -> runtime.clocks().wallMillis().getAsLong() / (double) TimeUnit.SECONDS.toMillis(1));
    meters.gauge(BrokerMetric.HOST_MEMORY_AVAILABLE, Tags.empty(), HostMemory::availableBytes);
  }
}
