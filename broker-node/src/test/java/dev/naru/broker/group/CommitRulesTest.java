package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static dev.naru.broker.group.TestGroup.partition;
import static dev.naru.broker.group.TestGroup.topicId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class CommitRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 4);

  @Test
  void remembersWhatAMemberHasRead() {
    group.settledWith(1);

    group.accept(group.commit(1, group.epoch(1), "a0", 5));

    assertThat(offset("a0")).contains(5L);
  }

  @Test
  void letsAnOwnerGoBack() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 5));

    group.accept(group.commit(1, group.epoch(1), "a0", 2));

    assertThat(offset("a0")).contains(2L);
  }

  @Test
  void takesCommitsOfWhatIsToBeGivenBack() {
    group.settledWith(1);
    int before = group.epoch(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    assertThat(group.hold(1, "a3").isRevoked()).isTrue();

    assertThat(group.accept(group.commit(1, before, "a3", 5)).refused()).isEmpty();
    assertThat(group.accept(group.commit(1, group.epoch(1), "a3", 6)).refused()).isEmpty();
    assertThat(offset("a3")).contains(6L);
  }

  @Test
  void refusesCommitsOfWhatWasGivenBack() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    int epoch = group.epoch(1);
    group.holding(1, epoch, "a0", "a1");

    assertThat(fenced(group.commit(1, epoch, "a3", 5))).isTrue();
    assertThat(offset("a3")).isEmpty();
  }

  @Test
  void refusesCommitsOfAnEarlierGrant() {
    group.settledWith(1);
    int before = group.epoch(1);
    group.accept(group.joining(1, "a"));

    assertThat(fenced(group.commit(1, before, "a0", 5))).isTrue();
    assertThat(fenced(group.commit(1, group.epoch(1), "a0", 5))).isFalse();
  }

  @Test
  void takesSomeAndRefusesOthers() {
    group.settledWith(1, 2);
    var offsets =
        TreePMap.<PartitionId, Committed>empty()
            .plus(partition("a0"), Committed.at(5, 0))
            .plus(partition("a3"), Committed.at(5, 0))
            .plus(partition("a1"), Committed.at(-5, 0));
    var mine = group.held(1);

    var accepted =
        group.accept(
            new Commit(Optional.of(id(1)), group.epoch(1), offsets, group.knownTopics(), 0));

    assertThat(mine).containsExactly("a0", "a2");
    assertThat(accepted.events()).hasSize(1);
    assertThat(code(accepted, "a3")).contains(ErrorCode.FENCED_MEMBER);
    assertThat(accepted.refused()).hasSize(2);
  }

  @Test
  void saysWhatIsWrongWithAnOffset() {
    group.settledWith(1);
    var note = new Committed(1, Optional.empty(), "x".repeat(4_097), 0);
    var offsets =
        TreePMap.<PartitionId, Committed>empty()
            .plus(partition("a0"), note)
            .plus(partition("a1"), Committed.at(-1, 0));

    var accepted =
        group.accept(
            new Commit(Optional.of(id(1)), group.epoch(1), offsets, group.knownTopics(), 0));

    assertThat(code(accepted, "a0")).contains(ErrorCode.LIMIT_EXCEEDED);
    assertThat(code(accepted, "a1")).contains(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void refusesOffsetsOfDeletedTopics() {
    group.settledWith(1);

    var accepted =
        group.accept(
            new Commit(
                Optional.of(id(1)),
                group.epoch(1),
                TreePMap.singleton(partition("a0"), Committed.at(1, 0)),
                new KnownTopics(TreePMap.empty(), TreePSet.singleton(topicId("a"))),
                0));

    assertThat(code(accepted, "a0")).contains(ErrorCode.TOPIC_NOT_FOUND);
  }

  @Test
  void fencesWhoClaimsAnEpochThatWasNeverTold() {
    group.settledWith(1);

    assertThat(group.refusal(group.commit(1, group.epoch(1) + 1, "a0", 5)))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(group.commit(2, 1, "a0", 5))).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void takesCommitsWithoutAMemberOnlyWhileThereIsNone() {
    group.accept(group.commit(Optional.empty(), 0, "a0", 5));
    assertThat(group.image().exists()).isTrue();
    assertThat(group.image().state()).isEqualTo(GroupState.EMPTY);

    group.accept(group.joining(1, "a"));

    assertThat(group.refusal(group.commit(Optional.empty(), 0, "a0", 6)))
        .isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(offset("a0")).contains(5L);
  }

  @Test
  void resetsAGroupWithoutMembers() {
    var reset =
        new Reset(
            TreePMap.singleton(partition("a0"), Committed.at(42, 0)), group.knownTopics(), 1_000);

    group.accept(reset);
    assertThat(offset("a0")).contains(42L);

    group.accept(group.joining(1));
    assertThat(group.refusal(reset)).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
  }

  @Test
  void refusesTooManyOffsets() {
    var offsets =
        TreePMap.from(
            IntStream.rangeClosed(0, GroupLimits.OFFSETS_MAX)
                .boxed()
                .collect(
                    Collectors.toMap(
                        number -> new PartitionId(topicId("a"), number),
                        number -> Committed.at(1, 0))));

    assertThat(group.refusal(new Reset(offsets, group.knownTopics(), 0)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  /** Made-up ids would be kept for days, and shut out everybody else. */
  @Test
  void refusesTopicsAndPartitionsThatNobodyKnowsOf() {
    var byNobody = group.accept(group.commit(Optional.empty(), 0, "x0", 5));
    assertThat(code(byNobody, "x0")).contains(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(byNobody.events()).isEmpty();
    assertThat(code(group.accept(group.commit(Optional.empty(), 0, "a4", 5)), "a4"))
        .contains(ErrorCode.PARTITION_NOT_FOUND);

    group.accept(Joining.of(id(1), "a").offering("range"));
    group.accept(group.closeRound());
    group.accept(ClassicRulesTest.sync(1, 1, 1));
    assertThat(code(group.accept(group.commit(1, 1, "x0", 5)), "x0"))
        .contains(ErrorCode.TOPIC_NOT_FOUND);
  }

  /** What was granted existed, although this node may be the last to hear of it. */
  @Test
  void takesCommitsOfWhatItGrantedWhateverItKnowsOfTopics() {
    group.settledWith(1);
    var known = new KnownTopics(TreePMap.empty(), TreePSet.empty());
    var offsets = TreePMap.singleton(partition("a0"), Committed.at(5, 0));

    var accepted = group.accept(new Commit(Optional.of(id(1)), group.epoch(1), offsets, known, 0));

    assertThat(accepted.refused()).isEmpty();
  }

  @Test
  void refusesTooManyNotes() {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    var note = "x".repeat(GroupLimits.NOTE_BYTES_MAX);
    for (int i = 0; i <= GroupLimits.NOTES_CHARS_MAX / GroupLimits.NOTE_BYTES_MAX; i++) {
      offsets =
          offsets.plus(
              new PartitionId(topicId("a"), i), new Committed(1, Optional.empty(), note, 0));
    }

    assertThat(group.refusal(new Reset(offsets, group.knownTopics(), 0)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private static Optional<ErrorCode> code(Accepted accepted, String partition) {
    return Optional.ofNullable(accepted.refused().get(partition(partition))).map(Refused::code);
  }

  private boolean fenced(Commit commit) {
    return group.accept(commit).refused().values().stream()
        .anyMatch(why -> why.code() == ErrorCode.FENCED_MEMBER);
  }

  private Optional<Long> offset(String partition) {
    return group.image().committed(partition(partition)).map(Committed::offset);
  }
}
