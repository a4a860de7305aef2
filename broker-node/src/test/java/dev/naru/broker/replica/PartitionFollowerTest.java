package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.FollowerEffect.Acknowledge;
import dev.naru.broker.replica.FollowerEffect.AdvanceHighWatermark;
import dev.naru.broker.replica.FollowerEffect.Append;
import dev.naru.broker.replica.FollowerEffect.CopyFrom;
import dev.naru.broker.replica.FollowerEffect.GiveUpLog;
import dev.naru.broker.replica.FollowerEffect.StartOver;
import dev.naru.broker.replica.FollowerEffect.Subscribe;
import dev.naru.broker.replica.FollowerEffect.Truncate;
import dev.naru.broker.replica.FollowerEffect.Unsubscribe;
import dev.naru.broker.replica.FollowerInput.Accepted;
import dev.naru.broker.replica.FollowerInput.AppendRefused;
import dev.naru.broker.replica.FollowerInput.Appended;
import dev.naru.broker.replica.FollowerInput.BatchesArrived;
import dev.naru.broker.replica.FollowerInput.Begun;
import dev.naru.broker.replica.FollowerInput.SubscriptionLost;
import dev.naru.broker.replica.FollowerInput.SubscriptionRefused;
import dev.naru.broker.replica.FollowerInput.Tick;
import dev.naru.broker.replica.FollowerInput.TruncateOrdered;
import dev.naru.broker.replica.FollowerInput.WatermarkArrived;
import dev.naru.broker.replica.FollowerPhase.Halted;
import dev.naru.broker.replica.FollowerPhase.Idle;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.metadata.image.Losses;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Steps 4, 7, 9 and 10, at the follower. */
class PartitionFollowerTest {

  private static final LeaderEpoch EPOCH = new LeaderEpoch(5);

  /** Epoch 2 wrote up to 100, epoch 4 up to 110; 90 are known to be committed. */
  private static final EpochHistory HISTORY =
      EpochHistory.EMPTY.assign(new LeaderEpoch(2), 0).assign(new LeaderEpoch(4), 100);

  private static final LogTail TAIL =
      new LogTail(0, 110, 110, Leading.epoch(4), OptionalInt.empty());

  private final PartitionFollower follower =
      new PartitionFollower(SafetyRules.PRODUCT, Assignments.node(1), TAIL, 90, 0);

  @Test
  void subscribesWhenItBegins() { // step 4: each leader epoch begins another follower
    assertThat(follower.step(new Begun())).containsExactly(new Subscribe());
  }

  @Test
  void cutsToWhereTheHistoriesPartAndAsksAgain() { // step 7: not to its high watermark
    follower.step(new Begun());

    var effects = follower.step(truncate(2, 100));

    assertThat(effects).hasSize(2).last().isEqualTo(new Subscribe());
    assertThat(effects.getFirst())
        .isInstanceOfSatisfying(Truncate.class, cut -> assertThat(cut.end()).isEqualTo(100));
  }

  @Test
  void takesNoWatermarkBeforeTheLeaderAccepts() { // step 9
    follower.step(new Begun());
    follower.step(truncate(2, 100));

    assertThat(follower.step(watermark(100))).isEmpty();
    assertThat(follower.highWatermark()).isEqualTo(90);
  }

  @Test
  void takesNoWatermarkAboveItsOwnEnd() {
    accepted();

    follower.step(watermark(500));

    assertThat(follower.highWatermark()).isEqualTo(110);
  }

  @Test
  void takesTheWatermarkOnlyAfterTheAppendItCameWith() { // step 9
    accepted();
    var frame = frame(115);

    assertThat(follower.step(new BatchesArrived(frame))).containsExactly(new Append(frame));
    assertThat(follower.highWatermark()).isEqualTo(90);
    assertThat(follower.step(new Appended(frame, 120)))
        .contains(new AdvanceHighWatermark(115), new Acknowledge());
  }

  @Test
  void neverLowersItsWatermark() {
    accepted();

    follower.step(watermark(50));

    assertThat(follower.highWatermark()).isEqualTo(90);
  }

