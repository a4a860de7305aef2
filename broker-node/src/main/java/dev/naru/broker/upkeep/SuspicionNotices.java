package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tells of nodes that are suspected of being at fault themselves. Every node tells of every one:
 * whoever is cut off may not be heard.
 */
public final class SuspicionNotices implements ImageSubscriber {

  private static final Logger LOG = LogManager.getLogger(SuspicionNotices.class);

  private final NodeMeters meters;
  private volatile ClusterImage image = ClusterImage.empty("");

  public SuspicionNotices(NodeMeters meters) {
    this.meters = meters;
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    image = delta.after();
    for (var node : delta.nodes()) {
      var before = delta.before().node(node);
      if (before.isEmpty()) {
        meters.gauge(
            BrokerMetric.NODES_SUSPECTED,
            Tags.of("suspect", node.toString()),
            () -> isSuspected(image.node(node)) ? 1 : 0);
      }
      tell(node, isSuspected(before), isSuspected(delta.after().node(node)));
    }
  }

  private void tell(NodeId node, boolean was, boolean is) {
    if (is && !was) {
      meters.count(EventCode.ISR_SHRINK_STORM);
      LOG.error(
          EventCode.ISR_SHRINK_STORM.marker(),
          "Node {} would have been alone in the in-sync replicas of most partitions that it leads, while its followers are in sync with others: others lead from now on. Look at the links and the disk of node {}",
          node,
          node);
    } else if (was && !is) {
      LOG.info("Node {} is suspected no more", node);
    }
  }

  private static boolean isSuspected(Optional<NodeImage> node) {
    return node.filter(NodeImage::isSuspected).isPresent();
  }
}
