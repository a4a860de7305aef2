package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 4).topic("b", 2);

  @Test
  void makesOneTargetForAllWhoCameTogether() {
    group.accept(group.joining(1, "a"));
    group.accept(group.joining(2, "a"));

    group.retarget();

    assertThat(group.allowed(1)).containsExactly("a0", "a2");
    assertThat(group.allowed(2)).containsExactly("a1", "a3");
    assertThat(group.image().isTargetDue()).isFalse();
  }

  @Test
  void movesNothingWhenAskedAgain() {
    group.settledWith(1, 2, 3);

    assertThat(group.retarget().events()).isEmpty();
  }

  @Test
  void sharesNewPartitionsAndForgetsDeletedTopics() {
    group.accept(group.joining(1, "a", "b"));
    group.retarget();

    group.topic("a", 5).withoutTopic("b");
    group.retarget();

    assertThat(group.allowed(1)).containsExactly("a0", "a1", "a2", "a3", "a4");
    assertThat(group.hold(1, "b0").isRevoked()).isTrue();
  }

  @Test
  void leavesWhatTakesLongToBeComputedBesideTheLoop() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));

    group.retarget();

    assertThat(group.image().isTargetDue()).isTrue();
    assertThat(group.target(1)).isEmpty();

    group.accept(computed(group.image()));

    assertThat(group.image().isTargetDue()).isFalse();
    assertThat(group.allowed(1)).hasSize(GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
  }

  @Test
  void refusesATargetForMembersThereAreNoMore() {
    group.settledWith(1, 2);
    var before = group.image();
    group.accept(group.expire(2));

    assertThat(group.refusal(computed(before))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  @Test
  void refusesATargetForTopicsAsTheyWere() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));
    var before = group.image();
    var slow = computed(before);
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 2);

    group.retarget();

    assertThat(group.refusal(slow)).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.image().isTargetDue()).isTrue();
  }

  @Test
  void refusesATargetForATakenPlace() {
    group.accept(group.joining(1, "a").instance("i"));
    var before = group.image();
    group.accept(group.joining(2, "a").instance("i"));

    assertThat(group.refusal(computed(before))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  /** Else a large group in which many give back would never get a new target. */
  @Test
  void takesATargetThatWasComputedWhileOthersGaveBack() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    group.accept(group.joining(3, "a"));
    var slow = computed(group.image());

    group.settle();

    assertThat(group.accept(slow).events()).isNotEmpty();
    assertThat(group.target(3)).isNotEmpty();
  }

  @Test
  void asksTheAssignorThatMostMembersWant() {
    group.accept(group.joining(1, "a").assignor("uniform"));
    assertThat(assignor()).isEqualTo("uniform");

    group.accept(group.joining(2, "a").assignor("range"));
    assertThat(assignor()).isEqualTo("range");

    group.accept(group.joining(3, "a").assignor("uniform"));
    assertThat(assignor()).isEqualTo("uniform");
  }

  @Test
  void isStickyUnlessSomebodyWantsOtherwise() {
    group.accept(group.joining(1, "a"));
    group.accept(group.joining(2, "a"));
    assertThat(assignor()).isEqualTo("sticky");

    group.accept(group.joining(3, "a").assignor("range"));
    assertThat(assignor()).isEqualTo("range");
  }

  @Test
  void doesNothingForAGroupWithoutMembers() {
    assertThat(group.retarget().events()).isEmpty();
  }

  private String assignor() {
    return TargetRules.assignor(group.image()).name();
  }

  private Retarget computed(GroupImage from) {
    var target = GroupMachine.target(from, group.topics());
    return new Retarget(
        Cause.JOINED,
        group.topics(),
        Optional.of(new Computed(target, from.header().orElseThrow().interestEpoch())));
  }

  @Test
  void tellsOnlyWhoIsConcerned() {
    group.settledWith(1, 2);
    int second = group.epoch(2);

    group.accept(group.joining(3, "b"));
    group.retarget();

    assertThat(group.epoch(2)).isEqualTo(second);
    assertThat(group.image().member(id(3)).orElseThrow().allowed()).hasSize(2);
  }
}
