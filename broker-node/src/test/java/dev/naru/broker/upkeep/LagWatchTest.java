package dev.naru.broker.upkeep;

import static dev.naru.broker.upkeep.Groups.at;
import static dev.naru.broker.upkeep.Groups.ends;
import static dev.naru.broker.upkeep.Groups.group;
import static dev.naru.broker.upkeep.Groups.join;
import static dev.naru.broker.upkeep.Groups.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.runtime.Clocks;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Node 1 of two coordinates groups, and each leads two of the four partitions of topic t. */
class LagWatchTest {

  private static final PartitionId SHARD = new PartitionId(TopicId.of(5, 5), 0);
  private static final PartitionId OTHER_SHARD = new PartitionId(TopicId.of(5, 5), 1);
  private static final long NOW_MILLIS = 1_000_000;

  private final ClusterImage image = LedCluster.of(2, 4, 1);
  private final NodeMeters meters = NodeMeters.create(new NodeId(1));
  private final List<Runnable> chores = new ArrayList<>();
  private final Map<PartitionId, List<GroupImage>> groups = new TreeMap<>();
  private final Map<LagPosition, LagAnswer> answers = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private boolean isNodeTwoDead;
  private boolean isChoring = true;

  private final LagWatch watch =
      new LagWatch(
          () -> image,
          new Clocks(() -> 7, () -> NOW_MILLIS),
          chore -> {
            if (isChoring) {
              chore.run();
            } else {
              chores.add(chore);
            }
          },
          meters);

  LagWatchTest() {
    watch.route(
        () -> {
          var told = new TreeMap<PartitionId, CompletableFuture<Optional<List<GroupImage>>>>();
          groups.forEach((shard, all) ->
              told.put(shard, CompletableFuture.completedFuture(Optional.of(List.copyOf(all)))));
          return told;
        },
        new LagSurvey(
            new NodeId(1),
            () -> image,
            positions -> answer("here", positions),
            (node, positions) ->
                isNodeTwoDead
                    ? CompletableFuture.failedFuture(new IllegalStateException("dead"))
                    : answer("node " + node.id(), positions)));
  }

  private CompletableFuture<List<LagAnswer>> answer(String where, List<LagPosition> positions) {
    asked.add(where + " " + positions.size());
    return CompletableFuture.completedFuture(
        positions.stream()
            .map(position ->
                answers.getOrDefault(position, new LagAnswer.Unknown(ErrorCode.NOT_LEADER)))
            .toList());
  }

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void tellsHowFarAGroupWithoutMembersIsBehindWhoeverLeads() {
    groups.put(SHARD, List.of(group("app", 10, 20), group("b", 10, 0)));
    answers.put(at(0, 10), ends(15, NOW_MILLIS - 4_000));
    answers.put(at(1, 20), ends(20, 0));
    answers.put(at(1, 0), ends(20, NOW_MILLIS - 9_000));

    watch.look();

    assertThat(asked).as("each place once").containsExactly("here 1", "node 2 2");
    assertThat(series("naru_group_lag_records"))
        .containsExactly(
            "{group=\"app\",node=\"1\",topic=\"t\"} 5.0",
            "{group=\"b\",node=\"1\",topic=\"t\"} 25.0");
    assertThat(series("naru_group_lag_seconds"))
        .containsExactly(
            "{group=\"app\",node=\"1\",topic=\"t\"} 4.0",
            "{group=\"b\",node=\"1\",topic=\"t\"} 9.0");
  }

  @Test
  void tellsNothingOfGroupsOnceTheyAreCoordinatedElsewhere() {
    groups.put(SHARD, List.of(group("app", 10)));
    groups.put(OTHER_SHARD, List.of(group("b", 10)));
    answers.put(at(0, 10), ends(15, NOW_MILLIS));
    watch.look();
    assertThat(series("naru_group_lag_records")).hasSize(2);

    watch.ended(SHARD);

    assertThat(series("naru_group_lag_records"))
        .containsExactly("{group=\"b\",node=\"1\",topic=\"t\"} 5.0");
    assertThat(series("naru_group_lag_seconds")).hasSize(1);
  }

