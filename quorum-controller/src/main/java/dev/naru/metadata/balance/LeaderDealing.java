package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Deals out the first places of partitions that move anyway, so that who gets replicas leads some
 * of them too. The others keep theirs.
 */
final class LeaderDealing {

  /** Who comes first elsewhere: nothing is done about it here, but it counts. */
  private final List<NodeId> settled = new ArrayList<>();

  private final List<Movable> dealt = new ArrayList<>();

  private LeaderDealing(Ground ground, SortedMap<PartitionId, Movable> moving) {
    ground
        .image()
        .partitionIds()
        .forEach(id -> {
          var partition = Optional.ofNullable(moving.get(id));
          var first = partition.map(Movable::planned).orElseGet(() -> ground.goal(id)).getFirst();
          if (partition.isPresent() && ground.members().containsKey(first)) {
            dealt.add(partition.get());
          } else {
            settled.add(first);
          }
        });
  }

  /** Reorders the planned replicas of these. */
  static void deal(Ground ground, SortedMap<PartitionId, Movable> moving, Effort effort) {
    var dealing = new LeaderDealing(ground, moving);
    dealing.deal(new LeaderChains(ground.members().keySet(), dealing.settled, effort));
  }

  private void deal(LeaderChains chains) {
    dealt.forEach(partition -> chains.add(partition.planned().getFirst(), partition.planned()));
    while (chains.improve()) {
      // Each narrows the gap of two nodes, so that it ends.
    }
    for (int number = 0; number < dealt.size(); number++) {
      dealt.get(number).lead(chains.leader(number));
    }
  }
}
