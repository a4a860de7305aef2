package dev.naru.broker.peer;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Has streams kept open to all nodes with replicas of what is here. Each of them may lead it next,
 * and until its followers have a stream to it nothing is acknowledged; on a young process it takes
 * 40 to 120 ms to open one.
 *
 * <p>Called on the thread {@code image}.
 */
public final class FellowReplicas implements ImageSubscriber {

  private final NodeId self;
  private final Consumer<NodeId> keepOpen;
  private final Set<NodeId> fellows = new HashSet<>();

  /**
   * Those of this node.
   *
   * @param keepOpen told of each once, and again when another process of it has registered
   */
  public FellowReplicas(NodeId self, Consumer<NodeId> keepOpen) {
    this.self = self;
    this.keepOpen = keepOpen;
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    delta.nodes().stream().filter(fellows::contains).forEach(keepOpen);
    met(delta.partitions(), delta.after());
  }

  private void met(Collection<PartitionId> partitions, ClusterImage image) {
    for (var id : partitions) {
      image.partition(id).filter(entry -> entry.replicaOn(self).isPresent()).ifPresent(this::met);
    }
  }

  private void met(PartitionImage here) {
    for (var replica : here.replicas()) {
      if (!replica.node().equals(self) && fellows.add(replica.node())) {
        keepOpen.accept(replica.node());
      }
    }
  }
}