  @Test
  void countsTheMembersOfGroupsThatAreCoordinatedHere() {
    groups.put(SHARD, List.of(join(join(group("app"), 1, 0), 2)));
    watch.look();

    assertThat(series("naru_group_members"))
        .containsExactlyInAnyOrder(
            "{group=\"app\",node=\"1\",state=\"active\"} 1.0",
            "{group=\"app\",node=\"1\",state=\"idle_standby\"} 1.0");

    watch.ended(SHARD);

    assertThat(series("naru_group_members")).isEmpty();
  }

  /** The look has taken the groups before, and would bring them back. */
  @Test
  void tellsNothingOfThemWhenTheyMoveDuringALook() {
    groups.put(SHARD, List.of(group("app", 10)));
    groups.put(OTHER_SHARD, List.of(group("b", 10)));
    answers.put(at(0, 10), ends(15, NOW_MILLIS));
    isChoring = false;
    watch.look();
    watch.ended(SHARD);
    while (!chores.isEmpty()) {
      chores.removeFirst().run();
    }

    assertThat(series("naru_group_lag_records"))
        .containsExactly("{group=\"b\",node=\"1\",topic=\"t\"} 5.0");

    isChoring = true;
    watch.look();
    assertThat(series("naru_group_lag_records")).as("it is back").hasSize(2);
  }

  @Test
  void beginsNoLookBeforeTheLastOneIsOver() {
    groups.put(SHARD, List.of(group("app", 10)));
    isChoring = false;
    watch.look();
    watch.look();

    assertThat(chores).hasSize(1);
  }

  @Test
  void tellsWhoAsksWhatIsKnownNow() {
    answers.put(at(0, 10), ends(15, NOW_MILLIS - 4_000));
    answers.put(at(1, 20), ends(99, NOW_MILLIS));
    isNodeTwoDead = true;
    var image = group("app", 10, 20);

    var lags = watch.of("app", image.offsets());

    assertThat(lags)
        .containsOnly(
            Map.entry(
                partition(0),
                new GroupLag(
                    OptionalLong.of(15), OptionalLong.of(5), OptionalDouble.of(4), false)));
    assertThat(watch.advice(image, lags)).isEmpty();
  }

  @Test
  void advisesWhereMembersAreTooSlow() {
    for (int i = 0; i < 4; i++) {
      watch.memberGone("app", "left: poll_interval");
      watch.memberGone("app", "revocation_timeout");
      watch.memberGone("app", "left: close");
      watch.memberGone("app", "session_timeout");
    }

    assertThat(watch.advice(group("app"), Map.of()))
        .singleElement()
        .asString()
        .startsWith("Members were out 8 times");
  }

  @Test
  void hasASeriesForFiveHundredGroupsAndOneForAllOthers() {
    answers.put(at(0, 10), ends(15, NOW_MILLIS - 4_000));
    var all = new ArrayList<GroupImage>();
    for (int i = 0; i < 503; i++) {
      all.add(group("g%03d".formatted(i + 1), 10));
    }
    groups.put(SHARD, all);
    watch.look();
    assertThat(series("naru_group_lag_records"))
        .hasSize(501)
        .contains("{group=\"_other\",node=\"1\",topic=\"_other\"} 15.0");

    all.addFirst(group("g000", 10));
    groups.put(SHARD, all);
    watch.look();

    assertThat(series("naru_group_lag_records"))
        .as("who has a series keeps it")
        .hasSize(501)
        .contains("{group=\"_other\",node=\"1\",topic=\"_other\"} 20.0")
        .noneMatch(line -> line.contains("g000"));
  }

  private List<String> series(String name) {
    return meters
        .page()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .map(line -> line.substring(name.length()))
        .toList();
  }
}
