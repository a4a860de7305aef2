package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.partition;
import static dev.naru.broker.group.TestGroup.topicId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupCommand.Delete;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class ExpiryRulesTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private final TestGroup group = new TestGroup().topic("a", 4).topic("b", 1);

  @Test
  void keepsOffsetsForAWeekAfterTheLastMemberWent() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.pass(WEEK.toMillis());
    group.accept(group.leave(1));
    group.pass(WEEK.toMillis() - 1);

    assertThat(forget().events()).isEmpty();
    group.pass(1);
    forget();

    assertThat(group.image().offsets()).isEmpty();
    assertThat(group.image().exists()).isFalse();
  }

  @Test
  void neverForgetsWhileThereAreMembers() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.pass(10 * WEEK.toMillis());

    assertThat(forget().events()).isEmpty();
  }

  @Test
  void countsOneThatIsAwayAsAMember() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.accept(group.goAway(1));
    group.pass(10 * WEEK.toMillis());

    assertThat(forget().events()).isEmpty();
  }

  @Test
  void forgetsEachOffsetByItselfInAGroupThatNeverHadMembers() {
    group.accept(group.commit(Optional.empty(), 0, "a0", 5));
    group.pass(1_000);
    group.accept(group.commit(Optional.empty(), 0, "a1", 5));
    group.pass(WEEK.toMillis() - 1_000);

    forget();

    assertThat(TestGroup.texts(group.image().offsets().keySet())).containsExactly("a1");
    assertThat(group.image().exists()).isTrue();
  }

  @Test
  void isNotImpressedByAClockThatWasSetBack() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.accept(group.leave(1));
    group.pass(-10 * WEEK.toMillis());

    assertThat(forget().events()).isEmpty();
  }

  @Test
  void forgetsAGroupThatNeverCommitted() {
    group.settledWith(1);
    group.accept(group.leave(1));

    forget();

    assertThat(group.image()).isEqualTo(GroupImage.empty("app"));
  }

  /** A coordinator that drops what is empty must not drop a group that it has read by half. */
  @Test
  void isNotEmptyBeforeItsLogIsReadToTheEnd() {
    group.settledWith(1);
    assertThat(GroupImage.empty("app").isEmpty()).isTrue();

    for (var event : group.log()) {
      assertThat(GroupMachine.evolve(GroupImage.empty("app"), event).isEmpty()).isFalse();
    }
  }

  @Test
  void deletesOnlyWhatIsThereAndHasNoMembers() {
    assertThat(group.refusal(new Delete())).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    group.settledWith(1);
    assertThat(group.refusal(new Delete())).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.accept(group.leave(1));

    group.accept(new Delete());

    assertThat(group.image()).isEqualTo(GroupImage.empty("app"));
  }

  @Test
  void deletesInPortionsTheGroupLast() {
    group.topic("a", 8_000);
    for (int portion = 0; portion < 2; portion++) {
      var offsets = TreePMap.<PartitionId, Committed>empty();
      for (int i = 0; i < 4_000; i++) {
        offsets =
            offsets.plus(
                new PartitionId(topicId("a"), portion * 4_000 + i), Committed.at(1, 1_000));
      }
      group.accept(new Reset(offsets, group.knownTopics(), 1_000));
    }

    group.accept(new Delete());
    assertThat(group.image().offsets()).hasSize(3_000);
    assertThat(group.image().exists()).isTrue();

    group.accept(new Delete());
    assertThat(group.refusal(new Delete())).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
  }

  @Test
  void forgetsChosenOffsetsOfTopicsThatNobodySubscribesTo() {
    assertThat(group.refusal(deletion("a0"))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    group.accept(group.commit(Optional.empty(), 0, "a0", 5));
    group.accept(group.commit(Optional.empty(), 0, "a1", 5));
    group.accept(group.commit(Optional.empty(), 0, "b0", 5));
    group.accept(group.joining(1, "b"));

    assertThat(group.refusal(deletion("a0", "b0"))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    group.accept(deletion("a0", "a3"));

    assertThat(TestGroup.texts(group.image().offsets().keySet())).containsExactly("a1", "b0");
    assertThat(group.accept(deletion("a0")).events()).isEmpty();
  }

  @Test
  void forgetsAGroupWithTheLastOffsetThatIsDeleted() {
    group.accept(group.commit(Optional.empty(), 0, "a0", 5));
    group.accept(group.commit(Optional.empty(), 0, "b0", 5));

    group.accept(deletion("a0"));
    assertThat(group.image().exists()).isTrue();
    group.accept(deletion("b0"));

    assertThat(group.image()).isEqualTo(GroupImage.empty("app"));
  }

  private static DeleteOffsets deletion(String... partitions) {
    var named = TreePMap.<PartitionId, String>empty();
    for (var text : partitions) {
      named = named.plus(partition(text), text.substring(0, 1));
    }
    return new DeleteOffsets(named);
  }

  @Test
  void forgetsDeletedTopicsAlsoWhileThereAreMembers() {
    group.accept(group.joining(1, "a", "b"));
    group.retarget();
    group.accept(group.commit(1, group.epoch(1), "a0", 5));
    group.accept(group.commit(1, group.epoch(1), "b0", 5));

    group.accept(new ForgetTopics(TreePSet.singleton(topicId("a"))));

    assertThat(group.image().committed(partition("a0"))).isEmpty();
    assertThat(group.image().committed(partition("b0"))).isPresent();
    assertThat(group.image().header().orElseThrow().firstSeen()).containsOnlyKeys(topicId("b"));
    assertThat(group.accept(new ForgetTopics(TreePSet.singleton(topicId("a")))).events()).isEmpty();
  }

  private Decision.Accepted forget() {
    return group.accept(new ForgetOffsets(WEEK, group.nowMillis()));
  }
}
