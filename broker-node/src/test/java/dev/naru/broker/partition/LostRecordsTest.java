package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionInput.StandingAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
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

    one.assignment = one.assignment.withIsr(1, 2).withLeader(2);
    one.take(new ImageApplied(with(one.assignment.build(), 1)));

    assertThat(one.partition.view().highWatermark()).isEqualTo(1);
    assertThat(one.log.highWatermark()).isEqualTo(1);
  }

  @Test
  void aReaderWhoSawWhatIsLostIsToldSo() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();
    one.image(one.assignment.withLeader(1)); // after a loss from here on, in a log of its own
    one.produce(Acks.ALL, 1);
    one.settleAndForce();

    var lostWithEpochBefore =
        one.partition
            .view()
            .admit(
                4,
                Optional.of(one.partition.view().leaderEpoch()),
                Optional.of(new LeaderEpoch(firstEpoch(one))));

    assertThat(lostWithEpochBefore)
        .isInstanceOfSatisfying(
            DataLost.class, lost -> assertThat(lost.divergingEnd()).isEqualTo(3));
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

    one.assignment = one.assignment.withIsr(2).withLeader(2);
    one.take(new ImageApplied(with(one.assignment.build(), 2, 6)));
    one.fromLeader(
        new TruncateOrder(one.subscription(), one.epoch(), new EpochEnd(new LeaderEpoch(5), 2)));

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

  private static int firstEpoch(OnePartition one) {
    return one.log.epochs().entries().getFirst().epoch().value();
  }

  private static Optional<LogStanding> asked(OnePartition one, PartitionEpoch epoch) {
    List<Optional<LogStanding>> answers = new ArrayList<>();
    one.take(new StandingAsked(epoch, answers::add));
    return answers.getFirst();
  }

  private static PartitionAssignment with(PartitionAssignment plain, long from) {
    return with(plain, from, from);
  }

  private static PartitionAssignment with(PartitionAssignment plain, long from, long to) {
    var entry = plain.entry();
    var loss =
        new DeclaredLoss(
            entry.leaderEpoch(),
            new LogEnd(Optional.of(new LeaderEpoch(1)), from),
            from,
            to,
            false,
            TreePSet.empty(),
            LossCause.MODE);
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
            Losses.NONE.with(loss)),
        plain.settings(),
        plain.replicas());
  }
}
