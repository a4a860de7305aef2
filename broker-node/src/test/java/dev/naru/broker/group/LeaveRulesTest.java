package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.Test;

class LeaveRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 4);

  @Test
  void handsOnAtOnceWhatALeaverHad() {
    group.settledWith(1, 2);
    int granted = group.hold(2, "a3").grantedEpoch();

    group.accept(group.leave(1));

    assertThat(group.allowed(2)).containsExactly("a0", "a1", "a2", "a3");
    assertThat(group.hold(2, "a3").grantedEpoch()).isEqualTo(granted);
    assertThat(group.image().isTargetDue()).isFalse();
  }

  @Test
  void handsOnAtOnceWhatASilentMemberHad() {
    group.settledWith(1, 2);

    group.accept(group.expire(2));

    assertThat(group.image().member(id(2))).isEmpty();
    assertThat(group.allowed(1)).hasSize(4);
  }

  @Test
  void letsAStandbyStepIn() {
    group.topic("a", 1);
    group.settledWith(1, 2);
    assertThat(group.member(2).isStandby()).isTrue();

    group.accept(group.expire(1));

    assertThat(group.allowed(2)).containsExactly("a0");
    assertThat(group.member(2).isStandby()).isFalse();
  }

  @Test
  void knowsSinceWhenAGroupIsEmpty() {
    group.settledWith(1);
    assertThat(group.image().header().orElseThrow().emptySinceMillis()).isEmpty();
    group.pass(500);

    group.accept(group.leave(1));

    assertThat(group.image().header().orElseThrow().emptySinceMillis()).hasValue(group.nowMillis());
    assertThat(group.image().state()).isEqualTo(GroupState.EMPTY);

    group.accept(group.joining(2, "a"));

    assertThat(group.image().header().orElseThrow().emptySinceMillis()).isEmpty();
  }

  @Test
  void changesNothingForWhoIsNotThere() {
    group.settledWith(1);

    assertThat(group.accept(group.leave(2)).events()).isEmpty();
    assertThat(group.accept(group.expire(2)).events()).isEmpty();
  }

  @Test
  void keepsThePlaceOfOneThatIsAway() {
    group.settledWith(1, 2);

    group.accept(group.goAway(1));

    assertThat(group.target(1)).containsExactly("a0", "a2");
    assertThat(group.allowed(2)).containsExactly("a1", "a3");
    assertThat(group.accept(group.goAway(1)).events()).isEmpty();
  }

  /** Nobody would read what it is given until it is back. */
  @Test
  void dealsNothingToOneThatIsAway() {
    group.topic("a", 6).settledWith(1, 2, 3);
    group.accept(group.goAway(1));

    group.accept(group.expire(3));

    assertThat(group.allowed(2)).hasSize(4);
    assertThat(group.target(1)).hasSize(2);

    group.accept(group.joining(1, "a"));
    group.retarget();
    assertThat(group.target(1)).hasSize(3);
  }

  @Test
  void dealsToOneThatIsAwayWhatNobodyElseWants() {
    group.settledWith(1);
    group.accept(group.goAway(1));
    group.topic("a", 6);

    group.retarget();

    assertThat(group.target(1)).hasSize(6);
  }

  @Test
  void takesTheLastCommitOfOneThatIsAway() {
    group.settledWith(1, 2);
    int epoch = group.epoch(1);
    group.accept(group.goAway(1));

    assertThat(group.accept(group.commit(1, epoch, "a0", 5)).refused()).isEmpty();
  }

  @Test
  void doesNotWaitForOneThatIsAwayToGiveBack() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();

    group.accept(group.goAway(1));

    assertThat(group.allowed(2)).containsExactly("a2", "a3");

    group.accept(group.joining(3, "a").instance("i"));
    group.retarget();
    group.settle();

    assertThat(group.allowed(3)).isNotEmpty();
    assertThat(group.member(1).owesSomething()).isFalse();
  }

  @Test
  void handsOnAPlaceThatNobodyCameFor() {
    group.settledWith(1, 2);
    group.accept(group.goAway(1));

    group.accept(group.expire(1));

    assertThat(group.allowed(2)).hasSize(4);
  }

  @Test
  void fencesWhatAMemberSendsAfterItWasTakenOut() {
    group.settledWith(1, 2);
    int epoch = group.epoch(1);
    group.accept(group.expire(1));

    assertThat(group.refusal(group.commit(1, epoch, "a0", 5))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(group.subscribe(1, "a"))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(group.joining(1, "a").knowing(epoch)))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
  }
}
