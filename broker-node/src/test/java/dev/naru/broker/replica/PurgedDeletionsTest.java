package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.Feed;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A deleted key comes back on no replica: ADR 0009, point 4. */
class PurgedDeletionsTest {

  @Test
  void aFollowerThatMayHoldWhatWasDeletedStartsOver() {
    var leading = Leading.purgedBelow(60);

    var order = accepted(leading.subscribe(2, tail(0, 50, 0)));

    assertThat(order.startOver()).isTrue();
    assertThat(order.from()).isZero();
    assertThat(order.forgotten().purgedBelow()).isEqualTo(60);
  }

  @Test
  void aFollowerThatHasReadThatFarGoesOn() {
    var order = accepted(Leading.purgedBelow(60).subscribe(2, tail(0, 60, 0)));

    assertThat(order.startOver()).isFalse();
    assertThat(order.from()).isEqualTo(60);
  }

  @Test
  void aFollowerThatStartedOverBeforeGoesOn() {
    var order = accepted(Leading.purgedBelow(60).subscribe(2, tail(0, 50, 60)));

    assertThat(order.startOver()).isFalse();
  }

  @Test
  void aFollowerThatCopiedFromALogThatWasNotCleanSoFarStartsOver() {
    var order = accepted(Leading.purgedBelow(60).subscribe(2, tail(0, 50, 59)));

    assertThat(order.startOver()).isTrue();
  }

  @Test
  void aFollowerThatCopiesFromTwoLogsIsAsCleanAsTheOneThatIsLess() {
    var leaders = new ForgottenDeletions(80, 70);

    assertThat(leaders.cleanOnceCopied(60, 50, false)).isEqualTo(60);
    assertThat(leaders.cleanOnceCopied(90, 50, false)).isEqualTo(70);
    assertThat(leaders.cleanOnceCopied(60, 50, true)).isEqualTo(70);
  }

  /** What is below its end was there before, and what comes is not deleted by a deletion before. */
  @Test
  void aFollowerThatIsCleanUpToBelowItsEndStaysSoUnderAnyLeader() {
    assertThat(ForgottenDeletions.NONE.cleanOnceCopied(60, 60, false)).isEqualTo(60);
    assertThat(ForgottenDeletions.NONE.cleanOnceCopied(60, 59, false)).isZero();
  }

  @Test
  void aFollowerWithoutRecordsHasNothingToForget() {
    var order = accepted(Leading.purgedBelow(60).subscribe(2, tail(0, 0, 0)));

    assertThat(order.startOver()).isFalse();
  }

  /** Deletions go below the high watermark only: it has all of them. */
  @Test
  void aFollowerThatHasAllThatWasCommittedGoesOn() {
    var order = accepted(Leading.purgedBelow(100).subscribe(3, tail(0, 95, 0)));

    assertThat(order.startOver()).isFalse();
    assertThat(order.from()).isEqualTo(95);
  }

  /** It may have been ruled out since, and cut: the leader cannot say whether it is complete. */
  @Test
  void aFollowerThatHasHeardOfANewerEntryIsAskedToComeAgain() {
    var leading = Leading.purgedBelow(100);
    var now = leading.assignment;
    leading.assignment = now.withIsr(1);
    var asked = leading.subscribeAsked(3, tail(0, 50, 0), now.leaderEpoch(), OptionalInt.empty());
    leading.assignment = now;

    assertIsAskedToComeAgain(leading.step(asked));
  }

  /** The controller may have taken it up already: then it has all that was committed. */
  @Test
  void aFollowerWhoseJoiningIsUndecidedIsAskedToComeAgain() {
    var leading = Leading.purgedBelow(0);
    leading.subscribe(3, Leading.EPOCH_START);
    assertThat(Leading.members(leading.subscribe(2, Leading.EPOCH_START))).contains(2);
    leading.step(new LeaderInput.SubscriptionEnded(leading.subscription(2)));
    leading.purgedBelow = 150;

    assertIsAskedToComeAgain(leading.subscribe(2, tail(0, 100, 0)));

    leading.image(leading.assignment.withIsr(1, 2, 3));
    assertThat(accepted(leading.subscribe(2, tail(0, 100, 0))).startOver()).isFalse();
  }

  /** It may have joined since: this leader is the last to hear of what it asked for. */
  @Test
  void aFollowerThatHasHeardOfANewerEntryIsNotToStartOver() {
    var leading = Leading.purgedBelow(60);
    var now = leading.assignment;
    leading.assignment = now.withIsr(1, 2, 3);
    var asked = leading.subscribeAsked(2, tail(0, 50, 0), now.leaderEpoch(), OptionalInt.empty());
    leading.assignment = now;

    assertIsAskedToComeAgain(leading.step(asked));
  }

  private static void assertIsAskedToComeAgain(List<LeaderEffect> effects) {
    assertThat(effects).noneMatch(Feed.class::isInstance);
    assertThat(effects)
        .filteredOn(LeaderEffect.Tell.class::isInstance)
        .singleElement()
        .extracting(effect -> ((LeaderEffect.Tell) effect).message())
        .isInstanceOfSatisfying(
            ToFollower.Refusal.class,
            refusal ->
                assertThat(refusal.why().code()).isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH));
  }

  private static LogTail tail(long start, long end, long cleanBelow) {
    var epoch = end > start ? Leading.epoch(2) : Optional.<LeaderEpoch>empty();
    return new LogTail(start, end, end, epoch, OptionalInt.empty(), cleanBelow);
  }

  private static ToFollower.AcceptOrder accepted(List<LeaderEffect> effects) {
    return effects.stream()
        .filter(Feed.class::isInstance)
        .map(effect -> ((Feed) effect).order())
        .findFirst()
        .orElseThrow();
  }
}
