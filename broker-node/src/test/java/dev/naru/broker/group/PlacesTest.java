package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.Test;

class PlacesTest {

  private final TestGroup group = new TestGroup().topic("a", 4).topic("b", 2);

  @Test
  void givesTheSamePlaceToTheNextProcessWithTheInstanceId() {
    twoInstances();
    int other = group.epoch(2);
    group.accept(group.goAway(1));

    group.accept(group.joining(3, "a").instance("i"));

    assertThat(group.image().member(id(1))).isEmpty();
    assertThat(group.allowed(3)).containsExactly("a0", "a2");
    assertThat(group.epoch(2)).isEqualTo(other);
    group.retarget();
    assertThat(group.epoch(2)).isEqualTo(other);
    assertThat(group.image().state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void fencesTheOldProcessWhenAnotherHasItsPlace() {
    twoInstances();
    int epoch = group.epoch(1);

    group.accept(group.joining(3, "a").instance("i"));

    assertThat(group.refusal(group.commit(1, epoch, "a0", 5))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.hold(3, "a0").grantedEpoch()).isGreaterThan(epoch);
    assertThat(group.image().isTargetDue()).isFalse();
  }

  @Test
  void doesNotLetTwoLivingProcessesDriveEachOtherOut() {
    twoInstances();

    assertThat(group.refusal(group.joining(3, "a").instance("i").whileAttended()))
        .isEqualTo(ErrorCode.INSTANCE_ID_IN_USE);
  }

  @Test
  void givesThePlaceOfOneThatIsAwayWhateverItsStreamDoes() {
    twoInstances();
    group.accept(group.goAway(1));

    group.accept(group.joining(3, "a").instance("i").whileAttended());

    assertThat(group.allowed(3)).hasSize(2);
  }

  @Test
  void freesWhatTheOldProcessWasToGiveBack() {
    group.accept(group.joining(1, "a").instance("i"));
    group.retarget();
    group.accept(group.joining(2, "a").instance("j"));
    group.retarget();
    assertThat(group.allowed(2)).isEmpty();

    group.accept(group.joining(3, "a").instance("i"));

    assertThat(group.allowed(3)).containsExactly("a0", "a1");
    assertThat(group.allowed(2)).containsExactly("a2", "a3");
  }

  @Test
  void sharesAnewWhenTheNewProcessWantsOtherTopics() {
    twoInstances();

    group.accept(group.joining(3, "b").instance("i"));

    assertThat(group.allowed(3)).containsExactly("b0", "b1");
    assertThat(group.allowed(2)).containsExactly("a0", "a1", "a2", "a3");
  }

  @Test
  void keepsATargetDueThatWasDue() {
    twoInstances();
    group.accept(group.joining(4, "a"));

    group.accept(group.joining(3, "a").instance("i"));

    assertThat(group.image().isTargetDue()).isTrue();
  }

  @Test
  void givesThePlaceOfALeaverToTheNextWhoWantsTheSame() {
    group.settledWith(1, 2);
    group.accept(group.goAway(1));

    group.accept(group.joining(3, "b"));
    group.accept(group.joining(4, "a"));

    assertThat(group.allowed(3)).isEmpty();
    assertThat(group.allowed(4)).containsExactly("a0", "a2");
    assertThat(group.image().members()).hasSize(3);
  }

  @Test
  void keepsThePlaceOfAnInstanceForThatInstance() {
    twoInstances();
    group.accept(group.goAway(1));

    group.accept(group.joining(3, "a"));
    group.accept(group.joining(4, "a").instance("k"));

    assertThat(group.image().members()).hasSize(4);
  }

  @Test
  void takesBackOneThatWasAwayItself() {
    twoInstances();
    group.accept(group.goAway(1));

    group.accept(group.joining(1, "a").instance("i"));

    assertThat(group.member(1).isAway()).isFalse();
    assertThat(group.allowed(1)).containsExactly("a0", "a2");
  }

  private void twoInstances() {
    group.accept(group.joining(1, "a").instance("i"));
    group.accept(group.joining(2, "a").instance("j"));
    group.retarget();
    group.settle();
  }
}
