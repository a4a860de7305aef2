package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.AssignorInput.Subscriber;
import dev.naru.testing.Seeds;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class AssignorPropertiesTest {

  private static final int SEEDS = 300;

  @Test
  void givesEveryPartitionToOneWhoWantsIt() {
    forEachInput((assignor, input, target) -> {
      var given = new TreeSet<PartitionId>();
      for (var member : input.members()) {
        for (var partition : target.of(member.id())) {
          assertThat(given.add(partition)).as("given once: %s", partition).isTrue();
          assertThat(member.topics()).contains(partition.topic());
        }
      }
      assertThat(given).isEqualTo(wanted(input));
    });
  }

  @Test
  void movesNothingWhenAskedAgain() {
    forEachInput((assignor, input, target) ->
        assertThat(assignor.assign(withPresent(input, target))).isEqualTo(target));
  }

  /** It keeps what it had, and is given nothing that somebody who reads could have. */
  @Test
  void movesNothingToOrFromOneThatIsAway() {
    forEachInput((assignor, input, target) -> {
      for (var away : input.members()) {
        if (away.isAway() && !assignor.name().equals("range")) {
          assertThat(target.of(away.id()))
              .containsAll(
                  covered(input, away).stream()
                      .filter(partition -> isReadBySomebody(input, partition))
                      .toList());
          assertThat(target.of(away.id()))
              .filteredOn(partition -> !covered(input, away).contains(partition))
              .noneMatch(partition -> isReadBySomebody(input, partition));
        }
      }
    });
  }

  private static boolean isReadBySomebody(AssignorInput input, PartitionId partition) {
    return input.members().stream()
        .anyMatch(member -> !member.isAway() && member.topics().contains(partition.topic()));
  }

  @Test
  void balancesMembersThatWantTheSame() {
    forEachInput((assignor, input, target) -> {
      if (isAlike(input) && !assignor.name().equals("range")) {
        var loads = loads(input, target);
        assertThat(loads.getMax() - loads.getMin()).isLessThanOrEqualTo(1);
      }
    });
  }

  @Test
  void balancesEachTopicByItself() {
    forEachInput((assignor, input, target) -> {
      for (var topic : input.topics()) {
        var loads =
            input.members().stream()
                .filter(member -> member.topics().contains(topic.id()))
                .mapToInt(member -> of(topic.id(), target.of(member.id())))
                .summaryStatistics();
        if (!assignor.name().equals("sticky") && !isAnyAway(input) && loads.getCount() > 0) {
          assertThat(loads.getMax() - loads.getMin()).isLessThanOrEqualTo(1);
        }
      }
    });
  }

  @Test
  void movesNoMoreThanHasToMove() {
    forEachInput((assignor, input, target) -> {
      if (assignor.name().equals("sticky") && isAlike(input)) {
        long moved =
            input.members().stream()
                .flatMap(member ->
                    covered(input, member).stream()
                        .filter(partition -> !target.of(member.id()).contains(partition)))
                .count();

        assertThat(moved).isEqualTo(fewestMoves(input));
      }
    });
  }

  /** A member with less than another one could not have had any of it. */
  @Test
  void leavesNoMoveThatWouldImproveTheBalance() {
    forEachInput((assignor, input, target) -> {
      if (assignor.name().equals("sticky") && !isAnyAway(input)) {
        for (var rich : input.members()) {
          for (var poor : input.members()) {
            var movable =
                target.of(rich.id()).stream()
                    .filter(partition -> poor.topics().contains(partition.topic()));
            if (target.of(rich.id()).size() > target.of(poor.id()).size() + 1) {
              assertThat(movable).isEmpty();
            }
          }
        }
      }
    });
  }

  /**
   * What is above the ceiling moves, and of those at the ceiling one from each that is too many.
   */
  private static int fewestMoves(AssignorInput input) {
    int partitions = wanted(input).size();
    int floor = partitions / input.members().size();
    int larger = partitions % input.members().size();
    int moves = 0;
    int above = 0;
    for (var member : input.members()) {
      int had = covered(input, member).size();
      moves += Math.max(0, had - floor - 1);
      above += had > floor ? 1 : 0;
    }
    return moves + Math.max(0, above - larger);
  }

  private interface Claim {
    void holdsFor(Assignor assignor, AssignorInput input, Target target);
  }

  private static void forEachInput(Claim claim) {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          for (var name : Assignors.names()) {
            var assignor = Assignors.named(name).orElseThrow();
            var input = input(random);
            claim.holdsFor(assignor, input, assignor.assign(input));
          }
        });
  }

  private static AssignorInput input(RandomGenerator random) {
    var topics = new ArrayList<TopicSeen>();
    for (int i = 1; i <= random.nextInt(1, 6); i++) {
      topics.add(TopicSeen.of(TopicId.of(1, i), random.nextInt(1, 12), 0));
    }
    var ids = TreePSet.from(topics.stream().map(TopicSeen::id).toList());
    boolean isAlike = random.nextBoolean();
    var free = new ArrayList<PartitionId>();
    topics.forEach(topic -> {
      for (int number = 0; number < topic.partitions() + 1; number++) {
        free.add(new PartitionId(topic.id(), number));
      }
    });
    var members = new ArrayList<Subscriber>();
    for (int i = 1; i <= random.nextInt(1, 9); i++) {
      var wanted =
          isAlike ? ids : TreePSet.from(ids.stream().filter(id -> random.nextInt(3) > 0).toList());
      var present = new ArrayList<PartitionId>();
      while (!free.isEmpty() && random.nextInt(8) > 0) {
        present.add(free.remove(random.nextInt(free.size())));
      }
      members.add(
          new Subscriber(
              MemberId.of(0, i),
              "m" + i,
              Optional.empty(),
              wanted,
              TreePSet.from(present),
              random.nextInt(9) == 0));
    }
    return new AssignorInput(members, topics);
  }

  private static AssignorInput withPresent(AssignorInput input, Target target) {
    var members =
        input.members().stream()
            .map(member ->
                new Subscriber(
                    member.id(),
                    member.place(),
                    member.rack(),
                    member.topics(),
                    target.of(member.id()),
                    member.isAway()))
            .toList();
    return new AssignorInput(members, input.topics());
  }

  /** Whoever is away is left out of the dealing, unless all are. */
  private static boolean isAnyAway(AssignorInput input) {
    return input.members().stream().anyMatch(Subscriber::isAway);
  }

  private static boolean isAlike(AssignorInput input) {
    return !isAnyAway(input)
        && input.members().stream().map(Subscriber::topics).distinct().count() == 1;
  }

  private static IntSummaryStatistics loads(AssignorInput input, Target target) {
    return input.members().stream()
        .mapToInt(member -> target.of(member.id()).size())
        .summaryStatistics();
  }

  private static NavigableSet<PartitionId> wanted(AssignorInput input) {
    var wanted = new TreeSet<PartitionId>();
    for (var topic : input.topics()) {
      if (input.members().stream().anyMatch(member -> member.topics().contains(topic.id()))) {
        for (int number = 0; number < topic.partitions(); number++) {
          wanted.add(new PartitionId(topic.id(), number));
        }
      }
    }
    return wanted;
  }

  /** What a member has that there still is. */
  private static List<PartitionId> covered(AssignorInput input, Subscriber member) {
    var wanted = wanted(input);
    return member.present().stream()
        .filter(partition -> member.topics().contains(partition.topic()))
        .filter(wanted::contains)
        .toList();
  }

  private static int of(TopicId topic, TreePSet<PartitionId> partitions) {
    return (int) partitions.stream().filter(each -> each.topic().equals(topic)).count();
  }
}
