package dev.naru.simulation.invariant;

import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.PartitionImage;
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
      long committed = scene.truth(partition).highWatermark();
      var flush = scene.flush(partition);
      for (var replica : scene.replicas(partition)) {
        if (replica.countedEnd(flush) < committed) {
          checkNoCandidate(scene, replica, entry.get(), committed, flush);
        }
      }
    }
  }

  private void checkNoCandidate(
      Scene scene, Replica replica, PartitionImage entry, long committed, Flush flush) {
    var self = replica.self();
    boolean isInIsr = entry.isr().contains(self.id());
    boolean isAlive =
        scene
            .image()
            .node(self.id())
            .filter(node -> !node.isFenced() && node.epoch().equals(self.epoch()))
            .isPresent();
    if (isAlive && (isInIsr || entry.elr().containsKey(self.id()))) {
      throw violated(
          replica.partition(),
          "committed up to %d, but %s in the %s counts up to %d",
          committed,
          replica,
          isInIsr ? "ISR" : "ELR",
          replica.countedEnd(flush));
    }
  }
}
