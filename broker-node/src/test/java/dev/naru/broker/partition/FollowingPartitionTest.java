package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.Closed;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.LeaderLost;
import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.Assignments;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToLeader.CreditGrant;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.broker.replica.ToLeader.Unsubscribe;
import dev.naru.log.disk.Damage;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.metadata.image.Flush;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FollowingPartitionTest {

  @Test
  void followsAgainOverWhatIsIntactOfADamagedLog() {
    var one = OnePartition.following();

    one.take(new DamageFound(damage()));
    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
    one.take(new LogRepaired(one.log));

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.FOLLOWER);
  }

  @Test
  void staysClosedWhenItsLogIsRepairedTooLate() {
    var one = OnePartition.following();

    one.take(new DamageFound(damage()));
    one.take(new Closed());
    one.take(new LogRepaired(one.log));

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
  }

  private static Damage damage() {
    return new Damage(Assignments.PARTITION, 0, 17, "Expected what was written, but was not");
  }

  @Test
  void subscribesAnewInEachLeaderEpochAlsoUnderTheSameLeader() { // step 4
    var one = OnePartition.following();

    one.image(one.assignment.withLeader(2));

    assertThat(one.outside.toLeader(SubscribeRequest.class))
        .extracting(request -> request.leaderEpoch().value())
        .containsExactly(6, 7);
    assertThat(one.outside.toLeader(Unsubscribe.class)).hasSize(1);
  }

  @Test
  void forgetsAnEpochThatItLedWithoutWriting() { // step 4
    var one = OnePartition.alone();

    one.image(one.assignment.withIsr(1, 2).withLeader(2));

    assertThat(one.log.epochs().entries()).isEmpty();
  }

  @Test
  void acknowledgesWhatIsOnDisk() {
    var one = OnePartition.following();
    one.accepted();
    one.batches(3, 0);
    one.partition.settle();
    assertThat(one.outside.toLeader(ProgressReport.class)).allMatch(r -> r.durableEnd() == 0);

    one.settleAndForce();

    assertThat(one.outside.toLeader(ProgressReport.class).getLast().durableEnd()).isEqualTo(3);
  }

  @Test
  void acknowledgesWhatIsInMemoryWhereTheTopicSaysSo() {
    var one = new OnePartition();
    one.image(one.assignment.withFlush(Flush.OS).withLeader(2));
    one.accepted();
    one.batches(3, 0);

    one.partition.settle();

    assertThat(one.outside.toLeader(ProgressReport.class).getLast().end()).isEqualTo(3);
    assertThat(one.outside.tickets).isEmpty();
  }

  @Test
  void hasForcedWhatItAppendedInTheTurnInWhichItsLeaderChanged() {
    var one = OnePartition.following();
    one.accepted();
    one.batches(3, 0);
    one.image(one.assignment.withLeader(3));

    one.settleAndForce();

    assertThat(one.log.durableEnd()).isEqualTo(3);
  }

  @Test
  void hasForcedWhatItAppendedInTheTurnInWhichItStoppedLeading() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(2));
    one.accepted();

    one.settleAndForce();

    assertThat(one.outside.toLeader(ProgressReport.class).getLast().durableEnd()).isEqualTo(3);
  }

  /** Until then its log may hold what the leader's does not, and the leader would count that. */
  @Test
  void saysNothingOfWhatItHoldsBeforeItIsAccepted() { // step 10
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(2));

    one.settleAndForce();

    assertThat(one.log.durableEnd()).isEqualTo(3);
    assertThat(one.outside.toLeader(ProgressReport.class)).isEmpty();
  }

  @Test
  void makesRoomAgainForWhatItHasAppended() {
    var one = OnePartition.following();
    one.accepted();
    one.batches(3, 0);
    one.batches(3, 0);
    one.batches(3, 0);

    one.partition.settle();

    assertThat(one.outside.toLeader(CreditGrant.class)).hasSize(1);
  }

  @Test
  void ignoresASubscriptionThatIsOver() {
    var one = OnePartition.following();
    one.take(new LeaderLost(new NodeId(2), one.subscription()));

    one.accepted();
    one.batches(3, 3);

    assertThat(one.log.end()).isZero();
    assertThat(one.partition.view().highWatermark()).isZero();
  }

  @Test
  void ignoresAMessageOfAnotherLeaderEpoch() {
    var one = OnePartition.following();
    one.accepted();
    var late = one.assignment;

    one.assignment = one.assignment.withLeader(2);
    one.batches(3, 3);

    assertThat(one.log.end()).isZero();
    one.assignment = late;
  }

  @Test
  void cutsWhatTheLeaderDoesNotHaveAndKeepsItAside() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.settleAndForce();
    one.image(one.assignment.withLeader(2));

    one.fromLeader(
        new TruncateOrder(one.subscription(), one.epoch(), new EpochEnd(new LeaderEpoch(4), 0)));

    assertThat(one.log.end()).isZero();
    assertThat(one.outside.events).hasAtLeastOneElementOfType(LogTruncated.class);
    assertThat(one.outside.toLeader(SubscribeRequest.class)).hasSize(2);
  }

  @Test
  void countsWhatItAppendsAfterACutOnlyWhenThatIsForced() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.partition.settle();
    one.image(one.assignment.withLeader(2));
    one.fromLeader(
        new TruncateOrder(one.subscription(), one.epoch(), new EpochEnd(new LeaderEpoch(4), 0)));
    one.accepted();
    one.batches(2, 0);

    var ofBefore = one.outside.tickets.getFirst();
    ofBefore.perform();
    one.take(new PartitionInput.Forced(ofBefore));
    assertThat(one.log.durableEnd()).isZero();
    one.settleAndForce();

    assertThat(one.log.durableEnd()).isEqualTo(2);
  }

  @Test
  void doesNotStandForElectionWithABatchThatIsNotTheLeaders() { // steps 5 and 27
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.settleAndForce();
    one.image(one.assignment.withLeader(2));

    one.fromLeader(
        new Refusal(one.subscription(), new Refused(ErrorCode.CORRUPT_LOG, "Expected another")));

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
    assertThat(one.outside.events)
        .filteredOn(CorruptionFound.class::isInstance)
        .extracting(event -> ((CorruptionFound) event).damage().reason())
        .containsExactly("Expected another");
  }

  @Test
  void asksAgainWhenItsLeaderIsLost() {
    var one = OnePartition.following();

    one.take(new LeaderLost(new NodeId(2), one.subscription()));
    one.pass(Duration.ofMillis(100));

    assertThat(one.outside.toLeader(SubscribeRequest.class)).hasSize(2);
  }
}
