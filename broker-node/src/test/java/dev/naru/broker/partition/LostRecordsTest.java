package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.partition.PartitionInput.StandingAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.disk.Damage;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** A partition that is asked what it holds, and that hears what was given up. */
class LostRecordsTest {

  @Test
  void saysWhatItHoldsWhileThereIsNoLeaderByTheSameEntry() {
    var one = OnePartition.alone();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(0));
    var epoch = one.assignment.build().partitionEpoch();

    assertThat(asked(one, epoch))
        .hasValueSatisfying(standing -> {
          var intact = (LogStanding.Intact) standing;
          assertThat(intact.tail().end()).isEqualTo(3);
          assertThat(intact.tail().durableEnd()).isZero();
          assertThat(intact.log().lastEpoch()).isPresent();
          assertThat(intact.durable()).isEqualTo(LogEnd.NOTHING);
        });
    assertThat(asked(one, new PartitionEpoch(epoch.value() + 1))).isEmpty();
  }

  @Test
  void bringsWhatItHoldsToItsDiskWhenItIsAsked() {
    var one = OnePartition.alone();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(0));
    var epoch = one.assignment.build().partitionEpoch();

    asked(one, epoch);
    one.settleAndForce();

    assertThat(((LogStanding.Intact) asked(one, epoch).orElseThrow()).tail().durableEnd())
        .isEqualTo(3);
  }

  @Test
  void saysNothingWhileItLeads() {
    var one = OnePartition.alone();

    assertThat(asked(one, one.assignment.build().partitionEpoch())).isEmpty();
  }

  @Test
  void lowersItsWatermarkWithADeclaredLossAndOnlyOnce() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();
    assertThat(one.partition.view().highWatermark()).isEqualTo(3);

    followWithLoss(one, 1, 3);
    assertThat(one.partition.view().highWatermark()).isEqualTo(1);
    assertThat(one.log.highWatermark()).isEqualTo(1);

    one.accepted();
    one.batches(2, 5);
    one.assignment = one.assignment.withIsr(1, 2);
    one.take(new ImageApplied(with(one.assignment.build(), 1, 3)));
    assertThat(one.partition.view().highWatermark()).isEqualTo(5);
  }

  @Test
  void keepsWhatItLearnedAfterALossOverARestart() {
    var one = afterALoss();
    one.store.checkpointHighWatermarks();

    var next = one.restarted();
    assertThat(next.log.end()).isEqualTo(5);
    next.take(new ImageApplied(with(one.assignment.build(), 1, 3)));

    assertThat(next.partition.view().highWatermark()).isEqualTo(5);
  }

  @Test
  void lowersTheWatermarkOfBeforeACutAfterARestart() {
    var one = threeCommitted();
    one.store.checkpointHighWatermarks(); // 3 are committed, of which 2 are others soon
    goOnAfterALoss(one);

    var next = one.restarted();
    assertThat(next.partition.view().highWatermark()).isEqualTo(3);
    next.take(new ImageApplied(with(one.assignment.build(), 1, 3)));

    assertThat(next.partition.view().highWatermark()).isEqualTo(1);
  }

  /** Another replica had to cut lower than was thought; this one is still to be told. */
  @Test
  void lowersItsWatermarkFurtherAsLongAsNoLeaderHasAcceptedItsLog() {
    var one = threeCommitted();
    followWithLoss(one, 2, 3);
    assertThat(one.partition.view().highWatermark()).isEqualTo(2);

    one.assignment = one.assignment.withIsr(2);
    one.take(new ImageApplied(with(one.assignment.build(), 1, 3)));
    assertThat(one.partition.view().highWatermark()).isEqualTo(1);

    cut(one, 1);
    one.accepted();
    one.batches(1, 2);
    assertThat(one.partition.view().highWatermark()).isEqualTo(2);
  }

  /** Nobody has written since the first loss, so its last batch is from before both. */
  @Test
  void announcesACutToTheLossThatCameAfterItsLogWasAcceptedLast() {
    var one = threeCommitted();
    followWithLoss(one, 0, 3);
    cut(one, 2);
    one.accepted();

    one.assignment = one.assignment.withLeader(2);
    one.take(new ImageApplied(with(one.assignment.build(), loss(6, 0, 3), loss(7, 1, 1))));
    cut(one, 1);

    assertThat(one.log.end()).isEqualTo(2);
    assertThat(one.outside.declared)
        .singleElement()
        .satisfies(announced -> {
          assertThat(announced.lossEpoch()).isEqualTo(new LeaderEpoch(7));
          assertThat(announced.cutFrom()).isEqualTo(1);
        });
  }

  /** The power went before it was on disk that a leader had accepted its log after the first. */
  @Test
  void announcesACutToTheLossThatCameLastThoughItHasForgottenWhoAcceptedItsLog() {
    var one = threeCommitted();
    one.store.checkpointHighWatermarks();
    var first = lossThatKept(6, 3, 0, 3);
    one.assignment = one.assignment.withIsr(2).withLeader(2);
    one.take(new ImageApplied(with(one.assignment.build(), first)));
    one.accepted();
    assertThat(one.log.agreed()).isEqualTo(one.epoch());

    var next = one.restarted();
    assertThat(next.log.agreed()).isNotEqualTo(one.epoch());
    next.assignment = next.assignment.withLeader(2);
    next.take(new ImageApplied(with(next.assignment.build(), first, lossThatKept(7, 1, 1, 1))));
    cut(next, 1);

    assertThat(next.log.end()).isEqualTo(3);
    assertThat(next.outside.declared)
        .singleElement()
        .satisfies(announced -> {
          assertThat(announced.lossEpoch()).isEqualTo(new LeaderEpoch(7));
          assertThat(announced.cutFrom()).isEqualTo(1);
        });
  }

  @Test
  void takesItsWatermarkAlongWhenItsLogIsRepaired() {
    var one = afterALoss();
    var damage = new Damage(one.log.id(), 0, 0, "planted");
    one.take(new DamageFound(damage));

    one.take(new LogRepaired(one.log));

    assertThat(one.partition.view().highWatermark()).isEqualTo(5);
  }

  private static OnePartition threeCommitted() {
    var one = OnePartition.alone();
    for (int i = 0; i < 3; i++) {
      one.produce(Acks.ALL, 1);
    }
    one.settleAndForce();
    return one;
  }

  private static OnePartition afterALoss() {
    var one = threeCommitted();
    goOnAfterALoss(one);
    return one;
  }

  /** Two of the three records are lost, and there are four others now, all committed. */
  private static void goOnAfterALoss(OnePartition one) {
    followWithLoss(one, 1, 3);
    cut(one, 1);
    one.accepted();
    for (int i = 1; i <= 4; i++) {
      one.batches(1, 1 + i);
    }
    one.settleAndForce();
  }

  private static void followWithLoss(OnePartition one, long from, long to) {
    one.assignment = one.assignment.withIsr(2).withLeader(2);
    one.take(new ImageApplied(with(one.assignment.build(), from, to)));
  }

  private static void cut(OnePartition one, long end) {
    one.fromLeader(
        new TruncateOrder(one.subscription(), one.epoch(), new EpochEnd(new LeaderEpoch(5), end)));
  }

  @Test
  void aReaderWhoSawWhatIsLostIsToldSo() {
    var one = threeCommitted();
    followWithLoss(one, 1, 3);
    cut(one, 1);
    one.accepted();
    one.batches(1, 2);
    one.image(one.assignment.withIsr(1, 2).withLeader(1)); // what it has is all there is
    one.subscribe(0, 1_000);
    one.ack(0);
    one.produce(Acks.ALL, 2);
    one.settleAndForce();

    assertThat(admitted(one, 3, 5)) // the last record he saw was of the first epoch
        .isInstanceOfSatisfying(
            DataLost.class, lost -> assertThat(lost.divergingEnd()).isEqualTo(1));
    assertThat(admitted(one, 1, 5)).isNotInstanceOf(DataLost.class);
    assertThat(admitted(one, 2, 6)).isNotInstanceOf(DataLost.class);
  }

  private static ReadVerdict admitted(OnePartition one, long offset, int lastEpoch) {
    var view = one.partition.view();
    return view.admit(
        offset, Optional.of(view.leaderEpoch()), Optional.of(new LeaderEpoch(lastEpoch)));
  }

  /** Records below 3 were deleted, and all above 2 is lost. */
  @Test
  void goesOnAfterACutToWhereItsLogBegins() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.produce(Acks.ALL, 3);
    one.settleAndForce();
    one.take(new StartDue(one.partition.view().leaderEpoch(), 3, DropReason.REQUEST));
    one.settleAndForce();
    assertThat(one.log.start()).isEqualTo(3);

    followWithLoss(one, 2, 6);
    cut(one, 2);

    assertThat(one.log.end()).isEqualTo(3);
    assertThat(one.log.start()).isEqualTo(3);
    assertThat(one.outside.toLeader(SubscribeRequest.class).getLast().tail().isEmpty()).isTrue();

    one.fromLeader(
        new AcceptOrder(one.subscription(), one.epoch(), 0, true, 0, ForgottenDeletions.NONE));
    one.batches(2, 2);

    assertThat(one.log.start()).isZero();
    assertThat(one.log.end()).isEqualTo(2);
    assertThat(one.partition.view().highWatermark()).isEqualTo(2);
  }

  private static Optional<LogStanding> asked(OnePartition one, PartitionEpoch epoch) {
    List<Optional<LogStanding>> answers = new ArrayList<>();
    one.take(new StandingAsked(epoch, answers::add));
    return answers.getFirst();
  }

  private static PartitionAssignment with(PartitionAssignment plain, long from, long to) {
    return with(plain, loss(6, from, to));
  }

  private static PartitionAssignment with(PartitionAssignment plain, DeclaredLoss... losses) {
    var entry = plain.entry();
    return new PartitionAssignment(
        plain.id(),
        plain.imageIndex(),
        new PartitionImage(
            entry.replicas(),
            entry.isr(),
            entry.elr(),
            entry.lastKnown(),
            entry.leader(),
            entry.leaderEpoch(),
            entry.partitionEpoch(),
            Stream.of(losses).reduce(Losses.NONE, Losses::with, (_, later) -> later)),
        plain.settings(),
        plain.replicas());
  }

  private static DeclaredLoss loss(int leaderEpoch, long from, long to) {
    return lossThatKept(leaderEpoch, 1, from, from, to);
  }

  /** By a replica whose log ended in the epoch in which this node led. */
  private static DeclaredLoss lossThatKept(int leaderEpoch, long keptEnd, long from, long to) {
    return lossThatKept(leaderEpoch, 5, keptEnd, from, to);
  }

  private static DeclaredLoss lossThatKept(
      int leaderEpoch, int keptEpoch, long keptEnd, long from, long to) {
    return new DeclaredLoss(
        new LeaderEpoch(leaderEpoch),
        new LogEnd(Optional.of(new LeaderEpoch(keptEpoch)), keptEnd),
        from,
        to,
        false,
        TreePSet.empty(),
        LossCause.MODE);
  }
}
