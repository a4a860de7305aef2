package dev.naru.broker.replica;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.machine.ShrinkStorm;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * What a node makes of its own leaders that want to be alone in an ISR (step 14). Each of them sees
 * one partition, and takes its followers for slow. All of them together may show that it is this
 * node that cannot reach anybody. So such proposals wait a moment for each other; if the node is
 * then to blame by the rule that the controller goes by, it says so instead of sending them.
 *
 * <p>What it has only just come to lead says nothing yet: nobody can be late there, nor has anybody
 * shown that he hears it. Where that could turn the scale, the verdict waits for it, as long as a
 * follower may be late at most. Or else a node that is cut off would be left alone in what it had
 * led before, only because more was handed to it meanwhile.
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

  /** More than the allowed lag: for a step of samples, a tick, and until a new leader begins. */
  private static final int ROUNDS_BESIDES = 2;

  private final int roundsMax;
  private final Set<AlterPartition> gathered = new LinkedHashSet<>();
  private int rounds;

  /** Of the newest image that was asked, which is the same for thousands of proposals in a row. */
  private Optional<ClusterImage> asked = Optional.empty();

  private boolean couldBlame;

  /** What becomes of the proposals that waited. */
  public sealed interface Verdict {

    /** They are sent: whoever they leave out is at fault. */
    record Followers(List<AlterPartition> proposals) implements Verdict {}

    /** This command goes in their place; those that it does not settle are sent after it. */
    record Self(SuspectNode command, List<AlterPartition> proposals) implements Verdict {}

    /** They wait once more for as long as they did, and are judged then. */
    record Undecided() implements Verdict {}
  }

  /**
   * Nothing waits yet.
   *
   * @param lagMax {@code replica.lag.time.max.ms}: what is led for longer has shown who hears it
   */
  public SelfSuspicion(Duration lagMax) {
    roundsMax = ROUNDS_BESIDES + Math.toIntExact(Math.ceilDiv(lagMax.toNanos(), GATHER_NANOS));
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

  /**
   * The time is over. None waits any more, unless the verdict is {@link Verdict.Undecided}. To be
   * asked only while some do.
   *
   * @param isFollowed whether the partition is led here in this epoch, and all that may lead it
   *     next have reported
   */
  public Verdict judge(ClusterImage image, BiPredicate<PartitionId, LeaderEpoch> isFollowed) {
    var proposals = List.copyOf(gathered);
    var self = proposals.getFirst().leader();
    var alone = new TreeSet<PartitionId>();
    for (var proposal : proposals) {
      if (isOpen(image, proposal)) {
        alone.add(proposal.partition());
      }
    }
    boolean isTrusted = isTrusted(image, self);
    boolean isToBlame = isTrusted && ShrinkStorm.blames(image, self.node(), alone);
    if (isTrusted
        && !isToBlame
        && rounds < roundsMax
        && couldTurn(image, self.node(), alone, isFollowed)) {
      rounds++;
      return new Verdict.Undecided();
    }
    gathered.clear();
    rounds = 0;
    return isToBlame
        ? new Verdict.Self(
            new SuspectNode(
                self.node(),
                self.epoch(),
                alone.stream().limit(MetadataCommand.ENTRIES_MAX).toList()),
            proposals)
        : new Verdict.Followers(proposals);
  }

  /** Whether it would be to blame if it were to be alone also where nobody has followed it yet. */
  private static boolean couldTurn(
      ClusterImage image,
      NodeId self,
      Set<PartitionId> alone,
      BiPredicate<PartitionId, LeaderEpoch> isFollowed) {
    if (alone.isEmpty()) {
      return false;
    }
    var all = new TreeSet<>(alone);
    image
        .partitionIds()
        .forEach(id ->
            image
                .partition(id)
                .filter(entry -> entry.isLedBy(self) && entry.isr().size() > 1)
                .filter(entry -> !isFollowed.test(id, entry.leaderEpoch()))
                .ifPresent(_ -> all.add(id)));
    return all.size() > alone.size() && ShrinkStorm.blames(image, self, all);
  }

  /** Whether the entry is still the one that the proposal is about. */
  private static boolean isOpen(ClusterImage image, AlterPartition proposal) {
    return image
        .partition(proposal.partition())
        .filter(entry -> entry.partitionEpoch().equals(proposal.partitionEpoch()))
        .isPresent();
  }
}
