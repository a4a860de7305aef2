package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.SelfSuspicion.Verdict;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step 14: a node that would cut off all its followers thinks of itself first. */
class SelfSuspicionTest {

  private static final Duration LAG_MAX = Duration.ofSeconds(6);

  /** Node 1 leads five of them, each followed by nodes 2 and 3. */
  private final ClusterImage image = LedCluster.of(5, 25, 3);

  private final SelfSuspicion suspicion = new SelfSuspicion(LAG_MAX);

  /** What it leads and nobody has followed yet. */
  private final Set<PartitionId> unheardIn = new TreeSet<>();

  @Test
  @Tag("S52")
  void blamesItselfInsteadOfSendingAny() {
    var proposals = alone(image).subList(0, 4);

    assertThat(proposals).allMatch(proposal -> suspicion.holds(proposal, image));

    assertThat(judge(image))
        .isEqualTo(
            new Verdict.Self(
                new SuspectNode(new NodeId(1), new NodeEpoch(10), ids(proposals)), proposals));
    assertThat(suspicion.isWaiting()).isFalse();
  }

  /** More was handed to it since it was cut off, where nobody can be called late yet. */
  @Test
  @Tag("S52")
  void waitsForWhatItHasOnlyJustComeToLead() {
    var proposals = alone(image);
    unheardIn.addAll(ids(proposals.subList(3, 5)));
    proposals.subList(0, 3).forEach(proposal -> suspicion.holds(proposal, image));

    assertThat(judge(image)).isEqualTo(new Verdict.Undecided());
    assertThat(suspicion.isWaiting()).isTrue();
    proposals.subList(3, 5).forEach(proposal -> suspicion.holds(proposal, image));

    assertThat(judge(image))
        .isInstanceOfSatisfying(
            Verdict.Self.class, self -> assertThat(self.proposals()).isEqualTo(proposals));
    assertThat(suspicion.isWaiting()).isFalse();
  }

  @Test
  void waitsNoLongerOnceItIsFollowedThere() {
    var proposals = alone(image);
    unheardIn.addAll(ids(proposals.subList(3, 5)));
    proposals.subList(0, 3).forEach(proposal -> suspicion.holds(proposal, image));
    judge(image);

    unheardIn.clear();

    assertThat(judge(image)).isEqualTo(new Verdict.Followers(proposals.subList(0, 3)));
  }

  @Test
  void doesNotWaitForWhatCouldNotTurnTheScale() {
    var proposals = alone(image);
    unheardIn.addAll(ids(proposals.subList(2, 3)));
    proposals.subList(0, 2).forEach(proposal -> suspicion.holds(proposal, image));

    assertThat(judge(image)).isEqualTo(new Verdict.Followers(proposals.subList(0, 2)));
  }

  /** As when no image comes that would tell what became of its other proposals. */
  @Test
  void waitsNoLongerThanAFollowerMayBeLate() {
    var proposals = alone(image);
    unheardIn.addAll(ids(proposals.subList(3, 5)));
    proposals.subList(0, 3).forEach(proposal -> suspicion.holds(proposal, image));

    int rounds = 1;
    while (judge(image) instanceof Verdict.Undecided) {
      rounds++;
    }

    assertThat(SelfSuspicion.GATHER_NANOS * rounds)
        .isBetween(LAG_MAX.toNanos(), LAG_MAX.toNanos() + 3 * SelfSuspicion.GATHER_NANOS);
    assertThat(suspicion.isWaiting()).isFalse();
  }

  @Test
  void sendsThemWhenTheyAreFew() {
    var proposals = alone(image).subList(0, 3);
    proposals.forEach(proposal -> suspicion.holds(proposal, image));

    assertThat(judge(image)).isEqualTo(new Verdict.Followers(proposals));
  }

  @Test
  void holdsEachOnce() {
    var proposal = alone(image).getFirst();
    suspicion.holds(proposal, image);
    suspicion.holds(proposal, image);

    assertThat(judge(image)).isEqualTo(new Verdict.Followers(List.of(proposal)));
  }

  @Test
  void hasNoEyeForOtherChanges() {
    var id = LedCluster.ledBy(image, 1).getFirst();

    assertThat(suspicion.holds(LedCluster.proposal(image, id, 1, 2), image)).isFalse();
    assertThat(suspicion.holds(LedCluster.proposal(image, id, 2, 3), image)).isFalse();
    assertThat(suspicion.isWaiting()).isFalse();
  }

  @Test
  void doesNotWaitWhereNobodyCouldBeBlamed() {
    assertThat(isHeld(LedCluster.of(2, 20, 2))).as("two nodes").isFalse();
    assertThat(isHeld(LedCluster.of(5, 10, 3))).as("leads two partitions").isFalse();
    assertThat(isHeld(image.withNode(LedCluster.node(1, NodeState.SUSPECTED))))
        .as("suspected already")
        .isFalse();
    assertThat(
            isHeld(
                image
                    .withNode(LedCluster.node(2, NodeState.FENCED))
                    .withNode(LedCluster.node(3, NodeState.FENCED))))
        .as("followers that are fenced")
        .isFalse();
  }

  @Test
  void countsNoneThatHasBeenSettledMeanwhile() {
    var proposals = alone(image).subList(0, 4);
    proposals.forEach(proposal -> suspicion.holds(proposal, image));
    var settled = proposals.getFirst().partition();
    var other = LedCluster.proposal(image, settled, 1, 2);
    var envelope = new CommandEnvelope(other.leader().node(), other.leader().epoch(), 1, 0, other);

    assertThat(judge(MetadataMachine.apply(image, 2, envelope).image()))
        .isEqualTo(new Verdict.Followers(proposals));
  }

  private Verdict judge(ClusterImage now) {
    return suspicion.judge(now, (partition, _) -> !unheardIn.contains(partition));
  }

  private static List<PartitionId> ids(List<AlterPartition> proposals) {
    return proposals.stream().map(AlterPartition::partition).toList();
  }

  private static boolean isHeld(ClusterImage image) {
    return new SelfSuspicion(LAG_MAX).holds(alone(image).getFirst(), image);
  }

  private static List<AlterPartition> alone(ClusterImage image) {
    return LedCluster.ledBy(image, 1).stream()
        .map(id -> LedCluster.proposal(image, id, 1))
        .toList();
  }
}