  @Test
  void refusesToCutBelowItsHighWatermark() {
    follower.step(new Begun());

    var effects = follower.step(truncate(2, 80));

    assertThat(effects).noneMatch(Truncate.class::isInstance);
    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  @Test
  void refusesACutThatWouldCutNothing() { // step 7: or it would ask for ever
    follower.step(new Begun());

    follower.step(truncate(4, 200));

    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  @Test
  void startsOverWhenTheLeaderHoldsNothingItShares() {
    follower.step(new Begun());

    var effects = follower.step(accept(300, true));

    assertThat(effects.getFirst())
        .isInstanceOfSatisfying(StartOver.class, over -> assertThat(over.at()).isEqualTo(300));
    assertThat(effects).contains(new AdvanceHighWatermark(300));
  }

  @Test
  void refusesToStartOverBelowItsHighWatermark() { // step 7
    follower.step(new Begun());

    var effects = follower.step(accept(0, true));

    assertThat(effects).noneMatch(StartOver.class::isInstance);
    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  @Test
  void raisesItsWatermarkWithTheLogStart() {
    accepted();

    follower.step(new WatermarkArrived(new WatermarkFrame(1, EPOCH, 90, 95)));

    assertThat(follower.highWatermark()).isEqualTo(95);
  }

  @Test
  void breaksOffWhenBatchesDoNotContinueItsLog() {
    accepted();

    var effects =
        follower.step(new AppendRefused(new Refused(ErrorCode.CORRUPT_RECORD, "Expected 110")));

    assertThat(effects).contains(new Unsubscribe());
    assertThat(follower.phase()).isInstanceOf(Idle.class);
  }

  @Test
  void asksAgainAfterAWhileAndThenLessAndLessOften() {
    follower.step(new Begun());
    follower.step(new SubscriptionLost());

    assertThat(follower.step(tick(9))).isEmpty();
    assertThat(follower.step(tick(10))).containsExactly(new Subscribe());
    follower.step(new SubscriptionRefused(refused(ErrorCode.UNKNOWN_LEADER_EPOCH)));
    assertThat(follower.step(tick(29))).isEmpty();
    assertThat(follower.step(tick(30))).containsExactly(new Subscribe());
  }

  @Test
  void asksLessAndLessOftenWhileItsDiskTakesNothingThoughTheLeaderAccepts() {
    accepted();
    long millis = 0;
    for (long wait = 10; wait <= 640; wait *= 2) {
      follower.step(new AppendRefused(refused(ErrorCode.DISK_FULL)));
      assertThat(follower.step(tick(millis + wait - 1))).as("a wait of %d ms", wait).isEmpty();
      millis += wait;
      assertThat(follower.step(tick(millis))).containsExactly(new Subscribe());
      follower.step(accept(110, false));
    }
    var frame = frame(115);
    follower.step(new Appended(frame, 120)); // there is room again

    follower.step(new AppendRefused(refused(ErrorCode.DISK_FULL)));

    assertThat(follower.step(tick(millis + 10))).containsExactly(new Subscribe());
  }

  /** An idle partition may write nothing for hours after it. */
  @Test
  void waitsNoLongerAfterBatchesThatDidNotFitThanBeforeThem() {
    accepted();
    long millis = 0;
    for (int i = 0; i < 5; i++) {
      follower.step(new AppendRefused(refused(ErrorCode.CORRUPT_RECORD)));
      millis += 10;
      assertThat(follower.step(tick(millis))).containsExactly(new Subscribe());
      follower.step(accept(110, false));
    }
  }

  @Test
  void isImpatientWhileItWaitsForLessThanTheUsualTimeBetweenTicks() {
    follower.step(new Begun());
    assertThat(follower.isImpatient()).as("while it asks").isFalse();

    long millis = 0;
    for (long wait = 10; wait <= 80; wait *= 2) {
      follower.step(new SubscriptionRefused(refused(ErrorCode.UNKNOWN_LEADER_EPOCH)));
      assertThat(follower.isImpatient()).as("a wait of %d ms", wait).isTrue();
      millis += wait;
      follower.step(tick(millis));
    }
    follower.step(new SubscriptionRefused(refused(ErrorCode.UNKNOWN_LEADER_EPOCH)));

    assertThat(follower.isImpatient()).as("a wait of 160 ms").isFalse();
    follower.step(tick(millis + 100));
    assertThat(follower.isImpatient()).as("the last 60 ms of it").isTrue();
  }

  @Test
  void stopsWhenTheLeaderSaysThatItsLogIsDamaged() {
    follower.step(new Begun());

    var effects = follower.step(new SubscriptionRefused(refused(ErrorCode.CORRUPT_LOG)));
    follower.step(new SubscriptionLost());

    assertThat(effects).contains(new GiveUpLog(refused(ErrorCode.CORRUPT_LOG)));
    assertThat(follower.phase()).isInstanceOf(Halted.class);
    assertThat(follower.step(tick(10_000))).isEmpty();
  }

  @Test
  void doesNotAppendWhatCameBeforeItWasAccepted() {
    follower.step(new Begun());

    List<FollowerEffect> effects = follower.step(new BatchesArrived(frame(100)));

    assertThat(effects).noneMatch(Append.class::isInstance);
  }

  @Test
  void startsOverBelowItsHighWatermarkWhenItMayHoldWhatWasDeleted() { // ADR 0009
    follower.step(new Begun());

    var gone = new ForgottenDeletions(150, 160);

    var effects =
        follower.step(
            new Accepted(new AcceptOrder(1, EPOCH, 0, true, 0, gone), TAIL, false, Losses.NONE));

    assertThat(effects).first().isInstanceOf(StartOver.class);
    assertThat(effects.get(1)).isEqualTo(new CopyFrom(0, gone));
    assertThat(follower.highWatermark()).isZero();
  }

  /**
   * The leader may not have heard yet that this replica has joined; or this one that it has left.
   */
  @Test
  void doesNotStartOverForDeletionsWhileItIsCountedOnByItsOwnImage() {
    follower.step(new Begun());
    var gone = new ForgottenDeletions(150, 160);

    var effects =
        follower.step(
            new Accepted(new AcceptOrder(1, EPOCH, 0, true, 0, gone), TAIL, true, Losses.NONE));

    assertThat(effects).noneMatch(StartOver.class::isInstance);
    assertThat(effects).first().isEqualTo(new Unsubscribe());
    assertThat(follower.phase()).isInstanceOf(Idle.class);
    assertThat(follower.highWatermark()).isEqualTo(90);
  }

  /** What was learned of another leader's log is void: this one's may lack less, or more. */
  @Test
  void saysOfDeletionsOnlyWhatHoldsForAllLogsItCopiedFrom() {
    var copied = new LogTail(0, 110, 110, Leading.epoch(4), OptionalInt.empty(), 1_000);
    follower.step(new Begun());

    var effects =
        follower.step(
            new Accepted(
                new AcceptOrder(1, EPOCH, 110, false, 0, new ForgottenDeletions(0, 30)),
                copied,
                false,
                Losses.NONE));

    assertThat(effects).contains(new CopyFrom(110, new ForgottenDeletions(0, 30)));
  }

  private void accepted() {
    follower.step(new Begun());
    follower.step(accept(110, false));
  }

  private static FollowerInput truncate(int epoch, long end) {
    var order = new TruncateOrder(1, EPOCH, new EpochEnd(new LeaderEpoch(epoch), end));
    return new TruncateOrdered(order, HISTORY, TAIL, Losses.NONE);
  }

  private static FollowerInput accept(long from, boolean startOver) {
    return new Accepted(
        new AcceptOrder(1, EPOCH, from, startOver, startOver ? from : 0, ForgottenDeletions.NONE),
        TAIL,
        false,
        Losses.NONE);
  }

  private static FollowerInput watermark(long highWatermark) {
    return new WatermarkArrived(new WatermarkFrame(1, EPOCH, highWatermark, 0));
  }

  private static BatchesFrame frame(long highWatermark) {
    return new BatchesFrame(1, EPOCH, highWatermark, 0, Leading.batch(100));
  }

  private static FollowerInput tick(long millis) {
    return new Tick(millis * 1_000_000);
  }

  private static Refused refused(ErrorCode code) {
    return new Refused(code, "Expected nothing, but this is a test");
  }
}
