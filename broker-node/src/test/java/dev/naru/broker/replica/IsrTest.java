package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.IsrState.Proposed;
import dev.naru.broker.replica.IsrState.Stable;
import dev.naru.broker.replica.LeaderEffect.Report;
import dev.naru.broker.replica.LeaderInput.ProposalRefused;
import dev.naru.broker.replica.LeaderInput.SubscriptionEnded;
import dev.naru.broker.replica.PartitionEvent.IsrShrinkProposed;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.image.Flush;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps 14 to 16: who is in sync. */
class IsrTest {

  private static final Duration LAG_MAX = ReplicationConfig.DEFAULTS.lagMax();

  @Test
  void keepsWaitingForALaggardUntilTheControllerAgreesToDropIt() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 110);

    var effects = leading.pass(LAG_MAX.plusSeconds(1));

    assertThat(Leading.members(effects)).containsExactly(1, 2);
    assertThat(leading.leader.isr().maximal()).isEqualTo(Assignments.nodes(List.of(1, 2, 3)));
  }

  @Test
  void saysWhyItWantsAMemberOut() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 110);

    var effects = leading.pass(LAG_MAX.plusSeconds(1));

    assertThat(effects)
        .contains(
            new Report(
                new IsrShrinkProposed(
                    Assignments.node(3),
                    "Expected replica 3 to reach 110 within replica.lag.time.max.ms,"
                        + " but it ended at 100, durably at 100")));
  }

  @Test
  void doesNotDropAMemberThatIsBehindForLessThanTheAllowedLag() {
    var leading = Leading.inSync(Assignments.led());
    for (int second = 0; second < 20; second++) {
      leading.produce(Acks.ALL, 10);
      leading.forced();
      leading.pass(Duration.ofSeconds(1));
      leading.ack(2, leading.end);
      // Always five seconds behind, never more.
      leading.ack(3, Math.max(100, leading.end - 50));
    }

    assertThat(leading.leader.isr()).isInstanceOf(Stable.class);
  }

  @Test
  void doesNotDropAnybodyBecauseItSleptItself() {
    var leading = Leading.inSync(Assignments.led());
    leading.pass(LAG_MAX);
    leading.produce(Acks.ALL, 10);

    leading.nowNanos += Duration.ofSeconds(30).toNanos();
    var effects = leading.pass(Duration.ofSeconds(1));

    assertThat(Leading.proposal(effects)).isEmpty();
  }

  @Test
  void dropsAMemberThatNeverSubscribed() {
    var leading = Leading.of(Assignments.led());
    leading.subscribe(2, 100);

    var effects = leading.pass(LAG_MAX.plusSeconds(1));

    assertThat(Leading.members(effects)).containsExactly(1, 2);
  }

  @Test
  void asksForAnotherLeaderWhenItsOwnDiskDoesNotKeepUp() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 110);
    leading.ack(3, 110);

    var effects = leading.pass(LAG_MAX.plusSeconds(1));

    assertThat(Leading.members(effects)).containsExactly(2, 3);
  }

  @Test
  void takesInAReplicaThatHasReachedTheWatermarkAndTheEpochStart() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 95);

    assertThat(Leading.members(leading.ack(3, 99))).isEmpty();
    assertThat(Leading.members(leading.ack(3, 100))).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotTakeInAReplicaThatHasItOnlyInMemory() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 95);

    assertThat(Leading.members(leading.ack(3, 100, 99))).isEmpty();
  }

  /** Until it has, its log ends anywhere, and elected then it would give offsets a second time. */
  @Test
  void takesInAReplicaThatIsToStartOverOnlyOnceItSaysThatItHas() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2).withFlush(Flush.OS));
    leading.logStart = 100;

    assertThat(Leading.members(leading.subscribe(3, 50))).isEmpty();
    assertThat(Leading.members(leading.pass(Duration.ofSeconds(1)))).isEmpty();
    assertThat(Leading.members(leading.ack(3, 100))).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotTakeInAFencedOrStoppingNode() { // step 15
    var leading = Leading.of(Assignments.led().withIsr(1, 2).withIneligible(3));
    leading.subscribe(2, 100);

    assertThat(Leading.members(leading.subscribe(3, 100))).isEmpty();
    assertThat(Leading.members(leading.image(leading.assignment.withIneligible())))
        .containsExactly(1, 2, 3);
  }

  @Test
  void doesNotTakeInAReplicaWhoseStreamIsBroken() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2).withIneligible(3));
    leading.subscribe(2, 100);
    leading.subscribe(3, 100);
    leading.step(new SubscriptionEnded(leading.subscription(3)));

    var effects = leading.image(leading.assignment.withIneligible());

    assertThat(Leading.members(effects)).isEmpty();
  }

  @Test
  void doesNotTakeInARebootedNodeOnTheStrengthOfItsEarlierProcess() { // step 15
    var leading = Leading.of(Assignments.led().withIsr(1, 2).withIneligible(3));
    leading.subscribe(2, 100);
    leading.subscribe(3, 100);

    var effects = leading.image(leading.assignment.withNodeEpochOf3(31).withIneligible());

    assertThat(Leading.members(effects)).isEmpty();
  }

  @Test
  void takesAReplicaThatWasRemovedAndAddedAgainForAnother() { // step 1
    var leading = Leading.of(Assignments.led().withIsr(1, 2).withIneligible(3));
    leading.subscribe(2, 100);
    leading.subscribe(3, 100);

    var effects = leading.image(leading.assignment.withNode3AssignedAnew().withIneligible());

    assertThat(Leading.members(effects)).isEmpty();
  }

  @Test
  void namesTheProcessOfEachMemberInAProposal() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);

    var proposal = Leading.proposal(leading.subscribe(3, 100)).orElseThrow();

    assertThat(proposal.leader().epoch()).isEqualTo(new NodeEpoch(10));
    assertThat(proposal.partitionEpoch().value()).isEqualTo(41);
    assertThat(proposal.isr())
        .extracting(member -> member.epoch().value())
        .containsExactly(10L, 20L, 30L);
  }

  @Test
  void makesOneProposalAtATime() {
    var leading = Leading.of(Assignments.led().withIsr(1));
    leading.subscribe(2, 100);

    assertThat(Leading.members(leading.subscribe(3, 100))).isEmpty();
    assertThat(Leading.members(leading.image(Assignments.led().withIsr(1).withIsr(1, 2))))
        .containsExactly(1, 2, 3);
  }

  @Test
  void sendsAnUnansweredProposalAgainUnchanged() { // step 16
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    AlterPartition first = Leading.proposal(leading.subscribe(3, 100)).orElseThrow();

    var effects = leading.pass(Duration.ofSeconds(2));

    assertThat(Leading.proposal(effects)).contains(first);
  }

  @Test
  void takesAProposalBackOnlyWhenItIsRefusedForGood() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    var proposal = Leading.proposal(leading.subscribe(3, 100)).orElseThrow();

    leading.step(new ProposalRefused(proposal, refused(ErrorCode.PARTITION_EPOCH_MISMATCH)));
    assertThat(leading.leader.isr()).isInstanceOf(Proposed.class);

    leading.step(new ProposalRefused(proposal, refused(ErrorCode.INELIGIBLE_REPLICA)));
    assertThat(leading.leader.isr()).isInstanceOf(Stable.class);
  }

  @Test
  void isNotMovedByALateAnswerToAnEarlierProposal() { // step 16
    var leading = Leading.of(Assignments.led().withIsr(1));
    var first = Leading.proposal(leading.subscribe(2, 100)).orElseThrow();
    leading.image(Assignments.led().withIsr(1).withIsr(1, 2));
    leading.subscribe(3, 100);

    leading.step(new ProposalRefused(first, refused(ErrorCode.INELIGIBLE_REPLICA)));

    assertThat(leading.leader.isr()).isInstanceOf(Proposed.class);
  }

  @Test
  void isNotDecidedByAnImageThatLeavesTheEntryAsItWas() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 100);

    leading.image(leading.assignment.withIneligible(2));

    assertThat(leading.leader.isr()).isInstanceOf(Proposed.class);
  }

  private static Refused refused(ErrorCode code) {
    return new Refused(code, "Expected nothing, but this is a test");
  }
}
