package dev.naru.simulation.invariant;

import dev.naru.metadata.image.NodeImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;

/**
 * I5: every replica that could be elected, in the ISR or the ELR, and that is alive and not fenced,
 * counts up to the greatest high watermark there ever was.
 */
public final class CandidateCompleteness implements Invariant {

  @Override
  public void changed(Scene scene, Replica replica) {
    check(scene, replica.partition());
  }

  @Override
  public void decided(Scene scene, PartitionId partition) {
    check(scene, partition);
  }

  @Override
  public void everything(Scene scene, PartitionId partition) {
    check(scene, partition);
  }

  private void check(Scene scene, PartitionId partition) {
    var entry = scene.entry(partition);
    if (entry.isPresent()) {
      entry.get().isr().forEach(member -> check(scene, partition, member, "ISR"));
      entry.get().elr().keySet().forEach(member -> check(scene, partition, member, "ELR"));
    }
  }

  private void check(Scene scene, PartitionId partition, NodeId member, String where) {
    var registered = scene.image().node(member).filter(node -> !node.isFenced());
    var replica =
        scene
            .replica(partition, member)
            .filter(live ->
                registered.map(NodeImage::epoch).filter(live.self().epoch()::equals).isPresent());
    long highWatermark = scene.truth(partition).highWatermark();
    if (replica.isPresent() && replica.get().countedEnd(scene.flush(partition)) < highWatermark) {
      throw violated(
          partition,
          "committed up to %d, but %s in the %s counts up to %d",
          highWatermark,
          replica.get(),
          where,
          replica.get().countedEnd(scene.flush(partition)));
    }
  }
}
