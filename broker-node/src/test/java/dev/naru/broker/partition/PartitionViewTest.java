package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.broker.partition.ReadVerdict.Denied;
import dev.naru.broker.partition.ReadVerdict.Readable;
import dev.naru.broker.partition.ReadVerdict.Waits;
import dev.naru.broker.replica.Acks;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Step 13: what a reader gets. */
class PartitionViewTest {

  private static final Optional<LeaderEpoch> UNKNOWN = Optional.empty();

  @Test
  void letsReadBelowTheHighWatermarkOnly() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();
    one.produce(Acks.ALL, 2);

    assertThat(admit(one, 0)).isEqualTo(new Readable(3));
    assertThat(admit(one, 3)).isEqualTo(new Waits());
    assertThat(admit(one, 5)).isEqualTo(new Waits());
    assertThat(code(admit(one, 6))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(code(admit(one, -1))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void doesNotCallAnOffsetOutOfRangeBeforeTheNewestIsKnown() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 3);
    one.image(one.assignment.withLeader(2));
    one.image(one.assignment.withLeader(1));

    assertThat(one.partition.view().isNewestOffsetKnown()).isFalse();
    assertThat(code(admit(one, 4))).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
  }

  @Test
  void refusesAReaderOfAnotherLeaderEpoch() {
    var view = OnePartition.alone().partition.view();

    assertThat(code(view.admit(0, epoch(4), UNKNOWN))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    assertThat(code(view.admit(0, epoch(6), UNKNOWN))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    assertThat(code(view.admit(0, UNKNOWN, epoch(6)))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
  }

  @Test
  void tellsAReaderThatTheHistoryItReadIsGone() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();
    one.image(one.assignment.withLeader(0));
    one.image(one.assignment.withLeader(1));
    one.produce(Acks.ALL, 3);
    one.settleAndForce();

    var view = one.partition.view();
    assertThat(view.admit(2, epoch(7), epoch(5))).isEqualTo(new Readable(6));
    assertThat(view.admit(3, epoch(7), epoch(5))).isEqualTo(new Readable(6));
    assertThat(view.admit(4, epoch(7), epoch(5)))
        .isInstanceOfSatisfying(
            DataLost.class, lost -> assertThat(lost.divergingEnd()).isEqualTo(3));
    assertThat(view.admit(3, epoch(7), epoch(6))).isInstanceOf(DataLost.class);
  }

  @Test
  void doesNotClaimALossToAReaderThatMayHaveReadFromItsSuccessor() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();

    var verdict = one.partition.view().admit(4, UNKNOWN, epoch(5));

    assertThat(code(verdict)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
  }

  /** Another member, which had not heard of the next leader, gave the reader its place. */
  @Test
  void doesNotClaimALossBeforeAllThatMayLeadNextFollowIt() {
    var one = OnePartition.leadingTwo();

    assertThat(code(one.partition.view().admit(3, epoch(5), epoch(4))))
        .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    assertThat(code(one.partition.view().admit(3, epoch(5), UNKNOWN)))
        .isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);

    one.ack(0);
    assertThat(one.partition.view().admit(3, epoch(5), epoch(4))).isInstanceOf(DataLost.class);
    assertThat(code(one.partition.view().admit(3, epoch(5), UNKNOWN)))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  /** It is cut off, and the reader, whose view is as old, has its place from its group. */
  @Test
  void doesNotClaimALossToAReaderWhoseViewIsOlderThanItsPlace() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, 3);
    one.settleAndForce();

    var verdict = one.partition.view().admit(4, epoch(5), epoch(6));

    assertThat(code(verdict)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
  }

  @Test
  void namesTheReasonWhenItDoesNotLead() {
    assertThat(code(admit(OnePartition.following(), 0))).isEqualTo(ErrorCode.NOT_LEADER);
    var one = new OnePartition();
    one.image(one.assignment.withLeader(0));
    assertThat(code(admit(one, 0))).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
  }

  private static ReadVerdict admit(OnePartition one, long offset) {
    return one.partition.view().admit(offset, UNKNOWN, UNKNOWN);
  }

  private static Optional<LeaderEpoch> epoch(int value) {
    return Optional.of(new LeaderEpoch(value));
  }

  private static ErrorCode code(ReadVerdict verdict) {
    return ((Denied) verdict).why().code();
  }
}
