package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Recovered;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Who leads. Only replicas that are known to hold every committed record stand for election: an ISR
 * member first, in replica order; with an empty ISR a member of the ELR. Of these one whose process
 * never stopped is taken at once. Processes that restarted report how far their logs reach, and the
 * furthest is taken: damage to the last group commit looks like a torn tail, and the longer log is
 * the one without it. To know the furthest, all members must have returned, or those present have
 * waited long enough.
 */
public final class LeaderElection {

  private LeaderElection() {}

  /** Whether the partition has no leader, could have one, and only waits for more ELR members. */
  public static boolean isWaiting(ClusterImage image, PartitionImage partition) {
    return !partition.hasLeader()
        && fromElr(image, partition.replicaNodes(), partition.elr(), true).isPresent();
  }

  /**
   * The leader among the members of an ISR: the present one if it may stay, else the first eligible
   * in replica order. One that is stopping, suspected or drained stays while no other could lead,
   * and of the last two kinds rather one that is drained.
   *
   * @param order all replicas, the preferred leader first
   */
  static Optional<NodeId> fromIsr(
      ClusterImage image,
      List<NodeId> order,
      Optional<NodeId> leader,
      TreePSet<NodeId> isr,
      boolean preferred) {
    var eligible =
        order.stream().filter(node -> isr.contains(node) && image.isEligible(node)).toList();
    var present = leader.filter(isr::contains);
    if (eligible.isEmpty()) {
      return present;
    }
    var trusted = eligible.stream().filter(node -> !isSuspected(image, node)).toList();
    var candidates =
        orElse(trusted.stream().filter(image::isWanted).toList(), orElse(trusted, eligible));
    var first = candidates.getFirst();
    if (preferred && first.equals(order.getFirst())) {
      return Optional.of(first);
    }
    return present.filter(candidates::contains).or(() -> Optional.of(first));
  }

  private static List<NodeId> orElse(List<NodeId> better, List<NodeId> others) {
    return better.isEmpty() ? others : better;
  }

  private static boolean isSuspected(ClusterImage image, NodeId node) {
    return image.node(node).filter(NodeImage::isSuspected).isPresent();
  }

  /** The ELR member that is to lead, and be the ISR, when the ISR is empty. */
  static Optional<NodeId> fromElr(
      ClusterImage image,
      List<NodeId> replicas,
      TreePMap<NodeId, ElrPlace> elr,
      boolean waitIsOver) {
    var unbroken =
        replicas.stream()
            .filter(node -> elr.get(node) instanceof Unbroken && image.isEligible(node))
            .findFirst();
    if (unbroken.isPresent()) {
      return unbroken;
    }
    var recovered = replicas.stream().filter(node -> elr.get(node) instanceof Recovered).toList();
    boolean allReturned = recovered.size() == elr.size();
    var furthest = furthest(recovered, elr);
    if (allReturned && furthest.filter(image::isEligible).isPresent()) {
      return furthest;
    }
    return waitIsOver
        ? furthest(recovered.stream().filter(image::isEligible).toList(), elr)
        : Optional.empty();
  }

  /** The first, in this order, of those whose logs reach furthest. */
  private static Optional<NodeId> furthest(List<NodeId> nodes, TreePMap<NodeId, ElrPlace> elr) {
    Optional<NodeId> best = Optional.empty();
    Optional<Recovered> bestPlace = Optional.empty();
    for (var node : nodes) {
      if (elr.get(node) instanceof Recovered place
          && bestPlace.filter(b -> b.log().compareTo(place.log()) >= 0).isEmpty()) {
        best = Optional.of(node);
        bestPlace = Optional.of(place);
      }
    }
    return best;
  }
}
