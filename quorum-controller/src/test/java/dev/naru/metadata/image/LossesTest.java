package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class LossesTest {

  private static final NodeId SAFE = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);

  @Test
  void isExactOnceAReplicaThatHeldEverythingHasSaidWhereItEnds() {
    var loss = loss(5, 4, 100, 100, 110);

    var heard = loss.heard(SAFE, log(4, 130));

    assertThat(heard.isExact()).isTrue();
    assertThat(heard.from()).isEqualTo(100);
    assertThat(heard.to()).isEqualTo(130);
  }

  /** A disk may have torn off the end of one of them. */
  @Test
  void ofSeveralThatHeldEverythingTheFurthestCountsAndIsExactOnlyOnceAllHaveSpoken() {
    var loss = loss(5, 4, 100, 100, 100, TreePSet.singleton(SAFE).plus(OTHER));

    for (var order : List.of(List.of(SAFE, OTHER), List.of(OTHER, SAFE))) {
      var heard = loss;
      for (var node : order) {
        assertThat(heard.isExact()).isFalse();
        heard = heard.heard(node, log(4, node.equals(SAFE) ? 110 : 120));
      }
      assertThat(heard.isExact()).isTrue();
      assertThat(heard.to()).isEqualTo(120);
    }
  }

  @Test
  void isNeverExactIfOneOfThoseThatHeldEverythingCanSayNothing() {
    var loss = loss(5, 4, 100, 100, 100, TreePSet.singleton(SAFE).plus(OTHER));

    assertThat(loss.withoutHopeOf(SAFE).heard(OTHER, log(4, 120)).isExact()).isFalse();
    assertThat(loss.heard(OTHER, log(4, 120)).withoutHopeOf(SAFE).isExact()).isFalse();
  }

  @Test
  void neverBecomesSmallerThanWhatSomebodyMayHaveCutOnTheStrengthOfIt() {
    var heard = loss(5, 4, 100, 100, 110).heard(SAFE, log(4, 104));

    assertThat(heard.isExact()).isTrue();
    assertThat(heard.to()).isEqualTo(110);
  }

  @Test
  void nothingWasLostIfWhoeverHeldEverythingHasNothingOfTheLastEpoch() {
    assertThat(loss(5, 4, 100, 100, 100).heard(SAFE, log(3, 130)).isNothing()).isTrue();
    assertThat(loss(5, 4, 100, 100, 100).heard(SAFE, log(4, 90)).isNothing()).isTrue();
  }

  @Test
  void whatIsAnnouncedOfAnEarlierEpochThanThatOfWhatWasKeptIsNotLost() {
    var announced = loss(5, 4, 100, 100, 100).extended(SAFE, log(3, 130), 80);

    assertThat(announced.isNothing()).isTrue();
  }

  /** One that is not waited for announces such a cut only if it knows that it was committed. */
  @Test
  void whatIsAnnouncedOfAnEarlierEpochByOneThatIsNotWaitedForIsTakenAtItsWord() {
    assertThat(loss(5, 4, 100, 100, 100).extended(OTHER, log(3, 130), 80).toString())
        .isEqualTo("at least [80, 130) of epochs before 5");
  }

  @Test
  void aReplicaThatMayLackRecordsMakesNothingExact() {
    var extended = loss(5, 4, 100, 100, 110).extended(OTHER, log(4, 130), 100);

    assertThat(extended.isExact()).isFalse();
    assertThat(extended.to()).isEqualTo(130);
    assertThat(extended.unheard()).containsExactly(SAFE);
  }

  @Test
  void staysAtLeastWhenNobodyCanSayMore() {
    var loss = loss(5, 4, 100, 100, 110).withoutHopeOf(SAFE);

    assertThat(loss.heard(SAFE, log(4, 130))).isEqualTo(loss);
    assertThat(loss.isExact()).isFalse();
    assertThat(loss.unheard()).isEmpty();
  }

  @Test
  void neverBecomesExactWhereLaterLeadersMayHaveOverwrittenWhatWasKept() {
    var loss = loss(9, 4, 100, 70, 110);

    var heard = loss.heard(SAFE, log(7, 120)).extended(OTHER, log(7, 140), 65);

    assertThat(heard.isExact()).isFalse();
    assertThat(heard.from()).isEqualTo(65);
    assertThat(heard.to()).isEqualTo(140);
  }

  @Test
  void isExactWhenAReplicaThatHeldEverythingJoinsWithoutHavingAnnouncedACut() {
    var joined = loss(5, 4, 100, 100, 110).joinedBy(SAFE);

    assertThat(joined.isExact()).isTrue();
    assertThat(joined.to()).isEqualTo(110);
    assertThat(loss(5, 4, 100, 100, 110).joinedBy(OTHER).isExact()).isFalse();
  }

  @Test
  void aLogThatHasCopiedFromTheNewLeaderDoesNotTellWhereItEndedBefore() {
    var heard = loss(5, 4, 100, 100, 110).heard(SAFE, log(5, 130));

    assertThat(heard.isExact()).isTrue();
    assertThat(heard.to()).isEqualTo(110);
  }

  @Test
  void coversWhatIsWithinAndAllBeyondOnceItIsExact() {
    var loss = loss(5, 4, 100, 100, 110);

    assertThat(loss.covers(100, 110)).isTrue();
    assertThat(loss.covers(99, 110)).isFalse();
    assertThat(loss.covers(100, 111)).isFalse();
    assertThat(loss.heard(SAFE, log(4, 110)).covers(100, 150)).isTrue();
  }

  @Test
  void aLogIsSubjectToTheFirstLossAfterItsLastEpoch() {
    var losses = Losses.NONE.with(loss(5, 4, 100, 100, 110)).with(loss(9, 8, 150, 150, 160));

    assertThat(losses.after(log(4, 1)).orElseThrow().leaderEpoch()).isEqualTo(new LeaderEpoch(5));
    assertThat(losses.after(log(5, 1)).orElseThrow().leaderEpoch()).isEqualTo(new LeaderEpoch(9));
    assertThat(losses.after(log(9, 1))).isEmpty();
    assertThat(losses.after(LogEnd.NOTHING).orElseThrow().leaderEpoch())
        .isEqualTo(new LeaderEpoch(5));
  }

  @Test
  void whatALossHasKeptOfALogALaterOneMayHaveTaken() {
    var unsure = loss(5, 4, 200, 100, 300);
    var later = loss(9, 8, 150, 150, 160);
    var losses = Losses.NONE.with(unsure).with(later);

    assertThat(losses.thatMayHaveTakenOf(log(4, 180))).as("all kept").containsExactly(later);
    assertThat(losses.thatMayHaveTakenOf(log(4, 140))).as("and nothing taken").isEmpty();
    assertThat(losses.thatMayHaveTakenOf(log(4, 250))).containsExactly(unsure, later);
    assertThat(losses.thatMayHaveTakenOf(log(3, 180))).containsExactly(unsure, later);
    assertThat(losses.thatMayHaveTakenOf(log(3, 140))).containsExactly(unsure);
    assertThat(losses.thatMayHaveTakenOf(log(8, 180))).containsExactly(later);
  }

  @Test
  void aLossThatIsCutCleanLeavesNothingOfALogToALaterOne() {
    var first = loss(5, 4, 100, 100, 110);
    var losses = Losses.NONE.with(first).with(loss(9, 8, 150, 150, 160));

    assertThat(losses.thatMayHaveTakenOf(log(4, 180))).containsExactly(first);
    assertThat(losses.thatMayHaveTakenOf(log(4, 90))).isEmpty();
  }

  @Test
  void aLaterLossThatBeginsNoHigherSaysAllThatTheEarlierOneSaid() {
    var losses = Losses.NONE.with(loss(5, 4, 100, 100, 120)).with(loss(9, 8, 100, 100, 105));

    assertThat(losses.all()).hasSize(1);
    assertThat(losses.all().getFirst().to()).isEqualTo(120);
    assertThat(losses.all().getFirst().heard(SAFE, log(8, 105)).isExact())
        .as("what the earlier one did not know, nobody will learn")
        .isFalse();
  }

  @Test
  void aLaterLossReachesAtLeastAsFarAsTheExactOneInWhosePlaceItIs() {
    var first = loss(5, 4, 100, 100, 150).heard(SAFE, log(4, 120));
    var second = loss(7, 6, 100, 100, 105);

    var losses = Losses.NONE.with(first).with(second);

    assertThat(losses.all()).hasSize(1);
    assertThat(losses.all().getFirst().to()).isEqualTo(150);
    assertThat(losses.all().getFirst().isExact()).isFalse();
    assertThat(losses.mapped(loss -> loss.heard(SAFE, log(6, 105))).all().getFirst().toString())
        .isEqualTo("exactly [100, 150) of epochs before 7");
  }

  /** Somebody may have cut on the strength of the earlier one. */
  @Test
  void aLossInWhoseRangeThereIsAGapTakesOverAllThatAnEarlierOneDeclared() {
    var apart = Losses.NONE.with(loss(5, 4, 150, 150, 200)).with(withGap()).all();

    assertThat(apart)
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.toString())
              .isEqualTo("at least [150, 200) and [300, 310) of epochs before 9");
          assertThat(loss.covers(150, 200)).isTrue();
          assertThat(loss.covers(150, 310)).isFalse();
        });
    assertThat(Losses.NONE.with(loss(5, 4, 150, 150, 305)).with(withGap()).all())
        .extracting(DeclaredLoss::toString)
        .containsExactly("at least [150, 310) of epochs before 9");
    var earlier = loss(5, 4, 150, 150, 200).extended(OTHER, log(4, 200), 120);
    assertThat(Losses.NONE.with(earlier).with(withGap()).all().getFirst().covers(120, 200))
        .isTrue();
  }

  /** Of epochs before 9, from 100 on, but nothing below 300 was declared yet. */
  private static DeclaredLoss withGap() {
    return new DeclaredLoss(
        new LeaderEpoch(9),
        log(8, 300),
        100,
        new OffsetRange(300, 310),
        Optional.empty(),
        false,
        TreePSet.empty(),
        TreePSet.empty(),
        LossCause.MODE);
  }

  @Test
  void whatTurnedOutToBeNothingTakesNoPlaceIfItIsTheLast() {
    var losses = Losses.NONE.with(loss(5, 4, 100, 100, 110)).with(loss(9, 8, 200, 200, 200));

    var heard = losses.mapped(loss -> loss.from() == 200 ? loss.joinedBy(SAFE) : loss);

    assertThat(heard.all()).hasSize(1);
    assertThat(heard.disprovedSince(losses)).containsExactly(losses.all().getLast());
    assertThat(heard.newsSince(losses)).isEmpty();
  }

  /** Else a log from before it would be cut below the later one, and announced as lost with it. */
  @Test
  void whatTurnedOutToBeNothingStillSaysWhereLogsFromBeforeItMayBeCut() {
    var losses = Losses.NONE.with(loss(5, 4, 100, 100, 100)).with(loss(9, 8, 200, 200, 210));

    var heard = losses.mapped(loss -> loss.from() == 100 ? loss.joinedBy(SAFE) : loss);

    var first = heard.after(log(4, 250)).orElseThrow();
    assertThat(first.isNothing()).isTrue();
    assertThat(first.covers(100, 250)).isTrue();
    assertThat(heard.disprovedSince(losses)).containsExactly(losses.all().getFirst());
    assertThat(heard.newsSince(losses)).isEmpty();
    var later = heard.mapped(loss -> loss.joinedBy(OTHER));
    assertThat(later.disprovedSince(heard)).as("it was said").isEmpty();
  }

  @Test
  void whatTurnedOutToBeNothingGoesFirstWhenThereAreTooMany() {
    var losses = Losses.NONE;
    for (int i = 0; i < Losses.COUNT_MAX; i++) {
      losses = losses.with(numbered(i));
    }
    var nothing = losses.at(new LeaderEpoch(9)).orElseThrow();
    losses =
        losses.mapped(loss ->
            loss.equals(nothing)
                ? loss(9, 8, loss.from(), loss.from(), loss.from()).joinedBy(SAFE)
                : loss);
    assertThat(losses.all()).hasSize(Losses.COUNT_MAX);

    losses = losses.with(numbered(Losses.COUNT_MAX));

    assertThat(losses.all()).hasSize(Losses.COUNT_MAX);
    assertThat(losses.at(new LeaderEpoch(9))).isEmpty();
    assertThat(losses.at(new LeaderEpoch(13))).as("told apart as before").isPresent();
  }

  @Test
  void whatTurnedOutToBeNothingMakesALaterLossNoLonger() {
    var losses = Losses.NONE.with(loss(5, 4, 100, 100, 100)).with(loss(9, 8, 200, 200, 210));
    var heard = losses.mapped(loss -> loss.from() == 100 ? loss.joinedBy(SAFE) : loss);

    var after = heard.with(loss(11, 10, 90, 90, 95));

    assertThat(after.all()).hasSize(1);
    assertThat(after.last().orElseThrow().to()).as("as far as the second").isEqualTo(210);
    var alone = new Losses(List.of(loss(5, 4, 100, 100, 100).joinedBy(SAFE)));
    assertThat(alone.with(loss(11, 10, 90, 90, 95)).last().orElseThrow().to()).isEqualTo(95);
  }

  @Test
  void ofTooManyTheTwoThatBeginClosestAreNoLongerToldApart() {
    var losses = tooMany();

    assertThat(losses.all()).hasSize(Losses.COUNT_MAX);
    var both = losses.at(new LeaderEpoch(15)).orElseThrow();
    assertThat(losses.at(new LeaderEpoch(13))).isEmpty();
    assertThat(both.from()).isEqualTo(4_000);
    assertThat(both.toString()).isEqualTo("at least [4500, 4510) of epochs before 15");
    assertThat(both.isCutClean()).isFalse();
  }

  /** Records in it were written after the first loss, and nobody has given them up. */
  @Test
  void nothingBetweenTwoThatAreNoLongerToldApartMayGoUnannounced() {
    var both = tooMany().at(new LeaderEpoch(15)).orElseThrow();

    assertThat(both.covers(4_500, 4_510)).isTrue();
    assertThat(both.covers(4_499, 4_510)).isFalse();
    assertThat(both.covers(4_000, 4_010)).isFalse();
    assertThat(tooMany().after(log(13, 4_300))).contains(both);
    var announced = both.extended(OTHER, log(4, 4_300), 4_200);
    assertThat(announced.covers(4_200, 4_300)).isTrue();
    assertThat(announced.covers(4_300, 4_400)).as("nobody spoke of it").isFalse();
    assertThat(announced.covers(4_200, 4_510)).isFalse();
    assertThat(announced.covers(4_500, 4_510)).isTrue();
    assertThat(announced.offsets()).isEqualTo(110);
    assertThat(announced.saysNoMoreThan(both)).isFalse();
    var more = announced.extended(OTHER, log(4, 4_350), 4_250);
    assertThat(more.covers(4_200, 4_350)).isTrue();
    assertThat(more.offsets()).isEqualTo(160);
    var all = announced.extended(OTHER, log(4, 4_520), 4_300);
    assertThat(all.covers(4_200, 4_520)).isTrue();
    assertThat(all.offsets()).isEqualTo(320);
    assertThat(announced.heard(SAFE, log(4, 4_510)).isExact()).isFalse();
  }

  @Test
  void thatTwoAreNoLongerToldApartIsNoNews() {
    var losses = tooMany();
    var before = Losses.NONE;
    for (int i = 0; i < Losses.COUNT_MAX; i++) {
      before = before.with(numbered(i));
    }

    assertThat(losses.newsSince(before)).containsExactly(losses.last().orElseThrow());
    assertThat(losses.disprovedSince(before)).isEmpty();
  }

  @Test
  void countsOnlyWhatWasNotDeclaredBefore() {
    var before = Losses.NONE.with(loss(5, 4, 100, 100, 150));
    var after = before.with(loss(7, 6, 90, 90, 95));

    assertThat(after.last().orElseThrow().offsets()).isEqualTo(60);
    assertThat(after.declaredBefore(after.last().orElseThrow(), before)).isEqualTo(50);
    var more = before.with(loss(7, 6, 200, 200, 210));
    assertThat(more.declaredBefore(more.last().orElseThrow(), before)).isZero();
  }

  /** The fifth and sixth begin closest to each other, but for the last two. */
  private static Losses tooMany() {
    var losses = Losses.NONE;
    for (int i = 0; i < Losses.COUNT_MAX + 1; i++) {
      losses = losses.with(numbered(i));
    }
    return losses;
  }

  private static DeclaredLoss numbered(int i) {
    long from = i == 5 ? 4_500 : i == Losses.COUNT_MAX ? 1_000L * (i - 1) + 1 : 1_000L * i;
    return loss(5 + 2 * i, 4 + 2 * i, from, from, from + 10);
  }

  private static DeclaredLoss loss(int epoch, int keptEpoch, long keptEnd, long from, long to) {
    return loss(epoch, keptEpoch, keptEnd, from, to, TreePSet.singleton(SAFE));
  }

  private static DeclaredLoss loss(
      int epoch, int keptEpoch, long keptEnd, long from, long to, TreePSet<NodeId> unheard) {
    return new DeclaredLoss(
        new LeaderEpoch(epoch), log(keptEpoch, keptEnd), from, to, false, unheard, LossCause.MODE);
  }

  private static LogEnd log(int epoch, long end) {
    return new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
  }
}
