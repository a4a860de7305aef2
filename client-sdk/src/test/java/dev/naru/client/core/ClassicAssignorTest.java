package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.naru.client.TopicPartition;
import dev.naru.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClassicAssignorTest {

  private static final ClassicAssignor RANGE = new RangeAssignor();
  private static final ClassicAssignor ROUND_ROBIN = new RoundRobinAssignor();
  private static final ClassicAssignor STICKY = new StickyAssignor();

  private static ClassicMember member(String id, String... topics) {
    return new ClassicMember(
        id, Optional.empty(), new TreeSet<>(List.of(topics)), new TreeSet<>(), 0);
  }

  private static ClassicMember owning(ClassicMember member, SortedSet<TopicPartition> owned) {
    return owning(member, owned, 1);
  }

  private static ClassicMember owning(
      ClassicMember member, SortedSet<TopicPartition> owned, int generation) {
    return new ClassicMember(member.id(), member.instanceId(), member.topics(), owned, generation);
  }

  private static SortedMap<String, Integer> topics(Object... namesAndCounts) {
    var topics = new TreeMap<String, Integer>();
    for (int i = 0; i < namesAndCounts.length; i += 2) {
      topics.put((String) namesAndCounts[i], (Integer) namesAndCounts[i + 1]);
    }
    return topics;
  }

  private static SortedSet<TopicPartition> partitions(String... texts) {
    var set = new TreeSet<TopicPartition>();
    for (var text : texts) {
      var parts = List.of(text.split("/", -1));
      set.add(new TopicPartition(parts.get(0), Integer.parseInt(parts.get(1))));
    }
    return set;
  }

  @Test
  void knowsEachByItsName() {
    assertThat(ClassicAssignor.named("range")).isPresent();
    assertThat(ClassicAssignor.named("roundrobin")).isPresent();
    assertThat(ClassicAssignor.named("sticky")).isPresent();
    assertThat(ClassicAssignor.named("uniform")).isEmpty();
  }

  @Test
  void givesRangesOfNeighboursTopicByTopic() {
    var assigned =
        RANGE.assign(
            topics("a", 3, "b", 3, "c", 5),
            List.of(member("m2", "a", "b"), member("m1", "a", "b", "c")));

    assertThat(assigned)
        .isEqualTo(
            Map.of(
                "m1",
                partitions("a/0", "a/1", "b/0", "b/1", "c/0", "c/1", "c/2", "c/3", "c/4"),
                "m2",
                partitions("a/2", "b/2")));
  }

  @Test
  void givesPartitionsInTurn() {
    var assigned =
        ROUND_ROBIN.assign(
            topics("a", 1, "b", 2, "c", 3),
            List.of(member("m0", "a"), member("m1", "a", "b"), member("m2", "a", "b", "c")));

    assertThat(assigned)
        .isEqualTo(
            Map.of(
                "m0", partitions("a/0"),
                "m1", partitions("b/0"),
                "m2", partitions("b/1", "c/0", "c/1", "c/2")));
  }

  @Test
  void keepsThePlaceOfAnInstanceWhateverIdItIsGiven() {
    var first = new ClassicMember("zz", Optional.of("a"), topicsOf("t"), new TreeSet<>(), 0);
    var second = member("aa", "t");

    assertThat(RANGE.assign(topics("t", 2), List.of(second, first)))
        .isEqualTo(Map.of("zz", partitions("t/0"), "aa", partitions("t/1")));
  }

  private static SortedSet<String> topicsOf(String... names) {
    return new TreeSet<>(List.of(names));
  }

  @Test
  void keepsWhatEachHasAndMovesTheLastOnes() {
    var m1 = owning(member("m1", "t"), partitions("t/0", "t/1", "t/2", "t/3"));
    var m2 = member("m2", "t");

    assertThat(STICKY.assign(topics("t", 4), List.of(m1, m2)))
        .isEqualTo(Map.of("m1", partitions("t/0", "t/1"), "m2", partitions("t/2", "t/3")));
  }

  @Test
  void believesTheLaterGenerationAndNobodyOfTheSame() {
    var late = owning(member("m2", "t"), partitions("t/0"), 5);
    var early = owning(member("m1", "t"), partitions("t/0", "t/1"), 4);
    assertThat(STICKY.assign(topics("t", 2), List.of(early, late)))
        .isEqualTo(Map.of("m1", partitions("t/1"), "m2", partitions("t/0")));

    var same = owning(member("m1", "t"), partitions("t/0", "t/1"), 5);
    assertThat(STICKY.assign(topics("t", 2), List.of(late, same)))
        .isEqualTo(Map.of("m1", partitions("t/1"), "m2", partitions("t/0")));
  }

  @Test
  void movesAlongWhoMayReadWhat() {
    var m1 = owning(member("m1", "a", "b"), partitions("a/0", "a/1", "b/0", "b/1"));
    var m2 = member("m2", "b");

    assertThat(STICKY.assign(topics("a", 2, "b", 2), List.of(m1, m2)))
        .isEqualTo(Map.of("m1", partitions("a/0", "a/1"), "m2", partitions("b/0", "b/1")));
  }

  @Test
  void assignsEachPartitionToOneWhoWantsItInWhateverOrderMembersAreListed() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var counts = randomTopics(random);
          var members = randomMembers(random, counts, random.nextBoolean());
          for (var assignor : ClassicAssignor.all()) {
            var assigned = assignor.assign(counts, members);

            assertComplete(counts, members, assigned);
            var shuffled = new ArrayList<>(members);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(assignor.assign(counts, shuffled)).isEqualTo(assigned);
          }
        });
  }

  @Test
  void sharesAlikeWhereAllWantTheSame() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var counts = randomTopics(random);
          var members = randomMembers(random, counts, true);

          assertThat(spread(ROUND_ROBIN.assign(counts, members))).isLessThanOrEqualTo(1);
          assertThat(spread(STICKY.assign(counts, members))).isLessThanOrEqualTo(1);
        });
  }

  @Test
  void movesNothingThatNeedNot() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var counts = randomTopics(random);
          var members = randomMembers(random, counts, true);
          var before = STICKY.assign(counts, members);
          var settled =
              members.stream().map(member -> owning(member, of(before, member.id()))).toList();
          assertThat(STICKY.assign(counts, settled)).isEqualTo(before);

          var goer = settled.get(random.nextInt(settled.size()));
          var stayers = settled.stream().filter(member -> !member.equals(goer)).toList();
          STICKY
              .assign(counts, stayers)
              .forEach((id, now) -> assertThat(now).containsAll(of(before, id)));

          var joined = new ArrayList<>(settled);
          joined.add(member("newcomer", counts.keySet().toArray(String[]::new)));
          STICKY
              .assign(counts, joined)
              .forEach((id, now) -> {
                if (!id.equals("newcomer")) {
                  assertThat(of(before, id)).containsAll(now);
                }
              });
        });
  }

  @Test
  void leavesNobodyWithTwoMoreThanWhoCouldTakeOne() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var counts = randomTopics(random);
          var members = randomMembers(random, counts, false);
          var assigned = STICKY.assign(counts, members);

          for (var holder : members) {
            for (var partition : of(assigned, holder.id())) {
              for (var other : members) {
                if (other.topics().contains(partition.topic())) {
                  assertThat(of(assigned, holder.id()).size())
                      .isLessThan(of(assigned, other.id()).size() + 2);
                }
              }
            }
          }
        });
  }

  /** All others stand still until the leader has decided. */
  @Test
  void sharesAThousandTopicsInASecond() {
    var counts = new TreeMap<String, Integer>();
    for (int i = 0; i < 1_000; i++) {
      counts.put("t" + i, 10);
    }
    var names = counts.keySet().toArray(String[]::new);
    var members = new ArrayList<ClassicMember>();
    for (int i = 0; i < 99; i++) {
      members.add(member("m" + i, names));
    }
    var before = STICKY.assign(counts, members);
    members.replaceAll(member -> owning(member, of(before, member.id())));
    members.add(member("newcomer", names));

    var assigned = assertTimeout(Duration.ofSeconds(5), () -> STICKY.assign(counts, members));

    assertThat(spread(assigned)).isZero();
  }

  private static SortedMap<String, Integer> randomTopics(RandomGenerator random) {
    var counts = new TreeMap<String, Integer>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      counts.put("t" + i, 1 + random.nextInt(12));
    }
    return counts;
  }

  private static List<ClassicMember> randomMembers(
      RandomGenerator random, SortedMap<String, Integer> counts, boolean areAlike) {
    var members = new ArrayList<ClassicMember>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      var wanted = new TreeSet<String>();
      var owned = new TreeSet<TopicPartition>();
      counts.forEach((topic, count) -> {
        if (areAlike || random.nextBoolean()) {
          wanted.add(topic);
        }
        if (random.nextBoolean()) {
          owned.add(new TopicPartition(topic, random.nextInt(count + 1))); // maybe one too many
        }
      });
      var instance =
          random.nextInt(3) == 0
              ? Optional.of("i" + random.nextInt(99) + i)
              : Optional.<String>empty();
      members.add(new ClassicMember("m" + i, instance, wanted, owned, random.nextInt(3)));
    }
    return members;
  }

  private static void assertComplete(
      SortedMap<String, Integer> counts,
      List<ClassicMember> members,
      SortedMap<String, SortedSet<TopicPartition>> assigned) {
    assertThat(assigned).hasSize(members.size());
    var all = new ArrayList<TopicPartition>();
    for (var member : members) {
      for (var partition : of(assigned, member.id())) {
        assertThat(member.topics()).contains(partition.topic());
        all.add(partition);
      }
    }
    var expected = new ArrayList<TopicPartition>();
    counts.forEach((topic, count) -> {
      if (members.stream().anyMatch(member -> member.topics().contains(topic))) {
        Stream.iterate(0, i -> i < count, i -> i + 1)
            .forEach(i -> expected.add(new TopicPartition(topic, i)));
      }
    });
    assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static SortedSet<TopicPartition> of(
      SortedMap<String, SortedSet<TopicPartition>> assigned, String member) {
    return assigned.getOrDefault(member, new TreeSet<>());
  }

  private static int spread(SortedMap<String, SortedSet<TopicPartition>> assigned) {
    var loads = assigned.values().stream().map(Collection::size).toList();
    return Collections.max(loads) - Collections.min(loads);
  }
}
