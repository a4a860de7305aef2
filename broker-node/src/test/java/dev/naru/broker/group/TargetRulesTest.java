package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.array;
import static dev.naru.broker.group.TestGroup.id;
import static dev.naru.broker.group.TestGroup.topicId;
import static org.assertj.core.api.Assertions.assertThat;

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

    group.accept(group.computed(group.image(), group.topics()));

    assertThat(group.image().isTargetDue()).isFalse();
    assertThat(group.allowed(1)).hasSize(GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
  }

  @Test
  void refusesATargetForMembersThereAreNoMore() {
    group.settledWith(1, 2);
    var before = group.image();
    group.accept(group.expire(2));

    assertThat(group.refusal(group.computed(before, group.topics())))
        .isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  @Test
  void refusesATargetForTopicsAsTheyWere() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));
    var before = group.image();
    var slow = group.computed(before, group.topics());
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 2);

    group.retarget();

    assertThat(group.refusal(group.arriving(slow))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.image().isTargetDue()).isTrue();
  }

  @Test
  void refusesATargetForATakenPlace() {
    group.accept(group.joining(1, "a").instance("i"));
    var before = group.image();
    group.accept(group.joining(2, "a").instance("i"));

    assertThat(group.refusal(group.computed(before, group.topics())))
        .isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  /** Else a large group in which many give back would never get a new target. */
  @Test
  void takesATargetThatWasComputedWhileOthersGaveBack() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    group.accept(group.joining(3, "a"));
    var slow = group.computed(group.image(), group.topics());

    group.settle();

    assertThat(group.accept(group.arriving(slow)).events()).isNotEmpty();
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

  /**
   * Else dead partitions would be granted, and new ones read by nobody, for as long as no one
   * comes.
   */
  @Test
  void refusesATargetThatWasMadeMeanwhile() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "y", "z"));
    var slow = group.computed(group.image(), group.topics());
    group.withoutTopic("z").topic("y", 2);
    group.retarget();
    assertThat(group.image().isTargetDue()).isFalse();

    assertThat(group.refusal(group.arriving(slow))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.allowed(1)).containsExactly("y0", "y1");
  }

  @Test
  void takesATargetOnce() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));
    var slow = group.computed(group.image(), group.topics());
    group.accept(slow);

    assertThat(group.refusal(slow)).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  @Test
  void refusesATargetForTopicsThatHaveChangedUnnoticed() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));
    var before = group.topics();
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 2);

    assertThat(group.refusal(group.arriving(group.computed(group.image(), before))))
        .isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.image().isTargetDue()).isTrue();
  }

  /** A topic that is first seen with a computed target was there before: it is no new one. */
  @Test
  void remembersTopicsThatItSeesFirstWithAComputedTarget() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "y", "z"));
    group.topic("y", 2);

    group.accept(group.computed(group.image(), group.topics()));

    assertThat(group.image().header().orElseThrow().firstSeen()).containsEntry(topicId("y"), 0);
  }

  /**
   * A new coordinator may ask of every group, however large, whether its topics are as they were.
   */
  @Test
  void doesNothingForTopicsAsTheyAre() {
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);
    group.accept(group.joining(1, "z"));
    group.accept(group.computed(group.image(), group.topics()));
    group.topic("b", 7); // which nobody here reads

    assertThat(group.retarget().events()).isEmpty();
    assertThat(group.image().isTargetDue()).isFalse();
  }

  @Test
  void keepsItsTargetForOlderTopics() {
    group.settledWith(1, 2);
    var newer = group.topics();
    var older = new TopicsSeen(0, newer.topics().minus("a"));

    assertThat(group.refusal(new Retarget(Cause.LOADED, older, Optional.empty())))
        .isEqualTo(ErrorCode.COORDINATOR_LOADING);
    group.seeing(older);
    assertThat(group.refusal(group.joining(3, "a"))).isEqualTo(ErrorCode.COORDINATOR_LOADING);
    assertThat(group.refusal(group.subscribe(1, "b"))).isEqualTo(ErrorCode.COORDINATOR_LOADING);
    group.accept(group.joining(1, "a").knowing(group.epoch(1), array("a0", "a2")));
    group.accept(group.expire(2));
    assertThat(group.allowed(1)).containsExactly("a0", "a2");
    assertThat(group.image().isTargetDue()).isTrue();

    group.seeing(newer).retarget();
    assertThat(group.allowed(1)).hasSize(4);
  }

  /** Whoever finds a new topic first must not be given all of it, and give the rest away for it. */
  @Test
  void makesOneTargetForAllWhoSubscribeToMore() {
    group.settledWith(1, 2);
    var before = group.allowed(1);

    group.accept(group.subscribe(1, "a", "b"));
    group.accept(group.subscribe(2, "a", "b"));
    assertThat(group.image().isTargetDue()).isTrue();
    group.retarget();

    assertThat(group.allowed(1)).containsAll(before).hasSize(3);
    assertThat(group.allowed(2)).hasSize(3);
  }

  /** Nobody asked for it, so nobody must lose what it has. */
  @Test
  void sharesWhatThereIsRoomForWhenTopicsOutgrowTheLimit() {
    group.topic("y", 1).topic("z", GroupLimits.PARTITIONS_MAX - 1);
    group.accept(group.joining(1, "y", "z"));
    group.accept(group.joining(2, "y", "z"));
    group.accept(group.computed(group.image(), group.topics()));
    group.topic("y", 10);

    group.retarget();
    group.accept(group.computed(group.image(), group.topics()));
    group.accept(group.expire(2));
    group.accept(group.computed(group.image(), group.topics()));

    assertThat(group.allowed(1)).hasSize(GroupLimits.PARTITIONS_MAX).contains("y0");
    assertThat(group.image().isTargetDue()).isFalse();
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
