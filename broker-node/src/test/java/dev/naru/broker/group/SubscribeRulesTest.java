package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static dev.naru.broker.group.TestGroup.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class SubscribeRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 2).topic("b", 2);

  @Test
  void sharesAnewAtOnceWhatAMemberGivesUp() {
    group.settledWith(1, 2);

    group.accept(group.subscribe(1, "b"));

    assertThat(group.allowed(1)).containsExactly("b0", "b1");
    assertThat(group.target(2)).containsExactly("a0", "a1");
  }

  @Test
  void sharesALittleLaterWhatAMemberWantsBesides() {
    group.settledWith(1, 2);

    group.accept(group.subscribe(1, "a", "b"));
    assertThat(group.image().isTargetDue()).isTrue();
    assertThat(group.allowed(1)).containsExactly("a0");
    group.retarget();

    assertThat(group.allowed(1)).containsExactly("b0", "b1");
    assertThat(group.target(2)).containsExactly("a0", "a1");
  }

  @Test
  void ordersBackWhatAMemberDoesNotWantAnyMore() {
    group.settledWith(1);

    group.accept(group.subscribe(1, "b"));

    assertThat(group.allowed(1)).containsExactly("b0", "b1");
    assertThat(group.hold(1, "a0").isRevoked()).isTrue();
  }

  @Test
  void ordersBackAtOnceEvenWhenTheNewTargetTakesLong() {
    group.settledWith(1);
    group.topic("z", GroupLimits.PARTITIONS_AT_ONCE_MAX + 1);

    group.accept(group.subscribe(1, "z"));

    assertThat(group.image().isTargetDue()).isTrue();
    assertThat(group.allowed(1)).isEmpty();
  }

  @Test
  void keepsAMemberThatWantsNothing() {
    group.settledWith(1, 2);

    group.accept(group.subscribe(1));
    group.settle();

    assertThat(group.allowed(1)).isEmpty();
    assertThat(group.allowed(2)).containsExactly("a0", "a1");
  }

  @Test
  void changesNothingForTheSameTopics() {
    group.settledWith(1);

    assertThat(group.accept(group.subscribe(1, "a")).events()).isEmpty();
  }

  @Test
  void readsWhatWasThereBeforeAsTheApplicationWants() {
    group.settledWith(1);

    assertThat(fromStart(1)).containsExactly(false, false);
  }

  @Test
  void readsPartitionsThatWereAddedLaterFromTheirStart() {
    group.settledWith(1);

    group.topic("a", 4);
    group.retarget();

    assertThat(fromStart(1)).containsExactly(false, false, true, true);
  }

  @Test
  void readsATopicThatWasWaitedForFromItsStart() {
    group.withoutTopic("b");
    group.accept(group.joining(1, "b"));
    group.retarget();

    group.topic("b", 2);
    group.retarget();

    assertThat(fromStart(1)).containsExactly(true, true);
  }

  @Test
  void readsATopicThatSomebodyElseWaitedForFromItsStart() {
    group.withoutTopic("b");
    group.accept(group.joining(1, "b"));
    group.topic("b", 2);
    group.accept(group.joining(2, "b"));
    group.retarget();

    assertThat(fromStart(1)).containsExactly(true);
    assertThat(fromStart(2)).containsExactly(true);
  }

  @Test
  void readsATopicThatWasMadeWhileTheGroupRestedFromItsStart() {
    group.settledWith(1);
    group.accept(group.leave(1));
    group.pass(1_000);

    group.topic("c", 1);
    group.accept(group.joining(2, "c"));
    group.retarget();

    assertThat(fromStart(2)).containsExactly(true);
  }

  @Test
  void readsAnOldTopicThatIsNewToTheGroupAsTheApplicationWants() {
    group.settledWith(1);

    group.accept(group.subscribe(1, "b"));

    assertThat(fromStart(1)).containsExactly(false, false);
  }

  @Test
  void goesOnWhereItWasCommitted() {
    group.settledWith(1);
    group.topic("a", 3);
    group.retarget();
    group.accept(group.commit(1, group.epoch(1), "a2", 9));

    var grant = group.image().told(id(1)).getLast();

    assertThat(grant.committed().map(Committed::offset)).contains(9L);
    assertThat(grant.isFromStart()).isFalse();
  }

  /** With those of all its partitions a member's assignment would be too large to be told. */
  @Test
  void tellsWhereToGoOnWithoutTheNote() {
    group.settledWith(1);
    var noted = new Committed(9, Optional.empty(), "x".repeat(4_000), 0);
    group.accept(
        new Commit(
            Optional.of(id(1)),
            group.epoch(1),
            TreePMap.singleton(partition("a0"), noted),
            group.knownTopics(),
            0));

    assertThat(group.image().told(id(1)).getFirst().committed()).contains(Committed.at(9, 0));
    assertThat(group.image().committed(partition("a0"))).contains(noted);
  }

  @Test
  void refusesNamesThatAreNone() {
    group.settledWith(1);

    assertThat(group.refusal(group.subscribe(1, "x".repeat(250))))
        .isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
    assertThat(group.refusal(group.joining(2, ""))).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  /** All of it is kept in memory, and told to the leader of a classic group at once. */
  @Test
  void refusesMoreWishesThanItCanKeep() {
    var names =
        IntStream.range(0, GroupLimits.TOPICS_MAX)
            .mapToObj(number -> "%0249d".formatted(number))
            .toArray(String[]::new);
    int each = GroupLimits.TOPICS_MAX * GroupLimits.NAME_CHARS_MAX;
    int most = GroupLimits.WISHES_SIZE_MAX / each;
    IntStream.rangeClosed(1, most).forEach(member -> group.accept(group.joining(member, names)));

    assertThat(group.refusal(group.joining(most + 1, names))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    group.accept(group.leave(1));
    group.accept(group.joining(most + 1, names));
  }

  @Test
  void refusesTooManyTopics() {
    group.settledWith(1);
    var names =
        IntStream.rangeClosed(0, GroupLimits.TOPICS_MAX)
            .mapToObj(Integer::toString)
            .toArray(String[]::new);

    assertThat(group.refusal(group.subscribe(1, names))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private List<Boolean> fromStart(int member) {
    return group.image().told(id(member)).stream().map(Grant::isFromStart).toList();
  }
}
