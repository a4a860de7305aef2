package dev.naru.broker.replica;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.machine.ShrinkStorm;
import dev.naru.types.PartitionId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node makes of its own leaders that want to be alone in an ISR (step 14). Each of them sees
 * one partition, and takes its followers for slow. All of them together may show that it is this
 * node that cannot reach anybody. So such proposals wait a moment for each other; if the node is
 * then to blame by the rule that the controller goes by, it says so instead of sending them.
 *
 * <p>Nothing waits where the rule could not apply: in a cluster of two nodes, say, or for a leader
 * of few partitions, or one that is suspected already.
 */
public final class SelfSuspicion {

  /**
   * A cut shows in all partitions within a step of their samples and a tick; and the watermark of
   * each has waited for longer already.
   */
  public static final long GATHER_NANOS = 500_000_000L;

  private final Set<AlterPartition> gathered = new LinkedHashSet<>();

  /** Of the newest image that was asked, which is the same for thousands of proposals in a row. */
  private Optional<ClusterImage> asked = Optional.empty();

  private boolean couldBlame;

  /** What becomes of the proposals that waited. */
  public sealed interface Verdict {

    /** They are sent: whoever they leave out is at fault. */
    record Followers(List<AlterPartition> proposals) implements Verdict {}

    /** This command goes in their place; those that it does not settle are sent after it. */
    record Self(SuspectNode command, List<AlterPartition> proposals) implements Verdict {}
  }

  /** Whether the proposal has to wait; if it is the first one, its time starts now. */
  public boolean holds(AlterPartition proposal, ClusterImage image) {
    boolean mayTell = proposal.leavesLeaderAlone() && (isWaiting() || mayBlame(image, proposal));
    if (mayTell) {
      gathered.add(proposal);
    }
    return mayTell;
  }

  /** Whether time is running for some. */
  public boolean isWaiting() {
    return !gathered.isEmpty();
  }

  @SuppressWarnings("ReferenceEquality") // the same object, or it is looked through once more
  private boolean mayBlame(ClusterImage image, AlterPartition proposal) {
    if (asked.filter(before -> before == image).isEmpty()) {
      asked = Optional.of(image);
      couldBlame =
          isTrusted(image, proposal.leader())
              && ShrinkStorm.couldBlame(image, proposal.leader().node());
    }
    return couldBlame;
  }

  private static boolean isTrusted(ClusterImage image, IsrMember self) {
    return image
        .node(self.node())
        .filter(node -> node.epoch().equals(self.epoch()))
        .map(NodeImage::state)
        .filter(NodeState.ACTIVE::equals)
        .isPresent();
  }

  /** The time is over: none waits any more. To be asked only while some do. */
  public Verdict judge(ClusterImage image) {
    var proposals = List.copyOf(gathered);
    gathered.clear();
    var self = proposals.getFirst().leader();
    var alone = new TreeSet<PartitionId>();
    for (var proposal : proposals) {
      if (isOpen(image, proposal)) {
        alone.add(proposal.partition());
      }
    }
    return isTrusted(image, self) && ShrinkStorm.blames(image, self.node(), alone)
        ? new Verdict.Self(
            new SuspectNode(
                self.node(),
                self.epoch(),
                alone.stream().limit(MetadataCommand.ENTRIES_MAX).toList()),
            proposals)
        : new Verdict.Followers(proposals);
  }

  /** Whether the entry is still the one that the proposal is about. */
  private static boolean isOpen(ClusterImage image, AlterPartition proposal) {
    return image
        .partition(proposal.partition())
        .filter(entry -> entry.partitionEpoch().equals(proposal.partitionEpoch()))
        .isPresent();
  }
}
