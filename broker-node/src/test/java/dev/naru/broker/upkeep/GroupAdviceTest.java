package dev.naru.broker.upkeep;

import static dev.naru.broker.upkeep.Groups.group;
import static dev.naru.broker.upkeep.Groups.join;
import static dev.naru.broker.upkeep.Groups.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.upkeep.LagTrend.Growth;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GroupAdviceTest {

  private static final Growth RISING = new Growth(1_000, 5_000);

  private final Map<PartitionId, GroupLag> lags = new TreeMap<>();
  private Optional<Growth> growth = Optional.empty();
  private int slow;

  @Test
  void saysNothingOfAGroupThatKeepsUp() {
    lag(0, 10);
    lag(1, 5);
    growth = Optional.of(new Growth(20, 15));

    assertThat(advice(join(join(group("app", 0, 0), 1, 0), 2, 1))).isEmpty();
  }

  @Test
  @Tag("S96")
  void advisesPartitionsWhereEachHasAMemberOfItsOwnAndLagGrows() {
    growth = Optional.of(RISING);

    assertThat(advice(join(join(group("app", 0, 0), 1, 0), 2, 1)))
        .isEqualTo(
            "Lag has grown over 5 minutes from 1000 to 5000 records, and each of the 2 partitions has a member of its own: add partitions, then members.");
  }

  @Test
  @Tag("S96")
  void advisesMembersWhereThereAreFewerThanPartitions() {
    growth = Optional.of(RISING);

    assertThat(advice(join(group("app", 0, 0), 1, 0, 1)))
        .isEqualTo(
            "Lag has grown over 5 minutes from 1000 to 5000 records: add members, of which there are 1; as many as partitions can share the work.");
    assertThat(advice(group("app", 0, 0)))
        .isEqualTo(
            "Lag has grown over 5 minutes from 1000 to 5000 records, and nobody reads: start members.");
  }

  @Test
  void namesStandbyMembers() {
    assertThat(advice(join(join(group("app", 0), 1, 0), 2)))
        .startsWith("1 of 2 members have nothing to read, as there are only 1 partitions");
  }

  @Test
  void namesAMemberWithMostOfTheLag() {
    lag(0, 100);
    lag(1, 901);

    var pair = join(join(group("app", 0, 0), 1, 0), 2, 1);
    assertThat(advice(pair))
        .startsWith(
            "Member 00000000-0000-0000-0000-000000000002 has 901 of the 1001 records of lag");

    lag(1, 600);
    assertThat(advice(pair)).as("little to share out").isEmpty();
    lag(0, 600);
    assertThat(advice(pair)).as("both the same").isEmpty();
    lag(1, 90_000);
    assertThat(advice(join(group("app", 0, 0), 1, 0, 1))).as("nobody to share with").isEmpty();
  }

  @Test
  void namesTheSettingWhereMembersAreTooSlow() {
    slow = 6;
    assertThat(advice(group("app", 0))).isEmpty();
    slow = 7;
    assertThat(advice(group("app", 0)))
        .isEqualTo(
            "Members were out 7 times within an hour because they took longer than max.poll.interval.ms between two polls: raise it, or lower max.poll.records.");
  }

  @Test
  void tellsOfRecordsThatWereLostOrDeleted() {
    lags.put(
        partition(0),
        new GroupLag(OptionalLong.of(9), OptionalLong.of(5), OptionalDouble.of(1), true));
    lags.put(
        partition(1),
        new GroupLag(OptionalLong.of(9), OptionalLong.of(0), OptionalDouble.of(0), false));

    assertThat(advice(group("app", 2, 12)))
        .contains("In 1 partitions records were deleted before the group processed them")
        .contains("In 1 partitions the committed offset is above the end");
  }

  @Test
  void countsWhoWasTooSlowForAnHour() {
    var members = new SlowMembers();
    long hour = Duration.ofHours(1).toNanos();
    for (int i = 0; i < 150; i++) {
      members.note("app", i);
    }

    assertThat(members.count("app", hour)).as("more than anybody needs to know").isEqualTo(100);
    assertThat(members.count("app", hour + 100)).isEqualTo(50);
    assertThat(members.count("app", 2 * hour)).isZero();
    assertThat(members.count("other", 0)).isZero();
  }

  @Test
  void countsNoMoreThanAThousandGroups() {
    var members = new SlowMembers();
    for (int i = 0; i <= 1_000; i++) {
      members.note("app" + i, i);
    }

    assertThat(members.count("app0", 1_000)).as("the one that was first noted").isZero();
    assertThat(members.count("app1", 1_000)).isEqualTo(1);
    assertThat(members.count("app1000", 1_000)).isEqualTo(1);
  }

  private void lag(int partition, long records) {
    lags.put(
        partition(partition),
        new GroupLag(
            OptionalLong.of(records), OptionalLong.of(records), OptionalDouble.of(1), false));
  }

  private String advice(GroupImage image) {
    return String.join("\n", GroupAdvice.of(image, lags, growth, slow));
  }
}
