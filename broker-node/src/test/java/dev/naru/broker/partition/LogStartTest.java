package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.RollDue;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.log.retention.DropReason;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The leader decides where a log begins, and its followers follow. */
class LogStartTest {

  private final List<Optional<ErrorCode>> told = new ArrayList<>();
  private boolean isGone;

  @Test
  @Tag("S39")
  void aLeaderIsDoneWhenTheStartIsOnItsDisk() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();

    one.take(asked(one.epoch(), 4));

    assertThat(one.partition.view().log().start()).isEqualTo(4);
    assertThat(told).isEmpty();
    one.settleAndForce();
    assertThat(told).containsExactly(Optional.empty());
    assertThat(one.partition.view().log().startOnRecord()).isEqualTo(4);
  }

  /** Else a replica could be elected that begins below, and what was deleted is back. */
  @Test
  @Tag("S39")
  void aLeaderIsNotDoneBeforeAllInSyncReplicasHaveTheStart() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.ack(10);

    one.take(asked(one.epoch(), 4));
    one.settleAndForce();
    one.ack(10, 3);

    assertThat(told).isEmpty();
    assertThat(one.partition.isAtRest()).isFalse();
    one.ack(10, 4);
    assertThat(told).containsExactly(Optional.empty());
  }

  /** It was raised, and the answer got lost. */
  @Test
  void whoAsksAgainWaitsAsWell() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.ack(10);
    one.take(asked(one.epoch(), 4));
    one.settleAndForce();

    one.take(asked(one.epoch(), 4));
    assertThat(told).isEmpty();

    one.ack(10, 4);
    assertThat(told).hasSize(2);
    one.take(asked(one.epoch(), 4));
    assertThat(told).hasSize(3);
  }

  @Test
  void whoIsGoneIsForgotten() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.ack(10);
    one.take(asked(one.epoch(), 4));
    one.settleAndForce();
    isGone = true;

    one.pass(Duration.ofSeconds(1));
    one.ack(10, 4);

    assertThat(told).isEmpty();
  }

  @Test
  void readersBelowTheStartAreToldSo() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();

    one.take(asked(one.epoch(), 4));

    var view = one.partition.view();
    assertThat(view.admit(3, Optional.empty(), Optional.empty()))
        .isInstanceOfSatisfying(
            ReadVerdict.Denied.class,
            denied -> assertThat(denied.why().code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    assertThat(view.admit(4, Optional.empty(), Optional.empty()))
        .isInstanceOf(ReadVerdict.Readable.class);
  }

  @Test
  void nothingGoesThatIsNotCommittedOrForALeaderOfAnotherEpoch() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 10);
    one.settleAndForce();
    one.ack(6);
    assertThat(one.partition.view().highWatermark()).isLessThan(10);

    one.take(asked(one.epoch(), 10));
    one.take(asked(new LeaderEpoch(one.epoch().value() - 1), 1));

    assertThat(one.partition.view().log().start()).isZero();
    assertThat(told)
        .containsExactly(
            Optional.of(ErrorCode.OFFSET_OUT_OF_RANGE), Optional.of(ErrorCode.FENCED_LEADER_EPOCH));
  }

  @Test
  void aFollowerHearsOfTheStartAlthoughNothingIsAppended() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.ack(10);
    one.settleAndForce();
    int before = one.outside.toFollowers(WatermarkFrame.class).size();

    one.take(asked(one.epoch(), 7));
    one.settleAndForce();

    var frames = one.outside.toFollowers(WatermarkFrame.class);
    assertThat(frames).hasSize(before + 1);
    assertThat(frames.getLast().logStart()).isEqualTo(7);
  }

  @Test
  void aFollowerBeginsWhereABatchDoesAlthoughTheStartLiesInsideIt() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.take(asked(one.epoch(), 7));
    one.settleAndForce();

    one.subscribe(0, 1_000);
    one.settleAndForce();

    assertThat(one.outside.toFollowers(AcceptOrder.class).getLast().from()).isEqualTo(3);
    var frames = one.outside.toFollowers(WatermarkFrame.class);
    assertThat(frames.getLast().logStart()).isEqualTo(7);
  }

  @Test
  void aFollowerTakesTheStartOverAndHasItOnDisk() {
    var one = OnePartition.following();
    one.accepted();
    one.batches(10, 0);
    one.settleAndForce();

    one.fromLeader(new WatermarkFrame(one.subscription(), one.epoch(), 10, 7));
    one.settleAndForce();

    var log = one.partition.view().log();
    assertThat(log.start()).isEqualTo(7);
    assertThat(log.startOnRecord()).isEqualTo(7);
    assertThat(one.outside.toLeader(ProgressReport.class).getLast().logStart()).isEqualTo(7);
  }

  @Test
  void aFollowerDoesNotDecide() {
    var one = OnePartition.following();
    one.accepted();
    one.batches(10, 10);
    one.settleAndForce();

    one.take(asked(one.epoch(), 5));

    assertThat(one.partition.view().log().start()).isZero();
    assertThat(told).containsExactly(Optional.of(ErrorCode.NOT_LEADER));
  }

  @Test
  void whoWaitsIsTold() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 10);
    one.settleAndForce();
    one.take(asked(one.epoch(), 4));

    one.take(new PartitionInput.Closed());

    assertThat(told).containsExactly(Optional.of(ErrorCode.NOT_LEADER));
  }

  @Test
  @Tag("S35")
  void aSegmentThatIsOldEnoughIsClosedAndForcedOnLeaderAndFollower() {
    var leader = OnePartition.alone();
    leader.produce(Acks.ALL, 10);
    var follower = OnePartition.following();
    follower.accepted();
    follower.batches(10, 10);

    for (OnePartition one : new OnePartition[] {leader, follower}) {
      one.settleAndForce();
      one.take(new RollDue(0));
      assertThat(one.partition.view().log().activeBase()).isEqualTo(10);
      assertThat(one.log.isDurable()).isFalse();
      one.settleAndForce();
      assertThat(one.log.isDurable()).isTrue();
    }
  }

  private StartAsked asked(LeaderEpoch epoch, long start) {
    return new StartAsked(
        new StartDue(epoch, start, DropReason.REQUEST),
        why -> told.add(why.map(Refused::code)),
        () -> isGone);
  }
}
