package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.FollowerEffect.DeclareLoss;
import dev.naru.broker.replica.FollowerEffect.LowerHighWatermark;
import dev.naru.broker.replica.FollowerEffect.StartOver;
import dev.naru.broker.replica.FollowerEffect.Subscribe;
import dev.naru.broker.replica.FollowerEffect.Truncate;
import dev.naru.broker.replica.FollowerEffect.Unsubscribe;
import dev.naru.broker.replica.FollowerInput.Accepted;
import dev.naru.broker.replica.FollowerInput.Begun;
import dev.naru.broker.replica.FollowerInput.Tick;
import dev.naru.broker.replica.FollowerInput.TruncateOrdered;
import dev.naru.broker.replica.FollowerPhase.Halted;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.OffsetRange;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/**
 * What a follower cuts after a loss was declared (step 7). Its log ends at 120 in epoch 4, and 110
 * of it were committed; a replica whose log ended at 100 in epoch 4 leads in epoch 6.
 */
class DeclaredCutsTest {

  private static final LeaderEpoch EPOCH = new LeaderEpoch(6);
  private static final NodeId SELF = new NodeId(1);
  private static final EpochHistory HISTORY = EpochHistory.EMPTY.assign(new LeaderEpoch(4), 0);
  private static final LogTail TAIL =
      new LogTail(0, 120, 120, Optional.of(new LeaderEpoch(4)), OptionalInt.empty());

  private final PartitionFollower follower =
      new PartitionFollower(SafetyRules.PRODUCT, SELF, TAIL, 110, 0);

  @Test
  void cutsWhatIsDeclaredAndLowersItsWatermark() {
    var effects = truncate(100, loss(4, 100, 100, 120, false));

    assertThat(effects).hasAtLeastOneElementOfType(Truncate.class);
    assertThat(effects).contains(new LowerHighWatermark(100)).last().isEqualTo(new Subscribe());
    assertThat(follower.highWatermark()).isEqualTo(100);
  }

  @Test
  void announcesWhatItWouldCutBeforeItCuts() {
    var effects = truncate(100, loss(4, 100, 100, 115, false));

    assertThat(effects)
        .containsExactly(new Unsubscribe(), new DeclareLoss(EPOCH, log(4, 120), 100));
  }

  /** It holds all that was committed, and nobody else may be able to say how far that reached. */
  @Test
  void announcesWhatIsDeclaredAlreadyAsLongAsItIsWaitedFor() {
    var effects = truncate(100, lossWaitingFor(SELF));

    assertThat(effects)
        .containsExactly(new Unsubscribe(), new DeclareLoss(EPOCH, log(4, 120), 100));
  }

  /** What was declared first covers the cut, but the later one waits to hear of it. */
  @Test
  void announcesToALaterLossThatWaitsForIt() {
    var later = new LeaderEpoch(8);
    var losses =
        loss(4, 100, 100, 120, true)
            .with(
                new DeclaredLoss(
                    later, log(4, 110), 110, 110, false, TreePSet.singleton(SELF), LossCause.MODE));

    assertThat(truncate(110, losses))
        .containsExactly(new Unsubscribe(), new DeclareLoss(later, log(4, 120), 110));
  }

  /** All of this log was kept by the first, whose range begins where that one was not sure. */
  @Test
  void announcesToALaterLossWhatTheEarlierOneHasKept() {
    var later = laterFrom(110);
    var losses = loss(4, 150, 100, 200, false).with(later);

    assertThat(truncate(110, losses))
        .containsExactly(new Unsubscribe(), new DeclareLoss(later.leaderEpoch(), log(4, 120), 110));
  }

  /** What the first kept ends in a later epoch: this log may be a part of it. */
  @Test
  void announcesToALaterLossWhatTheEarlierOneMayHaveKept() {
    var later = laterFrom(110);
    var losses = loss(5, 150, 100, 200, false).with(later);

    assertThat(truncate(110, losses))
        .containsExactly(new Unsubscribe(), new DeclareLoss(later.leaderEpoch(), log(4, 120), 110));
    var wider = losses.mapped(loss -> loss.equals(later) ? covering(loss) : loss);
    follower.step(new Tick(50_000_000));
    assertThat(follower.step(order(110, wider))).hasAtLeastOneElementOfType(Truncate.class);
  }

  private static DeclaredLoss covering(DeclaredLoss loss) {
    return loss.extended(SELF, log(4, 120), 110);
  }

  @Test
  void announcesNothingToALaterLossOfWhatTheEarlierOneCannotHaveKept() {
    var losses = loss(3, 109, 100, 200, false).with(laterFrom(110));

    assertThat(truncate(110, losses)).hasAtLeastOneElementOfType(Truncate.class);
  }

  /** So it was not a part of any log between the two. */
  @Test
  void announcesNothingToALaterLossIfTheLogsPartBelowIt() {
    var losses = loss(5, 150, 100, 200, false).with(laterFrom(110));

    assertThat(truncate(105, losses)).hasAtLeastOneElementOfType(Truncate.class);
  }

