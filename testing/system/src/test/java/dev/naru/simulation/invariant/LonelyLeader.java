package dev.naru.simulation.invariant;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Set;
import org.pcollections.TreePSet;

/**
 * I33: a node that is cut off from all other replicas, while these are well, is not left alone in
 * the ISRs of three partitions or more if they are 80 % of those it led.
 */
public final class LonelyLeader implements Invariant {

  private static final int PARTITIONS_MIN = 3;

  @Override
  public void decided(Scene scene, PartitionId partition) {
    scene.ledWhenCutOff().forEach((node, led) -> check(scene, partition, node, led));
  }

  private void check(Scene scene, PartitionId partition, NodeId node, Set<PartitionId> led) {
    long lonely =
        led.stream()
            .flatMap(id -> scene.entry(id).stream())
            .filter(entry -> entry.isr().equals(TreePSet.singleton(node)))
            .count();
    if (lonely >= PARTITIONS_MIN && lonely * 100 >= led.size() * 80L) {
      throw violated(
          partition,
          "node %s alone is cut off, and alone in the ISRs of %d of the %d partitions it led",
          node,
          lonely,
          led.size());
    }
  }
}
