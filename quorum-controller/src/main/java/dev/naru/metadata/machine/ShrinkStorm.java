package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether a leader that is left alone is itself the cause. One follower that falls behind is at
 * fault by all odds; if a leader loses all followers of nearly everything it leads, and these are
 * in sync with others, then its own links or disk are.
 *
 * <p>Only a third node's word counts for a follower, or against it: whether it is in sync in
 * partitions that neither of the two leads, or others are in sync where it leads itself. Where no
 * third node could tell, being served by the controller has to do. And only losing two followers or
 * more counts: with one, it may as well be that one. So of two nodes none can be blamed, nor a
 * leader whose followers are fenced: it goes on alone. Whoever a move has added, and has yet to be
 * in sync, was never lost, and its lag says nothing of anybody.
 */
public final class ShrinkStorm {

  private static final int PARTITIONS_MIN = 3;
  private static final int PERCENT_MIN = 80;

  private final ClusterImage image;
  private final NodeId leader;

  /** Those of whom a third node could tell. */
  private final Set<NodeId> known = new TreeSet<>();

  /** Those of them that are in sync there. */
  private final Set<NodeId> inSync = new TreeSet<>();

  private final Set<NodeId> lost = new TreeSet<>();
  private int led;
  private int lonely;

  private ShrinkStorm(ClusterImage image, NodeId leader) {
    this.image = image;
    this.leader = leader;
  }

  /**
   * Whether the leader is to blame if it is the only one left in the ISRs of these partitions.
   * Looks at each partition of the cluster.
   *
   * @param alone of those it leads
   */
  public static boolean blames(ClusterImage image, NodeId leader, Set<PartitionId> alone) {
    var storm = new ShrinkStorm(image, leader);
    storm.findWitnesses();
    image
        .partitionIds()
        .forEach(id ->
            image
                .partition(id)
                .ifPresent(entry -> {
                  if (entry.isLedBy(leader)) {
                    storm.count(entry, alone.contains(id));
                  }
                }));
    return storm.lonely >= PARTITIONS_MIN
        && storm.lost.size() >= 2
        && storm.lonely * 100 >= storm.led * PERCENT_MIN;
  }

  /** Whether the leader is to blame if it is left alone in all that it leads. */
  public static boolean couldBlame(ClusterImage image, NodeId leader) {
    var all =
        image
            .partitionIds()
            .filter(id -> image.partition(id).filter(entry -> entry.isLedBy(leader)).isPresent())
            .collect(Collectors.toCollection(TreeSet::new));
    return all.size() >= PARTITIONS_MIN && blames(image, leader, all);
  }

  private void findWitnesses() {
    for (var topic : image.topics().values()) {
      for (var entry : topic.partitions()) {
        entry.leader().filter(this::isTrusted).ifPresent(witness -> hear(witness, entry));
      }
    }
  }

  private void hear(NodeId witness, PartitionImage entry) {
    for (var follower : entry.replicaNodes()) {
      if (!follower.equals(witness) && isOther(follower) && !entry.isUnproven(follower)) {
        known.add(witness);
        known.add(follower);
        if (entry.isr().contains(follower)) {
          inSync.add(witness);
          inSync.add(follower);
        }
      }
    }
  }

  private boolean isOther(NodeId node) {
    return !node.equals(leader) && image.isEligible(node);
  }

  private boolean isTrusted(NodeId node) {
    return isOther(node) && image.node(node).filter(NodeImage::isSuspected).isEmpty();
  }

  private boolean isVouchedFor(NodeId node) {
    return isOther(node) && (inSync.contains(node) || !known.contains(node));
  }

  /**
   * A partition that has nobody to vouch for counts neither way. One in which the leader is alone
   * already counts while those that it dropped have a place in the ELR that says so: what comes by
   * and by is a storm, too. And a follower that it dropped while there was another one is lost to
   * it as well.
   */
  private void count(PartitionImage entry, boolean isToBeAlone) {
    var followers =
        entry.replicaNodes().stream()
            .filter(node -> isVouchedFor(node) && !entry.isUnproven(node))
            .toList();
    if (followers.isEmpty()) {
      return;
    }
    led++;
    boolean isLonely =
        isToBeAlone
            ? followers.stream().anyMatch(entry.isr()::contains)
            : entry.isr().size() == 1
                && followers.stream().anyMatch(node -> entry.elr().get(node) instanceof Unbroken);
    if (isLonely) {
      lonely++;
      lost.addAll(followers);
    }
  }
}
