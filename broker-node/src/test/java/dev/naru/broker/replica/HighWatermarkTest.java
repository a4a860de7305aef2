package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.AdvanceHighWatermark;
import dev.naru.metadata.image.Flush;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step 11: what is committed. */
class HighWatermarkTest {

  private static final Duration TICK = Duration.ofMillis(100);

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
  void doesNotWaitForAReplicaThatHasJustComeBack() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    commit(leading, 10);
    leading.subscribe(3, 100);

    for (int tick = 0; tick < 5; tick++) {
      leading.pass(TICK);
      commit(leading, 10);
      leading.ack(3, leading.end - 10); // as fast as the others, and one batch behind
    }

    assertThat(leading.leader.isr()).isInstanceOf(IsrState.Stable.class);
    assertThat(leading.leader.highWatermark()).isEqualTo(leading.end);
  }

  /** Otherwise a busy partition would run away from it for ever. */
  @Test
  void waitsForAReplicaThatIsAboutToJoinOnceItIsBehindForAFourthOfThatTimeOnly() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 95);
    var acknowledged = new ArrayDeque<Long>(List.of(100L, 100L, 100L, 100L, 100L));

    int ticks = 0;
    for (; ticks < 100 && leading.leader.highWatermark() == leading.end; ticks++) {
      leading.pass(TICK);
      commit(leading, 10);
      acknowledged.add(leading.end);
      leading.ack(3, acknowledged.remove()); // half a second behind, always
    }

    assertThat(ticks).isBetween(12, 25);
    var effects = leading.ack(3, leading.leader.highWatermark());
    assertThat(Leading.members(effects)).containsExactly(1, 2, 3);
  }

  @Test
  void waitsForAReplicaThatIsBehindForNearlyAsLongAsIsAllowed() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.subscribe(3, 95);

    for (int tick = 0; tick < 300; tick++) {
      leading.pass(TICK);
      commit(leading, 10);
      leading.ack(3, Math.max(100, leading.end - 550));
    }

    assertThat(leading.leader.highWatermark()).isLessThan(leading.end);
  }

  /** What it was patient with before says nothing of what there is to fetch now. */
  @Test
  void doesNotWaitAtOnceForAReplicaThatWasNearOnceAndFellBehind() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    commit(leading, 10);
    leading.subscribe(3, 100);
    for (int tick = 0; tick < 300; tick++) {
      leading.pass(TICK);
      commit(leading, 10);
    }

    leading.ack(3, leading.end - 550);
    leading.pass(TICK);
    commit(leading, 10);

    assertThat(leading.leader.highWatermark()).isEqualTo(leading.end);
  }

  private static void commit(Leading leading, int records) {
    leading.produce(Acks.ALL, records);
    leading.forced();
    leading.ack(2, leading.end);
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
