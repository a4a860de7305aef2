package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.log.Applied;
import dev.naru.types.NodeId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SuspicionNoticesTest {

  private static final String STORMS = "naru_events_total{code=\"ISR_SHRINK_STORM\",node=\"7\"} ";
  private static final String SUSPECTED = "naru_nodes_suspected{node=\"7\",suspect=\"2\"} ";

  private final NodeMeters meters = NodeMeters.create(new NodeId(7));
  private final SuspicionNotices notices = new SuspicionNotices(meters);
  private ClusterImage image = ClusterImage.empty("cluster");

  @Test
  @Tag("S52")
  void namesTheSuspectForAsLongAsItIsOne() {
    become(LedCluster.of(3, 3, 3));
    assertThat(meters.page()).contains(STORMS + "0.0").contains(SUSPECTED + "0.0");

    become(image.withNode(LedCluster.node(2, NodeState.SUSPECTED)));
    assertThat(meters.page()).contains(STORMS + "1.0").contains(SUSPECTED + "1.0");

    become(image.withNode(LedCluster.node(2, NodeState.ACTIVE)));
    assertThat(meters.page()).contains(STORMS + "1.0").contains(SUSPECTED + "0.0");
  }

  private void become(ClusterImage next) {
    notices.imageChanged(ImageDelta.between(image, next), new Applied(1, next));
    image = next;
  }
}
