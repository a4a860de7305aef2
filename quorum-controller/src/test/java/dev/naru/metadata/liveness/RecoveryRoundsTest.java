package dev.naru.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Node 1 led alone, and is gone; 2 and 3 are there, and may lack what it acknowledged. */
class RecoveryRoundsTest {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final TestCluster cluster = TestCluster.of(3);
  private final RecoveryRounds rounds = new RecoveryRounds();

  @Test
  void concludesWhenAllThatAreThereHaveAnswered() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    var survey = begin(0);

    assertThat(survey.asked()).containsOnlyKeys(new NodeId(2), new NodeId(3));
    survey.answered(new NodeId(2), Map.of(id, answer(2, 9)));
    assertThat(rounds.conclude(cluster.image(), 10 * MILLI)).isEmpty();
    survey.answered(new NodeId(3), Map.of(id, answer(3, 8)));

    assertThat(choices(rounds.conclude(cluster.image(), 20 * MILLI))).containsExactly(2);
  }

  @Test
  void makesDoWithThoseWhoAnsweredOnceTheTimeForAllIsOver() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    begin(0).answered(new NodeId(2), Map.of(id, answer(2, 9)));

    assertThat(rounds.conclude(cluster.image(), SECOND)).as("somebody is missing").isEmpty();
    begin(2 * SECOND).answered(new NodeId(2), Map.of(id, answer(2, 9)));

    assertThat(choices(rounds.conclude(cluster.image(), 3 * SECOND))).containsExactly(2);
  }

  @Test
  void givesALogTimeToGetToItsDisk() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    var survey = begin(0);
    survey.answered(new NodeId(2), Map.of(id, answer(2, 7)));
    survey.answered(new NodeId(3), Map.of(id, inMemory(3, 9)));
    assertThat(rounds.conclude(cluster.image(), MILLI)).isEmpty();

    survey = begin(SECOND);
    survey.answered(new NodeId(2), Map.of(id, answer(2, 7)));
    survey.answered(new NodeId(3), Map.of(id, answer(3, 9)));

    assertThat(choices(rounds.conclude(cluster.image(), SECOND))).containsExactly(3);
  }

  @Test
  void aPauseOfTheControllerShortensNoWait() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    answer(begin(0), id, answer(2, 9));

    rounds.paused(60 * SECOND);

    assertThat(rounds.conclude(cluster.image(), 60 * SECOND)).as("the survey is open").isEmpty();
    assertThat(rounds.conclude(cluster.image(), 61 * SECOND)).as("not for long enough").isEmpty();
    answer(begin(62 * SECOND), id, answer(2, 9));
    assertThat(choices(rounds.conclude(cluster.image(), 63 * SECOND))).containsExactly(2);
  }

  @Test
  void waitsLongerForABetterLogThatOnlyHasToGetToItsDisk() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));

    for (long now : List.of(0L, 5 * SECOND, 29 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 6));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }
    answer(begin(30 * SECOND), id, answer(2, 7), answer(3, 9, 6));

    assertThat(choices(rounds.conclude(cluster.image(), 30 * SECOND))).containsExactly(2);
  }

  /** No wait begins before somebody could lead; and nobody waits for a damaged one. */
  @Test
  void aDamagedLogThatWasAloneForLongTakesNoTimeFromTheOthers() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    cluster.fence(3);
    answer(begin(0), id, damaged(2));
    assertThat(rounds.conclude(cluster.image(), 0)).isEmpty();
    cluster.restart(3);

    answer(begin(60 * SECOND), id, answer(2, 7));
    assertThat(rounds.conclude(cluster.image(), 61 * SECOND)).as("somebody is missing").isEmpty();
    for (long now : List.of(62 * SECOND, 91 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 6));
      assertThat(rounds.conclude(cluster.image(), now)).as("on its way to its disk").isEmpty();
    }
    answer(begin(92 * SECOND), id, answer(2, 7), answer(3, 9, 6));

    assertThat(choices(rounds.conclude(cluster.image(), 92 * SECOND))).containsExactly(2);
  }

  /** It had its time, whoever was there then. */
  @Test
  void whoSaysNothingIsWaitedForOnceThoughTheOneThatCouldLeadComesAndGoes() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    answer(begin(0), id, answer(2, 7));
    assertThat(rounds.conclude(cluster.image(), SECOND)).isEmpty();
    cluster.restart(2);

    answer(begin(60 * SECOND), id, answer(2, 7));

    assertThat(choices(rounds.conclude(cluster.image(), 61 * SECOND))).containsExactly(2);
  }

  /** It answered meanwhile: that it said nothing once, long ago, is no reason to go on without. */
  @Test
  void whoSaysNothingAgainIsWaitedForAgain() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    answer(begin(0), id, answer(2, 7));
    assertThat(rounds.conclude(cluster.image(), SECOND)).isEmpty();
    answer(begin(2 * SECOND), id, answer(2, 7), answer(3, 9, 8));
    assertThat(rounds.conclude(cluster.image(), 2 * SECOND)).isEmpty();

    answer(begin(60 * SECOND), id, answer(2, 7));

    assertThat(rounds.conclude(cluster.image(), 61 * SECOND)).isEmpty();
  }

  /** Its disk hung when it was there before, and may not now. */
  @Test
  void aBetterOneThatComesBackLateHasAllOfItsTime() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 100 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }
    cluster.restart(3);

    for (long now : List.of(101 * SECOND, 121 * SECOND, 220 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }
    answer(begin(221 * SECOND), id, answer(2, 7), answer(3, 9, 9));

    assertThat(choices(rounds.conclude(cluster.image(), 221 * SECOND))).containsExactly(3);
  }

  @Test
  void whoComesAndGoesBesideADiskThatHangsDoesNotBeginItsTimeAnew() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 50 * SECOND, 100 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
      cluster.restart(2);
    }

    answer(begin(120 * SECOND), id, answer(2, 7), answer(3, 9, 8));

    var recovery = only(rounds.conclude(cluster.image(), 120 * SECOND));
    assertThat(recovery.choice()).isEqualTo(new NodeId(2));
    assertThat(recovery.passedOver()).containsExactly(new NodeId(3));
  }

  @Test
  void nodesThatComeAndGoHoldNothingUpForEver() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 80 * SECOND, 160 * SECOND, 239 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
      cluster.restart(3);
    }

    answer(begin(240 * SECOND), id, answer(2, 7), answer(3, 9, 8));

    assertThat(only(rounds.conclude(cluster.image(), 240 * SECOND)).passedOver())
        .containsExactly(new NodeId(3));
  }

  /** Four minutes in sum are those in which somebody could have led. */
  @Test
  void timeInWhichNobodyCouldLeadIsNotHeldAgainstThoseWhoComeLater() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    answer(begin(0), id, answer(2, 7), answer(3, 9, 8));
    assertThat(rounds.conclude(cluster.image(), 0)).isEmpty();
    cluster.fence(2);
    answer(begin(SECOND), id, answer(3, 9, 8));
    assertThat(rounds.conclude(cluster.image(), SECOND)).isEmpty();
    cluster.restart(2);
    cluster.restart(3);

    answer(begin(600 * SECOND), id, answer(2, 7), answer(3, 9, 8));

    assertThat(rounds.conclude(cluster.image(), 600 * SECOND)).isEmpty();
  }

  @Test
  void waitsLongestForOneThatHasMoreOnItsDiskAndNoLongerIfItIsGone() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 5 * SECOND, 100 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }

    cluster.fence(3);
    answer(begin(101 * SECOND), id, answer(2, 7));

    var recovery = only(rounds.conclude(cluster.image(), 101 * SECOND));
    assertThat(recovery.choice()).isEqualTo(new NodeId(2));
    assertThat(recovery.passedOver()).isEmpty();
  }

  /** Its disk hangs: no force ever ends, and none fails. */
  @Test
  void goesOnAtLastWithoutOneThatIsThereAndDoesNotGetToItsDisk() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 60 * SECOND, 119 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, 9, 8));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }

    answer(begin(120 * SECOND), id, answer(2, 7), answer(3, 9, 8));

    var recovery = only(rounds.conclude(cluster.image(), 120 * SECOND));
    assertThat(recovery.choice()).isEqualTo(new NodeId(2));
    assertThat(recovery.passedOver()).containsExactly(new NodeId(3));
  }

  /** Of its last epoch nothing is on its disk: what is there is of the one before, and less. */
  @Test
  void waitsNoLongerForALogThatIsAheadOnlyWithWhatIsInMemory() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    for (long now : List.of(0L, 29 * SECOND)) {
      answer(begin(now), id, answer(2, 7), answer(3, log(2, 9), log(1, 6)));
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }

    answer(begin(30 * SECOND), id, answer(2, 7), answer(3, log(2, 9), log(1, 6)));

    var recovery = only(rounds.conclude(cluster.image(), 30 * SECOND));
    assertThat(recovery.choice()).isEqualTo(new NodeId(2));
    assertThat(recovery.passedOver()).containsExactly(new NodeId(3));
  }

  @Test
  void waitsAMomentForASafeReplicaThatIsJustComingBack() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    cluster.register(1, LastStop.CLEAN);

    var survey = begin(0);
    survey.answered(new NodeId(2), Map.of(id, answer(2, 9)));
    survey.answered(new NodeId(3), Map.of(id, answer(3, 9)));

    assertThat(rounds.conclude(cluster.image(), MILLI)).isEmpty();
  }

  @Test
  void answersOfAnotherEntryCountForNothing() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    var survey = begin(0);
    survey.answered(new NodeId(2), Map.of(id, answer(2, 9)));
    survey.answered(new NodeId(3), Map.of(id, answer(3, 9)));
    cluster.register(1, LastStop.CLEAN); // its place is another now

    assertThat(rounds.conclude(cluster.image(), MILLI)).isEmpty();
  }

  /** It was fenced after it had answered. */
  @Test
  void concludesNothingThatWouldBeRefused() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    begin(0);
    rounds.conclude(cluster.image(), 2 * SECOND);
    answer(begin(3 * SECOND), id, answer(2, 9), answer(3, 9));
    cluster.fence(3);

    assertThat(rounds.conclude(cluster.image(), 3 * SECOND)).isEmpty();
  }

  @Test
  void asksNobodyWhileWhatCameOfARoundIsOnItsWay() {
    var id = withoutLeader(Map.of("recovery.mode", "available"));
    answer(begin(0), id, answer(2, 9), answer(3, 9));
    assertThat(rounds.conclude(cluster.image(), 0)).isPresent();
    rounds.submitted(0);

    assertThat(rounds.begin(cluster.image(), 5 * SECOND)).isEmpty();
    rounds.settled();
    assertThat(rounds.begin(cluster.image(), 5 * SECOND)).isPresent();
  }

  @Test
  void forgetsHowLongItHasWaitedWhenAllReplicasAreGoneAgain() {
    withoutLeader(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    rounds.seen(cluster.image(), 0);
    cluster.fence(2);
    cluster.fence(3);
    rounds.seen(cluster.image(), 9 * SECOND);
    cluster.restart(2);
    rounds.seen(cluster.image(), 9 * SECOND);

    assertThat(rounds.begin(cluster.image(), 18 * SECOND)).isEmpty();
    assertThat(rounds.begin(cluster.image(), 19 * SECOND)).isPresent();
  }

  /** An earlier design asked about the first thousand for ever. */
  @Test
  void everyPartitionHasItsTurnHoweverManyCannotBeRecovered() {
    var ids = manyWithoutLeader(2 * RecoveryRounds.PARTITIONS_MAX + 300);
    var asked = new TreeSet<PartitionId>();
    long now = 0;
    for (int round = 0; round < 3; round++) {
      var survey = begin(now);
      assertThat(survey.questions()).hasSizeLessThanOrEqualTo(RecoveryRounds.PARTITIONS_MAX);
      survey.questions().forEach(question -> asked.add(question.partition()));
      survey.answered(new NodeId(2), Map.of());
      survey.answered(new NodeId(3), Map.of());
      assertThat(rounds.conclude(cluster.image(), now)).isEmpty();
    }

    assertThat(asked).hasSize(ids);
    assertThat(rounds.begin(cluster.image(), now)).as("a rest after a whole round").isEmpty();
    assertThat(begin(now + SECOND).questions().iterator().next().partition())
        .isEqualTo(asked.first());
  }

  private int manyWithoutLeader(int count) {
    var id = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            id,
            "many",
            Optional.of(count),
            Optional.of(3),
            TreePMap.singleton("recovery.mode", "available").plus("min.insync.replicas", "1"),
            0));
    for (int from = 0; from < count; from += 1_000) {
      var proposals =
          IntStream.range(from, Math.min(count, from + 1_000))
              .mapToObj(number -> cluster.proposal(new PartitionId(id, number), 1))
              .toList();
      cluster.accept(new AlterPartitions(proposals)); // 1 leads alone
    }
    cluster.fence(1);
    return count;
  }

  private PartitionId withoutLeader(Map<String, String> configs) {
    var all = new TreeMap<>(configs);
    all.put("min.insync.replicas", "1");
    var id = cluster.topicLedBy1(3, all);
    cluster.accept(cluster.proposal(id, 1));
    cluster.fence(1);
    return id;
  }

  private RecoverySurvey begin(long nowNanos) {
    rounds.seen(cluster.image(), nowNanos);
    return rounds.begin(cluster.image(), nowNanos).orElseThrow();
  }

  private static List<Integer> choices(Optional<RecoverPartitions> command) {
    var choices = new ArrayList<Integer>();
    command
        .orElseThrow()
        .recoveries()
        .forEach((Recovery recovery) -> choices.add(recovery.choice().value()));
    return choices;
  }

  private static Recovery only(Optional<RecoverPartitions> command) {
    assertThat(command.orElseThrow().recoveries()).hasSize(1);
    return command.get().recoveries().getFirst();
  }

  private static void answer(RecoverySurvey survey, PartitionId id, LogAnswer... answers) {
    for (var answer : answers) {
      survey.answered(answer.node(), Map.of(id, answer));
    }
  }

  private LogAnswer answer(int node, long end) {
    return answer(node, end, end);
  }

  private LogAnswer inMemory(int node, long end) {
    return answer(node, end, end - 1);
  }

  private LogAnswer damaged(int node) {
    return LogAnswer.damaged(new NodeId(node), cluster.epoch(node));
  }

  private LogAnswer answer(int node, long end, long durableEnd) {
    return answer(node, log(1, end), log(1, durableEnd));
  }

  private LogAnswer answer(int node, LogEnd log, LogEnd durable) {
    return new LogAnswer(new NodeId(node), cluster.epoch(node), log, durable, 0, 0, false);
  }

  private static LogEnd log(int epoch, long end) {
    return new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
  }
}
