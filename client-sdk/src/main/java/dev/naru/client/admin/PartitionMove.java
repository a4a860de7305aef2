package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.List;

/**
 * A partition on its way to other nodes.
 *
 * @param from the nodes of its replicas before, the preferred leader first
 * @param to those that are to have one, as many
 * @param isr in-sync replicas, in order of their ids
 */
public record PartitionMove(
    TopicPartition partition, List<Integer> from, List<Integer> to, List<Integer> isr) {

  /** Keeps its own copies. */
  public PartitionMove {
    from = List.copyOf(from);
    to = List.copyOf(to);
    isr = List.copyOf(isr);
  }
}
