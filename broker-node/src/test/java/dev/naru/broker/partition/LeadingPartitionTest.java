package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.Outside.Answer;
import dev.naru.broker.partition.PartitionInput.Closed;
import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.Forced;
import dev.naru.broker.partition.PartitionInput.ProduceSpoiled;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.PartitionInput.StorageFailed;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.broker.replica.ToLeader.CreditGrant;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.epoch.EpochStart;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeadingPartitionTest {

  @Test
  void beginsItsEpochWhereItsLogEnds() { // step 2
    var one = OnePartition.alone();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(0));

    one.image(one.assignment.withLeader(1));

    assertThat(one.partition.view().epochStart()).isEqualTo(3);
    assertThat(one.log.epochs().latest())
        .contains(new EpochStart(new LeaderEpoch(one.assignment.leaderEpoch()), 3));
  }

  @Test
  void hasWhatItHoldsForcedWhenItBeginsToLead() { // step 2
    var one = OnePartition.alone();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(0));
    one.image(one.assignment.withLeader(1));

    one.settleAndForce();

    assertThat(one.log.durableEnd()).isEqualTo(3);
    assertThat(one.partition.view().highWatermark()).isEqualTo(3);
  }

  @Test
  void refusesWhatItsDiskHasNoRoomForAndTakesItOnceThereIs() {
    var one = OnePartition.alone();
    var rule = new SpaceRule(0.95);
    one.disk.fill(new DiskSpace(1L << 10, 1L << 30));
    one.directory.lookAtSpace(rule);

    var first = one.produce(Acks.LEADER, 3);
    var second = one.produce(Acks.ALL, 3);

    assertThat(one.log.end()).isZero();
    assertThat(one.outside.answers)
        .containsExactly(refused(first, ErrorCode.DISK_FULL), refused(second, ErrorCode.DISK_FULL));
    one.disk.fill(new DiskSpace(1L << 29, 1L << 30));
    one.directory.lookAtSpace(rule);
    one.produce(Acks.LEADER, 3, 2);
    assertThat(one.log.end()).isEqualTo(3);
  }

  @Test
  void countsOnlyWhatWasThereWhenTheForceBegan() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.partition.settle();
    one.produce(Acks.ALL, 2);

    var ticket = one.outside.tickets.getFirst();
    ticket.perform();
    one.take(new Forced(ticket));

    assertThat(one.partition.view().highWatermark()).isEqualTo(3);
  }

  @Test
  void acknowledgesOnlyWhatIsOnTheDisksOfAllInSync() {
    var one = OnePartition.leadingTwo();
    long request = one.produce(Acks.ALL, 3);
    one.ack(3);
    assertThat(one.outside.answers).isEmpty();

    one.settleAndForce();

    assertThat(one.outside.answers).containsExactly(committed(request, 0));
  }

  @Test
  void showsARecordToReadersBeforeItsProducerHearsOfIt() {
    var one = OnePartition.alone();
    var seen = new ArrayList<Long>();
    one.outside.onAnswer = () -> seen.add(one.partition.view().highWatermark());
    one.produce(Acks.ALL, 3);

    one.settleAndForce();

    assertThat(seen).containsExactly(3L);
  }

  @Test
  void answersWhoWaitsWithNotLeaderWhenItStopsLeading() { // step 3
    var one = OnePartition.leadingTwo();
    long request = one.produce(Acks.ALL, 3);

    one.image(one.assignment.withLeader(2));
    one.settleAndForce();

    assertThat(one.outside.answers).containsExactly(refused(request, ErrorCode.NOT_LEADER));
  }

  @Test
  void forgetsAForceThatEndsAfterItStoppedLeading() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 3);
    one.ack(3);
    one.partition.settle();
    one.image(one.assignment.withLeader(2));

    one.settleAndForce();

    assertThat(one.partition.view().highWatermark()).isZero();
    assertThat(one.outside.answers).noneMatch(answer -> answer.offset().isPresent());
  }

  @Test
  void givesUpWaitingAtTheDeadline() {
    var one = OnePartition.leadingTwo();
    long request = one.produce(Acks.ALL, 3);

    one.pass(Duration.ofSeconds(29));
    assertThat(one.outside.answers).isEmpty();
    one.pass(Duration.ofSeconds(1));

    assertThat(one.outside.answers).containsExactly(refused(request, ErrorCode.REQUEST_TIMEOUT));
  }

  @Test
  void saysWhenTheIsrWasTooSmallAtTheDeadline() { // step 12
    var one = OnePartition.leadingTwo();
    long request = one.produce(Acks.ALL, 3);
    one.image(one.assignment.withIsr(1));

    one.pass(Duration.ofSeconds(30));

    assertThat(one.outside.answers)
        .containsExactly(refused(request, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND));
  }

  @Test
  void refusesTheRestOfAnAttemptOfWhichItRefusedOne() {
    var one = OnePartition.alone();
    var tooLarge = new Refused(ErrorCode.RECORD_TOO_LARGE, "Expected a smaller one");
    one.take(new ProduceSpoiled(new ProduceKey(7, 1, 0), Acks.LEADER, tooLarge));

    one.produce(Acks.LEADER, 3);
    long next = one.produce(Acks.LEADER, 3, 2);

    assertThat(one.outside.answers).hasSize(3).last().isEqualTo(committed(next, 0));
  }

  @Test
  void refusesTheRestOfAnAttemptAlsoAfterItsRoleChanged() {
    var one = OnePartition.following();
    one.produce(Acks.LEADER, 3);

    one.image(one.assignment.withLeader(1));
    one.produce(Acks.LEADER, 3);

    assertThat(one.outside.answers).hasSize(2).allMatch(answer -> answer.refused().isPresent());
    assertThat(one.log.end()).isZero();
  }

  @Test
  void forwardsTheVeryBytesToAFollowerThatKeepsUp() {
    var one = OnePartition.leadingTwo();

    one.produce(Acks.LEADER, 3);

    assertThat(one.outside.toFollowers(BatchesFrame.class)).hasSize(1);
    assertThat(one.outside.reads).isEmpty();
  }

  @Test
  void readsTheLogForAFollowerThatIsBehindAndThenForwardsAgain() {
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1, 2));
    one.produce(Acks.LEADER, 3);
    one.subscribe(0, 1_000);
    one.produce(Acks.LEADER, 2);
    var read = one.outside.reads.getLast();
    assertThat(one.outside.toFollowers(BatchesFrame.class)).isEmpty();

    var slice = one.log.view().read(read.from(), 1, 3);
    one.take(new ReadDone(read.subscription(), read.from(), slice.batches()));

    assertThat(one.outside.toFollowers(BatchesFrame.class))
        .extracting(frame -> frame.batches().header().baseOffset())
        .containsExactly(0L, 3L);
    assertThat(one.outside.reads).hasSize(1);
  }

  @Test
  void readsAgainWithTheNextTickWhatCouldNotBeRead() {
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1, 2));
    one.produce(Acks.LEADER, 3);
    one.subscribe(0, 1_000);
    var read = one.outside.reads.getLast();

    one.take(new ReadDone(read.subscription(), read.from(), BatchBytes.EMPTY));
    one.pass(Duration.ofMillis(100));

    assertThat(one.outside.reads).containsExactly(read, read);
  }

  @Test
  void sendsNoMoreThanTheFollowerHasRoomFor() { // step 8
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1, 2));
    one.subscribe(0, 100);

    one.produce(Acks.LEADER, 3);
    one.produce(Acks.LEADER, 3);
    assertThat(one.outside.toFollowers(BatchesFrame.class)).hasSize(1);
    one.fromFollower(new CreditGrant(1, 200));

    assertThat(one.outside.toFollowers(BatchesFrame.class)).hasSize(2);
  }

  @Test
  void sendsTheWatermarkAloneWhenNoBatchTakesItAlongUntilTheNextTick() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 3);
    one.ack(3);
    one.settleAndForce();
    assertThat(one.outside.toFollowers(WatermarkFrame.class)).isEmpty();

    one.pass(Duration.ofMillis(100));

    assertThat(one.outside.toFollowers(WatermarkFrame.class))
        .singleElement()
        .extracting(WatermarkFrame::highWatermark)
        .isEqualTo(3L);
  }

  @Test
  void isNotAtRestBeforeAllHaveHeardOfTheWatermark() {
    var one = OnePartition.leadingThree();
    one.produce(Acks.ALL, 3);
    one.ack(3);
    one.ackByOther(3);
    one.settleAndForce();
    assertThat(one.partition.view().highWatermark()).isEqualTo(3);
    assertThat(one.partition.isAtRest()).as("needs no tick").isFalse();

    one.pass(Duration.ofMillis(100));

    assertThat(one.partition.isAtRest()).isTrue();
  }

  @Test
  void sendsNothingToASubscriptionThatIsLost() {
    var one = OnePartition.leadingTwo();

    one.take(new FollowerLost(one.follower()));
    one.produce(Acks.LEADER, 3);

    assertThat(one.outside.toFollowers).singleElement().isInstanceOf(AcceptOrder.class);
  }

  @Test
  void endsItsSubscriptionsWhenItStopsLeading() {
    var one = OnePartition.leadingTwo();

    one.image(one.assignment.withLeader(2));

    assertThat(one.outside.toFollowers(Refusal.class)).hasSize(1);
  }

  @Test
  void asksForOneGroupCommitHoweverManyBatchesATurnBrings() {
    var one = OnePartition.alone();
    one.settleAndForce();
    one.produce(Acks.ALL, 3);
    one.produce(Acks.ALL, 3);

    one.settleAndForce();

    assertThat(one.outside.tickets).hasSize(1);
    assertThat(one.partition.view().highWatermark()).isEqualTo(6);
  }

  @Test
  void wakesAFetchWhenThereIsSomethingToRead() {
    var one = OnePartition.alone();
    one.take(new FetchWaits(new FetchKey(1, 1), new LeaderEpoch(5), 0, Long.MAX_VALUE));
    one.produce(Acks.ALL, 3);
    assertThat(one.outside.ready).isEmpty();

    one.settleAndForce();

    assertThat(one.outside.ready).containsExactly(new FetchKey(1, 1));
  }

  @Test
  void wakesAFetchThatNeedNotWaitOn() {
    var one = OnePartition.alone();
    one.take(new FetchWaits(new FetchKey(1, 1), new LeaderEpoch(4), 0, Long.MAX_VALUE));
    one.take(
        new FetchWaits(new FetchKey(1, 2), new LeaderEpoch(5), 0, Duration.ofMillis(5).toNanos()));
    one.take(new FetchWaits(new FetchKey(1, 3), new LeaderEpoch(5), 0, Long.MAX_VALUE));

    one.pass(Duration.ofMillis(5));
    one.take(new Closed());

    assertThat(one.outside.ready).extracting(FetchKey::request).containsExactly(1L, 2L, 3L);
  }

  @Test
  void doesNotSendAwayAFetchThatWouldOnlyComeBack() { // or the two would keep each other busy
    var one = OnePartition.alone();

    for (int i = 0; i <= 10_000; i++) {
      one.take(new FetchWaits(new FetchKey(1, i), new LeaderEpoch(5), 0, Long.MAX_VALUE));
    }

    assertThat(one.outside.ready).isEmpty();
  }

  @Test
  void acknowledgesNothingAfterItsDiskHasFailed() { // step 24
    var one = OnePartition.leadingTwo();
    long waiting = one.produce(Acks.ALL, 3);

    one.take(new StorageFailed("a force failed"));
    one.ack(3);
    one.settleAndForce();
    long late = one.produce(Acks.ALL, 3, 2);

    assertThat(one.outside.answers)
        .containsExactly(
            refused(waiting, ErrorCode.NOT_LEADER), refused(late, ErrorCode.NOT_LEADER));
    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
  }

  @ParameterizedTest
  @EnumSource(value = Acks.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void answersTheVeryRequestWhoseWriteFailed(Acks acks) {
    var one = OnePartition.leadingTwo();
    one.disk.fail(Operation.WRITE, ".log");

    long request = one.produce(acks, 3);

    assertThat(one.outside.answers).containsExactly(refused(request, ErrorCode.NOT_LEADER));
    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
  }

  @Test
  void sendsClientsAndFollowersElsewhereWhenItsDiskHasFailed() { // a code they may repeat with
    var one = OnePartition.leadingTwo();
    one.take(new StorageFailed("a force failed"));

    one.produce(Acks.ALL, 3);
    one.subscribe(0, 1_000);

    assertThat(one.outside.answers)
        .singleElement()
        .matches(answer -> answer.refused().orElseThrow().isRetriable());
    assertThat(one.outside.toFollowers(Refusal.class).getLast().why().code())
        .isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void knowsWhoLeadsAlsoWhenItsDiskHasFailed() {
    var one = OnePartition.leadingTwo();
    one.take(new StorageFailed("a force failed"));

    one.image(one.assignment.withLeader(2));

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
    assertThat(one.partition.view().leader())
        .contains(new KnownLeader(new NodeId(2), new LeaderEpoch(6)));
  }

  @Test
  void givesItselfUpWhenItIsItsOwnBatchThatChanged() { // step 5
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    int sound = one.log.lastBatch().orElseThrow().crc();
    one.rotLastBatch();

    one.subscribeWithLastBatch(2, 3, sound);

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
    assertThat(one.outside.events).hasAtLeastOneElementOfType(CorruptionFound.class);
    assertThat(one.outside.toFollowers(Refusal.class))
        .noneMatch(refusal -> refusal.why().code() == ErrorCode.CORRUPT_LOG);
  }

  @Test
  void givesItselfUpWhenItCannotReadItsOwnBatch() { // step 5
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    int sound = one.log.lastBatch().orElseThrow().crc();
    one.rotFrameOfLastBatch();

    one.subscribeWithLastBatch(2, 3, sound);

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
    assertThat(one.outside.events).hasAtLeastOneElementOfType(CorruptionFound.class);
  }

  @Test
  void refusesAFollowerWhoseBatchChanged() { // step 5
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    int sound = one.log.lastBatch().orElseThrow().crc();

    one.subscribeWithLastBatch(2, 3, sound ^ 1);

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.LEADER);
    assertThat(one.outside.toFollowers(Refusal.class).getLast().why().code())
        .isEqualTo(ErrorCode.CORRUPT_LOG);
  }

  @Test
  void doesNothingUnderTheEpochOfAnotherProcess() { // step 2
    var one = new OnePartition();

    one.image(one.assignment.withNodeEpochs(11, 20, 30));

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
  }

  @Test
  void isNotMovedByAnImageOlderThanItsOwn() {
    var one = OnePartition.alone();
    var before = one.assignment;
    one.image(before.withLeader(0));

    one.image(before);

    assertThat(one.partition.view().role()).isEqualTo(PartitionRole.OFFLINE);
  }

  private static Answer committed(long request, long offset) {
    return new Answer(request, OptionalLong.of(offset), Optional.empty());
  }

  private static Answer refused(long request, ErrorCode code) {
    return new Answer(request, OptionalLong.empty(), Optional.of(code));
  }
}
