package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.AdvanceHighWatermark;
import dev.naru.metadata.image.Flush;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step 11: what is committed. */
class HighWatermarkTest {

  @Test
  void isTheLeastDurableEndOfTheIsr() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 110);

    var effects = leading.ack(3, 107);

    assertThat(effects).contains(new AdvanceHighWatermark(107));
    assertThat(leading.leader.highWatermark()).isEqualTo(107);
  }

  @Test
  @Tag("S63")
  void doesNotCountWhatAFollowerHasOnlyInMemory() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 110);

    leading.ack(3, 110, 104);

    assertThat(leading.leader.highWatermark()).isEqualTo(104);
  }

  @Test
  void doesNotCountWhatTheLeaderHasOnlyInMemory() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 110);
    leading.ack(3, 110);

    assertThat(leading.leader.highWatermark()).isEqualTo(100);
    assertThat(leading.forced()).contains(new AdvanceHighWatermark(110));
  }

  @Test
  void countsThePageCacheWhereTheTopicSaysSo() {
    var leading = Leading.inSync(Assignments.led().withFlush(Flush.OS));
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 110, 100);

    leading.ack(3, 110, 100);

    assertThat(leading.leader.highWatermark()).isEqualTo(110);
  }

  @Test
  void staysWhereItWasHeldUntilTheIsrIsHeardOfInThisEpoch() {
    var leading = Leading.of(Assignments.led());

    leading.subscribe(2, 100);

    assertThat(leading.leader.highWatermark()).isEqualTo(90);
    leading.subscribe(3, 95);
    assertThat(leading.leader.highWatermark()).isEqualTo(95);
  }

  @Test
  void doesNotRiseWhileTheIsrIsSmallerThanTheMinimum() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();

    leading.image(Assignments.led().withIsr(1));

    assertThat(leading.leader.highWatermark()).isEqualTo(100);
  }

  @Test
  void doesNotRiseOnTheStrengthOfMembersThatAreOnlyProposed() {
    var leading = Leading.inSync(Assignments.led().withIsr(1));

    leading.produce(Acks.LEADER, 10);
    leading.forced();
    leading.ack(2, 110);
    leading.ack(3, 110);

    assertThat(leading.leader.isr().maximal()).hasSize(2);
    assertThat(leading.leader.highWatermark()).isEqualTo(90);
  }

  @Test
  void waitsForAMemberWhoseRemovalIsOnlyProposed() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 110);

    var effects = leading.pass(Duration.ofSeconds(7));

    assertThat(Leading.members(effects)).containsExactly(1, 2);
    assertThat(leading.leader.highWatermark()).isEqualTo(100);
    leading.image(Assignments.led().withIsr(1, 2));
    assertThat(leading.leader.highWatermark()).isEqualTo(110);
  }

  @Test
  void waitsForAReplicaThatIsAboutToJoinSoThatABusyPartitionLetsItIn() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(2, 105);
    leading.subscribe(3, 100); // below the watermark of 105, so it may not join yet

    leading.ack(2, 110);

    assertThat(leading.leader.isr()).isInstanceOf(IsrState.Stable.class);
    assertThat(leading.leader.highWatermark()).isEqualTo(105);
    assertThat(Leading.members(leading.ack(3, 107))).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotWaitForAReplicaThatIsFarBehind() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 10);
    leading.produce(Acks.ALL, 10);
    leading.forced();

    leading.ack(2, 110);

    assertThat(leading.leader.highWatermark()).isEqualTo(110);
  }

  @Test
  void isNotMovedByAForceOrAnAckFromBeforeThisEpoch() { // step 3
    var leading = Leading.of(Assignments.led());
    var old = leading.subscription(2);
    leading.subscribe(2, 100);
    leading.subscribe(3, 100);
    leading.produce(Acks.ALL, 10);
    leading.forced();
    leading.ack(3, 110);

    leading.step(
        new LeaderInput.FollowerReported(
            old, new ToLeader.ProgressReport(old.number(), leading.leader.epoch(), 110, 110, 0)));

    assertThat(leading.leader.highWatermark()).isEqualTo(100);
  }

  @Test
  void keepsWhatAFollowerReportedBeforeItsStreamBroke() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 110);
    leading.ack(3, 110);
    leading.step(new LeaderInput.SubscriptionEnded(leading.subscription(3)));

    leading.forced();

    assertThat(leading.leader.highWatermark()).isEqualTo(110);
  }

  @Test
  void knowsNothingOfAProcessThatReplacedTheOneItKnew() { // step 10
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 110);
    leading.ack(3, 110);

    leading.image(leading.assignment.withNodeEpochOf3(31));
    leading.forced();

    assertThat(leading.leader.highWatermark()).isEqualTo(100);
  }

  @Test
  void needsNobodyButTheLeaderWhenItIsAlone() {
    var leading = Leading.of(Assignments.led().withIsr(1).withMinInsync(1));
    leading.forced();
    leading.produce(Acks.ALL, 10);

    leading.forced();

    assertThat(leading.leader.highWatermark()).isEqualTo(110);
  }
}
