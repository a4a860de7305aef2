package dev.naru.broker.upkeep;

import static dev.naru.broker.upkeep.Groups.at;
import static dev.naru.broker.upkeep.Groups.ends;
import static dev.naru.broker.upkeep.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.upkeep.LagTable.Looked;
import dev.naru.broker.upkeep.LagTable.TopicLag;
import dev.naru.broker.upkeep.LagTrend.Growth;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LagTableTest {

  private static final long NOW_MILLIS = 1_000_000;

  private final ClusterImage image = LedCluster.of(1, 3, 1);
  private final LagTable table = new LagTable();
  private final Map<LagPosition, LagAnswer> answers = new LinkedHashMap<>();
  private long nowNanos = 7;

  @Test
  void addsUpRecordsAndTellsTheGreatestAge() {
    answers.put(at(0, 10), ends(25, NOW_MILLIS - 2_000));
    answers.put(at(1, 100), ends(140, NOW_MILLIS - 9_000));
    answers.put(at(2, 5), ends(5, 0));

    assertThat(look(group("app", 10, 100, 5)).topics())
        .containsExactly(new TopicLag("app", "t", 55, OptionalDouble.of(9)));
  }

  @Test
  void keepsWhatWasKnownForAMinuteWhileALeaderSaysNothing() {
    answers.put(at(0, 10), ends(25, NOW_MILLIS - 2_000));
    answers.put(at(1, 100), ends(140, NOW_MILLIS - 9_000));
    look(group("app", 10, 100));
    answers.put(at(1, 100), new LagAnswer.Unknown(ErrorCode.NOT_LEADER));
    answers.put(at(0, 10), ends(30, NOW_MILLIS - 2_000));
    pass(Duration.ofSeconds(60));

    assertThat(look(group("app", 10, 100)).topics())
        .containsExactly(new TopicLag("app", "t", 60, OptionalDouble.of(9)));

    pass(Duration.ofSeconds(1));
    var looked = look(group("app", 10, 100));

    assertThat(looked.topics()).as("a sum without a part of it is wrong").isEmpty();
    assertThat(looked.growth()).isEmpty();
  }

  @Test
  void saysNothingOfAGroupOfWhichAPartIsNotKnownYet() {
    answers.put(at(0, 10), ends(25, NOW_MILLIS - 2_000));

    assertThat(look(group("app", 10, 100)).topics()).isEmpty();
  }

  @Test
  void tellsRecordsWithoutTheirAgeWhereThatIsNotKnown() {
    answers.put(at(0, 10), ends(25, NOW_MILLIS - 2_000));
    answers.put(at(1, 100), unread(140));

    assertThat(look(group("app", 10, 100)).topics())
        .containsExactly(new TopicLag("app", "t", 55, OptionalDouble.empty()));
  }

  private static LagAnswer unread(long highWatermark) {
    var found = (LagAnswer.Found) ends(highWatermark, 0);
    return new LagAnswer.Found(
        found.highWatermark(), found.logStart(), found.partedAt(), OptionalLong.empty());
  }

  @Test
  void leavesOutTopicsThatWereDeleted() {
    var gone = new PartitionId(TopicId.of(9, 9), 0);
    answers.put(at(0, 10), ends(25, NOW_MILLIS - 2_000));

    var looked = look(Groups.commit(group("app", 10), gone, 3));

    assertThat(looked.topics()).containsExactly(new TopicLag("app", "t", 15, OptionalDouble.of(2)));
    assertThat(looked.growth()).containsOnlyKeys("app");
  }

  @Test
  void knowsTheGrowthOfFiveMinutes() {
    for (int i = 0; i <= 30; i++) {
      answers.put(at(0, 0), ends(1_000 + 100L * i, 0));
      var growth = growth(look(group("app", 0)));
      assertThat(growth.now()).isEqualTo(1_000 + 100L * i);
      assertThat(growth.isRising()).isEqualTo(i == 30);
      pass(Duration.ofSeconds(10));
    }
    for (int i = 0; i < 32; i++) {
      pass(Duration.ofSeconds(10));
      answers.put(at(0, 0), ends(4_000, 0));
      look(group("app", 0));
    }

    assertThat(growth(look(group("app", 0))).isRising()).as("it is level").isFalse();
  }

  @Test
  void forgetsGroupsThatAreCoordinatedElsewhere() {
    answers.put(at(0, 10), ends(25, NOW_MILLIS));
    look(group("app", 10));
    look();
    answers.clear();

    assertThat(look(group("app", 10)).topics()).isEmpty();
  }

  private static Growth growth(Looked looked) {
    return Optional.ofNullable(looked.growth().get("app")).orElseThrow();
  }

  private Looked look(GroupImage... groups) {
    return table.look(nowNanos, NOW_MILLIS, List.of(groups), answers, image);
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }
}
