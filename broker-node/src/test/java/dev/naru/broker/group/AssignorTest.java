package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;
import static dev.naru.broker.group.TestGroup.topicId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.AssignorInput.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class AssignorTest {

  private static final Optional<String> EAST = Optional.of("east");
  private static final Optional<String> WEST = Optional.of("west");

  private final List<TopicSeen> topics = new ArrayList<>();
  private final List<Subscriber> members = new ArrayList<>();

  @Test
  void cutsTopicsOfOneSizeAlike() {
    topics(5, 5);
    members("", "", "");

    assertThat(assigned("range")).containsExactly("a0 a1 b0 b1", "a2 a3 b2 b3", "a4 b4");
  }

  @Test
  void cutsByPlaceSoThatARestartMovesNothing() {
    topics(2);
    members.add(member(1, "z", Optional.empty(), "a"));
    members.add(member(2, "y", Optional.empty(), "a"));

    assertThat(assigned("range")).containsExactly("a1", "a0");
  }

  @Test
  void spreadsEachTopicByItselfAndTheSumsToo() {
    topics(4, 4, 4);
    members("", "", "");

    assertThat(assigned("uniform")).containsExactly("a0 a1 b1 c1", "a2 b0 b2 c2", "a3 b3 c0 c3");
  }

  @Test
  void keepsWhatStaysWithinTheQuota() {
    topics(4);
    members("a0 a1 a2 a3", "");

    assertThat(assigned("uniform")).containsExactly("a0 a1", "a2 a3");
    assertThat(assigned("sticky")).containsExactly("a0 a1", "a2 a3");
  }

  @Test
  void countsOnlyTheSums() {
    topics(2, 2);
    members("a0 a1", "b0 b1");

    assertThat(assigned("sticky")).containsExactly("a0 a1", "b0 b1");
    assertThat(assigned("uniform")).containsExactly("a0 b1", "a1 b0");
  }

  @Test
  void movesNoMoreThanHasToMove() {
    topics(7);
    members("a0 a1 a2", "a3 a4", "a5 a6", "");

    assertThat(assigned("sticky")).containsExactly("a0 a1", "a3 a4", "a5 a6", "a2");
  }

  @Test
  void dealsFirstWhatFewCanTake() {
    topics(2, 2);
    members.add(member(1, "", "a", "b"));
    members.add(member(2, "", "a"));

    assertThat(assigned("sticky")).containsExactly("b0 b1", "a0 a1");
  }

  @Test
  void takesFromWhoHasMoreForWhoCanTakeLess() {
    topics(4, 2);
    members.add(member(1, "a0 a1 a2 a3", "a", "b"));
    members.add(member(2, "", "a"));
    members.add(member(3, "", "b"));

    assertThat(assigned("sticky")).containsExactly("a0 a1", "a2 a3", "b0 b1");
  }

  @Test
  void prefersWhoRunsWhereThePartitionIsLed() {
    topics.add(
        new TopicSeen(
            topicId("a"),
            4,
            0,
            partition -> List.of(EAST, WEST, WEST, Optional.<String>empty()).get(partition)));
    members.add(member(1, "x", Optional.of("west"), "a"));
    members.add(member(2, "y", Optional.of("east"), "a"));

    assertThat(assigned("sticky")).containsExactly("a1 a2", "a0 a3");
    assertThat(assigned("uniform")).containsExactly("a1 a2", "a0 a3");
  }

  @Test
  void givesNothingToWhoWantsNothingAndLeavesWhatNobodyWants() {
    topics(2, 2);
    members.add(member(1, "b0", "a"));
    members.add(member(2, ""));

    for (var name : Assignors.names()) {
      assertThat(assigned(name)).containsExactly("a0 a1", "");
    }
  }

  @Test
  void knowsItsAssignors() {
    assertThat(Assignors.names()).containsExactly("range", "sticky", "uniform");
    assertThat(Assignors.named("sticky")).contains(Assignors.DEFAULT);
    assertThat(Assignors.named("Sticky")).isEmpty();
  }

  private void topics(int... partitions) {
    for (int i = 0; i < partitions.length; i++) {
      topics.add(TopicSeen.of(topicId(Character.toString('a' + i)), partitions[i], 0));
    }
  }

  /** Members that want all topics, and have this. */
  private void members(String... present) {
    var names = topics.stream().map(topic -> Character.toString((char) topic.id().low())).toList();
    IntStream.rangeClosed(1, present.length)
        .forEach(number ->
            members.add(member(number, present[number - 1], names.toArray(String[]::new))));
  }

  private static Subscriber member(int number, String present, String... topics) {
    return new Subscriber(
        id(number),
        "m" + number,
        Optional.empty(),
        TreePSet.from(Stream.of(topics).map(TestGroup::topicId).toList()),
        present.isEmpty() ? TreePSet.empty() : TestGroup.partitions(present.split(" ")),
        false);
  }

  private static Subscriber member(int number, String place, Optional<String> rack, String topic) {
    return new Subscriber(
        id(number), place, rack, TreePSet.singleton(topicId(topic)), TreePSet.empty(), false);
  }

  /** By member, what it should read. */
  private List<String> assigned(String assignor) {
    var target = Assignors.named(assignor).orElseThrow().assign(new AssignorInput(members, topics));
    return members.stream()
        .map(member -> String.join(" ", TestGroup.texts(target.of(member.id()))))
        .toList();
  }
}
