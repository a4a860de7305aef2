package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static dev.naru.broker.group.TestGroup.partitions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.Test;

/** A partition moves from member 1 to member 2, and what may come in between. */
class HoldRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 2);

  @Test
  void ordersAPartitionBackBeforeItHandsItOn() {
    beginToMove();

    assertThat(group.allowed(1)).containsExactly("a0");
    assertThat(group.held(1)).containsExactly("a0", "a1");
    assertThat(group.hold(1, "a1").revokedEpoch()).hasValue(group.epoch(1));
    assertThat(group.allowed(2)).isEmpty();
    assertThat(group.image().state()).isEqualTo(GroupState.REBALANCING);
  }

  @Test
  void handsItOnWithTheCommandThatGivesItBack() {
    beginToMove();

    group.holding(1, group.epoch(1), "a0");

    assertThat(group.allowed(2)).containsExactly("a1");
    assertThat(group.epoch(2)).isEqualTo(group.image().epoch());
    assertThat(group.epoch(1)).isLessThan(group.epoch(2));
    assertThat(group.image().state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void freesNothingForWhatWasSaidBeforeTheOrder() {
    group.settledWith(1);
    int before = group.epoch(1);
    group.accept(group.joining(2, "a"));
    group.retarget();

    group.holding(1, before, "a0");

    assertThat(group.held(1)).containsExactly("a0", "a1");
    assertThat(group.allowed(2)).isEmpty();
  }

  @Test
  void freesNothingThatIsStillInTheMembersHands() {
    beginToMove();

    group.holding(1, group.epoch(1), "a0", "a1");

    assertThat(group.allowed(2)).isEmpty();
  }

  @Test
  void givesNothingAwayThatAMemberHasNotTakenYet() {
    beginToMove();

    group.holding(1, group.epoch(1));

    assertThat(group.held(1)).containsExactly("a0");
    assertThat(group.allowed(1)).containsExactly("a0");
  }

  @Test
  void hasAPartitionGivenBackThatReturnsToTheTargetAndGrantsItAnew() {
    beginToMove();
    int granted = group.hold(1, "a1").grantedEpoch();

    group.accept(group.leave(2));

    assertThat(group.target(1)).containsExactly("a0", "a1");
    assertThat(group.allowed(1)).containsExactly("a0");

    group.holding(1, group.epoch(1), "a0");

    assertThat(group.allowed(1)).containsExactly("a0", "a1");
    assertThat(group.hold(1, "a1").grantedEpoch()).isGreaterThan(granted);
  }

  @Test
  void changesNothingWhenItIsSaidTwice() {
    beginToMove();
    int epoch = group.epoch(1);
    group.holding(1, epoch, "a0");

    assertThat(group.holding(1, epoch, "a0").events()).isEmpty();
  }

  @Test
  void fencesWhoIsNotAMemberAndWhoHasWhatItCannotHave() {
    group.settledWith(1, 2);

    assertThat(group.refusal(new Holding(id(3), 1, partitions())))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(new Holding(id(1), group.epoch(1), partitions("a0", "a1"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(new Holding(id(1), group.epoch(1) + 1, partitions("a0"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  private void beginToMove() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
  }
}
