package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.log.Applied;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FellowReplicasTest {

  private final List<NodeId> kept = new ArrayList<>();
  private final FellowReplicas fellows = new FellowReplicas(new NodeId(1), kept::add);
  private ClusterImage image = ClusterImage.empty("cluster");

  @Test
  void keepsAStreamToAllThatMayLeadWhatIsHere() {
    become(LedCluster.of(3, 3, 3));

    assertThat(kept).containsExactlyInAnyOrder(new NodeId(2), new NodeId(3));
  }

  @Test
  void needsNoneToNodesThatHaveNothingInCommonWithIt() {
    become(LedCluster.of(3, 3, 1));

    assertThat(kept).isEmpty();
  }

  @Test
  void opensItAgainToAProcessThatHasComeInPlaceOfAnother() {
    become(LedCluster.of(3, 3, 3));
    kept.clear();

    become(image.withNode(LedCluster.node(2, NodeState.STARTING)));

    assertThat(kept).containsExactly(new NodeId(2));
  }

  private void become(ClusterImage next) {
    fellows.imageChanged(ImageDelta.between(image, next), new Applied(1, next));
    image = next;
  }
}