  /** The leader's log begins above all that it has, which says nothing of where the two part. */
  @Test
  void announcesWhatItStartsOverToALaterLossAsWellAndThenStartsOver() {
    var later = laterFrom(110);
    var losses = loss(5, 150, 100, 200, false).with(later);
    follower.step(new Begun());

    assertThat(follower.step(startOverAt(180, TAIL, losses)))
        .contains(new DeclareLoss(later.leaderEpoch(), log(4, 120), 110));
    var wider = losses.mapped(loss -> loss.equals(later) ? covering(loss) : loss);
    follower.step(new Tick(50_000_000));

    assertThat(follower.step(startOverAt(180, TAIL, wider)))
        .hasAtLeastOneElementOfType(StartOver.class);
  }

  private static DeclaredLoss laterFrom(long from) {
    return new DeclaredLoss(
        new LeaderEpoch(8), log(4, from), from, from, false, TreePSet.empty(), LossCause.MODE);
  }

  @Test
  void announcesWhatItStartsOverAsLongAsItIsWaitedFor() {
    var tail = new LogTail(100, 120, 120, Optional.of(new LeaderEpoch(4)), OptionalInt.empty());
    follower.step(new Begun());

    var effects = follower.step(startOver(tail, lossWaitingFor(SELF)));

    assertThat(effects).noneMatch(StartOver.class::isInstance);
    assertThat(effects).hasAtLeastOneElementOfType(DeclareLoss.class);
  }

  @Test
  void cutsWhatIsDeclaredWhileAnotherIsWaitedFor() {
    assertThat(truncate(100, lossWaitingFor(new NodeId(2))))
        .hasAtLeastOneElementOfType(Truncate.class);
  }

