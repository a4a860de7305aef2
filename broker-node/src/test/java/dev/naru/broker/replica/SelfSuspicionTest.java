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
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step 14: a node that would cut off all its followers thinks of itself first. */
class SelfSuspicionTest {

  /** Node 1 leads five of them, each followed by nodes 2 and 3. */
  private final ClusterImage image = LedCluster.of(5, 25, 3);

  private final SelfSuspicion suspicion = new SelfSuspicion();

  @Test
  @Tag("S52")
  void blamesItselfInsteadOfSendingAny() {
    var proposals = alone(image).subList(0, 4);

    assertThat(proposals).allMatch(proposal -> suspicion.holds(proposal, image));

    var ids = proposals.stream().map(AlterPartition::partition).toList();
    assertThat(suspicion.judge(image))
        .isEqualTo(
            new Verdict.Self(new SuspectNode(new NodeId(1), new NodeEpoch(10), ids), proposals));
    assertThat(suspicion.isWaiting()).isFalse();
  }

  @Test
  void sendsThemWhenTheyAreFew() {
    var proposals = alone(image).subList(0, 3);
    proposals.forEach(proposal -> suspicion.holds(proposal, image));

    assertThat(suspicion.judge(image)).isEqualTo(new Verdict.Followers(proposals));
  }

  @Test
  void holdsEachOnce() {
    var proposal = alone(image).getFirst();
    suspicion.holds(proposal, image);
    suspicion.holds(proposal, image);

    assertThat(suspicion.judge(image)).isEqualTo(new Verdict.Followers(List.of(proposal)));
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

    assertThat(suspicion.judge(MetadataMachine.apply(image, 2, envelope).image()))
        .isEqualTo(new Verdict.Followers(proposals));
  }

  private static boolean isHeld(ClusterImage image) {
    return new SelfSuspicion().holds(alone(image).getFirst(), image);
  }

  private static List<AlterPartition> alone(ClusterImage image) {
    return LedCluster.ledBy(image, 1).stream()
        .map(id -> LedCluster.proposal(image, id, 1))
        .toList();
  }
}