  @Test
  void announcesAlsoWhatItDoesNotKnowToBeCommitted() {
    var fresh = new PartitionFollower(SafetyRules.PRODUCT, SELF, TAIL, 90, 0);
    fresh.step(new Begun());

    var effects = fresh.step(order(100, loss(4, 100, 100, 115, false)));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 100));
    assertThat(effects).noneMatch(Truncate.class::isInstance);
  }

  @Test
  void asksAgainAfterAWhileAndCutsOnceTheImageShowsIt() {
    truncate(100, loss(4, 100, 100, 115, false));

    assertThat(follower.step(new Tick(50_000_000))).containsExactly(new Subscribe());
    assertThat(follower.step(order(100, loss(4, 100, 100, 120, false))))
        .hasAtLeastOneElementOfType(Truncate.class);
  }

  @Test
  void announcesNothingOnceAllThatWasCommittedIsKnown() {
    assertThat(truncate(100, loss(4, 100, 100, 112, true)))
        .hasAtLeastOneElementOfType(Truncate.class);
  }

  @Test
  void haltsIfThereIsNoLossItsLogIsSubjectTo() {
    truncate(100, Losses.NONE);
    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  @Test
  void haltsIfTheLossCameBeforeItsLastEpoch() {
    var earlier =
        Losses.NONE.with(
            new DeclaredLoss(
                new LeaderEpoch(4), log(2, 50), 50, 200, false, TreePSet.empty(), LossCause.MODE));

    truncate(100, earlier);

    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  @Test
  void haltsIfTheLossIsExactAndBeginsHigherThanTheCut() {
    truncate(100, loss(4, 105, 105, 120, true));

    assertThat(follower.phase()).isInstanceOf(Halted.class);
  }

  /** The chosen one had a batch of a later epoch, and so all that was committed before it. */
  @Test
  void whatIsOfAnEarlierEpochThanWhatWasKeptWasNotCommittedAbove() {
    var fresh = new PartitionFollower(SafetyRules.PRODUCT, SELF, TAIL, 90, 0);
    fresh.step(new Begun());

    assertThat(fresh.step(order(100, loss(5, 110, 110, 110, false))))
        .hasAtLeastOneElementOfType(Truncate.class);
  }

  /** As when an earlier loss is no longer on record by itself: better one too many than none. */
  @Test
  void announcesWhatItKnowsToBeCommittedThoughItShouldHaveBeenKept() {
    var effects = truncate(100, loss(5, 105, 105, 105, false));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 100));
    assertThat(effects).noneMatch(Truncate.class::isInstance);
  }

  /** Later leaders may have written what the chosen one never had. */
  @Test
  void announcesACutBelowWhatWasKeptIfThatIsNotSure() {
    var effects = truncate(100, loss(3, 115, 105, 130, false));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 100));
  }

  @Test
  void announcesAlsoWhatItStartsOver() {
    follower.step(new Begun());

    var effects = follower.step(startOver(loss(4, 0, 0, 50, false)));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 0));
    assertThat(effects).noneMatch(StartOver.class::isInstance);
  }

  @Test
  void startsOverWhatIsDeclared() {
    follower.step(new Begun());

    var effects = follower.step(startOver(loss(4, 0, 0, 120, false)));

    assertThat(effects).hasAtLeastOneElementOfType(StartOver.class);
    assertThat(follower.highWatermark()).isZero();
  }

  /** Records below the start were deleted, and are not lost with the cut. */
  @Test
  void announcesOfWhatItStartsOverOnlyWhatItHolds() {
    var tail = new LogTail(90, 120, 120, Optional.of(new LeaderEpoch(4)), OptionalInt.empty());
    follower.step(new Begun());

    var effects = follower.step(startOver(tail, loss(4, 80, 80, 100, false)));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 90));
  }

  /** What was retained last lies above all that it has, which says nothing of what was lost. */
  @Test
  void announcesFromTheBeginningOfTheLossWhenTheLeadersLogBeginsAboveItsOwn() {
    follower.step(new Begun());

    var effects = follower.step(startOverAt(180, TAIL, loss(4, 100, 100, 115, false)));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 100));
  }

  /** It fits, but for what was lost of it; where the leader's log begins says nothing of that. */
  @Test
  void announcesWhatWasLostOfALogThatIsFetchedAnewForForgottenDeletions() {
    var order = new AcceptOrder(1, EPOCH, 180, true, 180, new ForgottenDeletions(200, 200));
    follower.step(new Begun());

    var effects = follower.step(new Accepted(order, TAIL, false, loss(4, 100, 100, 115, false)));

    assertThat(effects).contains(new DeclareLoss(EPOCH, log(4, 120), 100));
  }

  @Test
  void startsOverOnceWhatItAnnouncedIsDeclaredBesideAMergedLoss() {
    var merged =
        new DeclaredLoss(
            EPOCH,
            log(3, 300),
            100,
            new OffsetRange(200, 210),
            Optional.empty(),
            false,
            TreePSet.empty(),
            TreePSet.empty(),
            LossCause.MODE);
    follower.step(new Begun());

    var announced =
        follower.step(startOverAt(180, TAIL, new Losses(List.of(merged)))).stream()
            .flatMap(effect -> effect instanceof DeclareLoss loss ? Stream.of(loss) : Stream.of())
            .findFirst()
            .orElseThrow();
    var wider = merged.extended(SELF, announced.log(), announced.cutFrom());
    follower.step(new Tick(50_000_000));

    assertThat(follower.step(startOverAt(180, TAIL, new Losses(List.of(wider)))))
        .hasAtLeastOneElementOfType(StartOver.class);
  }

  @Test
  void startsOverALogWithoutRecordsThatBeginsAboveTheLeadersEnd() {
    var tail = new LogTail(120, 120, 120, Optional.empty(), OptionalInt.empty());
    var empty = new PartitionFollower(SafetyRules.PRODUCT, SELF, tail, 120, 0);
    empty.step(new Begun());

    var effects = empty.step(startOver(tail, loss(4, 100, 100, 100, false)));

    assertThat(effects).hasAtLeastOneElementOfType(StartOver.class);
    assertThat(effects).noneMatch(DeclareLoss.class::isInstance);
    assertThat(empty.highWatermark()).isZero();
  }

  @Test
  void cutsNoFurtherThanItsOwnStart() {
    var tail = new LogTail(110, 120, 120, Optional.of(new LeaderEpoch(4)), OptionalInt.empty());
    var history = EpochHistory.EMPTY.assign(new LeaderEpoch(4), 110);
    var order = new TruncateOrder(1, EPOCH, new EpochEnd(new LeaderEpoch(4), 100));
    follower.step(new Begun());

    var effects =
        follower.step(new TruncateOrdered(order, history, tail, loss(4, 100, 100, 120, true)));

    assertThat(effects)
        .filteredOn(Truncate.class::isInstance)
        .extracting(cut -> ((Truncate) cut).end())
        .containsExactly(110L);
  }

  private static Accepted startOver(Losses losses) {
    return startOver(TAIL, losses);
  }

  private static Accepted startOver(LogTail tail, Losses losses) {
    return startOverAt(0, tail, losses);
  }

  private static Accepted startOverAt(long from, LogTail tail, Losses losses) {
    return new Accepted(
        new AcceptOrder(1, EPOCH, from, true, from, ForgottenDeletions.NONE), tail, false, losses);
  }

  private List<FollowerEffect> truncate(long end, Losses losses) {
    follower.step(new Begun());
    return follower.step(order(end, losses));
  }

  private static TruncateOrdered order(long end, Losses losses) {
    var order = new TruncateOrder(1, EPOCH, new EpochEnd(new LeaderEpoch(4), end));
    return new TruncateOrdered(order, HISTORY, TAIL, losses);
  }

  private static Losses lossWaitingFor(NodeId node) {
    return Losses.NONE.with(
        new DeclaredLoss(
            EPOCH, log(4, 100), 100, 150, false, TreePSet.singleton(node), LossCause.MODE));
  }

  private static Losses loss(int keptEpoch, long keptEnd, long from, long to, boolean isExact) {
    return Losses.NONE.with(
        new DeclaredLoss(
            EPOCH, log(keptEpoch, keptEnd), from, to, isExact, TreePSet.empty(), LossCause.MODE));
  }

  private static LogEnd log(int epoch, long end) {
    return new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
  }
}
