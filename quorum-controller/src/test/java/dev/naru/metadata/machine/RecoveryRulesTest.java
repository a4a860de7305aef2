package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.event.MetadataEvent.DataLossDeclared;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** Node 1 led alone, and is gone; 2 and 3 are there, and may lack what it acknowledged. */
class RecoveryRulesTest {

  private final TestCluster cluster = TestCluster.of(3);
  private PartitionId id = withoutLeader(Map.of("recovery.mode", "available"));

  private PartitionId withoutLeader(Map<String, String> configs) {
    var all = new TreeMap<>(configs);
    all.put("min.insync.replicas", "1");
    var made = cluster.topicLedBy1(3, all);
    cluster.accept(cluster.proposal(made, 1));
    cluster.fence(1);
    cluster.register(1, LastStop.CLEAN); // so that it has a place, and is not there yet
    return made;
  }

  @Test
  void theGreatestLogLeadsAlone() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    assertInShort(cluster.partition(id), "leader 3 isr [3] elr {}");
    assertThat(cluster.partition(id).lastKnown()).isEmpty();
  }

  @Test
  void declaresWhatItGivesUp() {
    var events = cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100))).events();

    var loss = loss();
    assertThat(loss.from()).isEqualTo(100);
    assertThat(loss.isExact()).isFalse();
    assertThat(loss.unheard()).containsExactly(new NodeId(1));
    assertThat(loss.leaderEpoch()).isEqualTo(cluster.partition(id).leaderEpoch());
    assertThat(loss.cause()).isEqualTo(LossCause.MODE);
    assertThat(events).contains(new DataLossDeclared(id, loss));
  }

  @Test
  void theFirstReplicaInOrderLeadsOfTwoThatReachAsFar() {
    cluster.accept(recover(2, answer(3, 1, 100), answer(2, 1, 100)));

    assertThat(cluster.partition(id).isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void aLaterEpochIsGreaterThanALongerLog() {
    assertThat(cluster.refusal(recover(2, answer(2, 1, 500), answer(3, 2, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(recover(3, answer(2, 1, 500), answer(3, 2, 100)));
  }

  @Test
  void refusesAnyOtherThanTheGreatestIfNoOperatorChoseIt() {
    assertThat(cluster.refusal(recover(2, answer(2, 1, 90), answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void aDamagedLogIsNeitherChosenNorCompared() {
    assertThat(cluster.refusal(recover(3, answer(2, 1, 90), damaged(3))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(recover(2, answer(2, 1, 90), damaged(3)));
  }

  @Test
  void whatIsNotOnDiskIsNotChosenWhereOnlyTheDiskCounts() {
    var inMemory = answer(3, 1, 100, 95);

    assertThat(cluster.refusal(recover(3, answer(2, 1, 90), inMemory)))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    id = withoutLeaderAgain(Map.of("recovery.mode", "available", "flush", "os"));
    cluster.accept(recover(3, answer(2, 1, 90), inMemory));
  }

  /** It has 95 on its disk, which may have been acknowledged, and is there. */
  @Test
  void nobodyIsChosenWhoHasLessThanAnotherHasOnItsDisk() {
    assertThat(cluster.refusal(recover(2, answer(2, 1, 90), answer(3, 1, 100, 95))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(recover(2, answer(2, 1, 90), answer(3, 1, 100, 90)));
    assertThat(loss().to()).isEqualTo(100);
  }

  /** What is on its disk is of the epoch before, and less than the choice has. */
  @Test
  void whatIsOnlyInMemoryOfALaterEpochDoesNotCountAsOnDisk() {
    var hanging =
        new LogAnswer(new NodeId(3), cluster.epoch(3), log(2, 100), log(1, 80), 0, 50, false);

    cluster.accept(recover(2, answer(2, 1, 90), hanging));

    assertThat(cluster.partition(id).isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void givesUpWhatIsOnADiskThatHangsAndSaysWhoseItIs() {
    var answers = List.of(answer(2, 1, 90), answer(3, 1, 100, 95));
    var inVain =
        new Recovery(
            id,
            cluster.partition(id).partitionEpoch(),
            answers,
            new NodeId(2),
            Optional.empty(),
            TreePSet.singleton(new NodeId(3)));

    cluster.accept(new RecoverPartitions(List.of(inVain)));

    assertThat(cluster.partition(id).isLedBy(new NodeId(2))).isTrue();
    assertThat(loss().from()).isEqualTo(90);
    assertThat(loss().to()).isEqualTo(100);
    assertThat(loss().passedOver()).containsExactly(new NodeId(3));
  }

  @Test
  void anOperatorMayGiveUpWhatIsOnAnothersDisk() {
    var seen = shown(2, answer(2, 1, 90), answer(3, 1, 100, 95));

    cluster.accept(byOperator(2, seen, answer(2, 1, 90), answer(3, 1, 100, 95)));

    assertThat(cluster.partition(id).isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void refusesAnswersOfAnotherEntryOfThePartition() {
    var late = cluster.partition(id).partitionEpoch();
    var recovery =
        new Recovery(
            id,
            new PartitionEpoch(late.value() - 1),
            List.of(answer(2, 1, 90)),
            new NodeId(2),
            Optional.empty());

    assertThat(cluster.refusal(new RecoverPartitions(List.of(recovery))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
  }

  @Test
  void refusesAnswersOfAProcessThatIsGone() {
    var old = answer(2, 1, 90);
    cluster.restart(2);

    assertThat(cluster.refusal(recover(2, old))).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void refusesAnswersOfAFencedNodeAndOfOneThatHasNoReplica() {
    cluster.fence(3);
    cluster.start(4);

    assertThat(cluster.refusal(recover(2, answer(2, 1, 90), answer(3, 1, 80))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.refusal(recover(2, answer(2, 1, 90), answer(4, 1, 80))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void refusesWhileThereIsALeaderOrASafeReplicaComesBack() {
    cluster.report(1, TestCluster.log(1, id, 1, 120));
    cluster.unfence(1);

    assertThat(cluster.partition(id).hasLeader()).isTrue();
    assertThat(cluster.refusal(recover(3, answer(2, 1, 90), answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  @Tag("S55")
  void aStrictTopicIsLeftToAnOperator() {
    id = withoutLeaderAgain(Map.of());

    assertThat(cluster.refusal(recover(3, answer(2, 1, 90), answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    var seen = shown(2, answer(2, 1, 90), answer(3, 1, 100));
    cluster.accept(byOperator(2, seen, answer(2, 1, 90), answer(3, 1, 100)));

    assertInShort(cluster.partition(id), "leader 2 isr [2] elr {}");
    assertThat(loss().from()).isEqualTo(90);
    assertThat(loss().to()).isEqualTo(100);
    assertThat(loss().cause()).isEqualTo(LossCause.OPERATOR);
  }

  @Test
  void anOperatorsChoiceHoldsForWhatHeWasShown() {
    var seen = shown(2, answer(2, 1, 90), answer(3, 1, 100));

    assertThat(cluster.refusal(byOperator(2, seen, answer(2, 1, 90), answer(3, 1, 101))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
    assertThat(cluster.refusal(byOperator(2, seen, answer(2, 1, 89), answer(3, 1, 100))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
  }

  @Test
  void whatIsSureIsOnlyWhatWasCommittedIfLaterLeadersMayHaveWritten() {
    cluster.accept(recover(3, answer(2, 0, 90), answer(3, 0, 100, 100, 70)));

    assertThat(loss().from()).isEqualTo(70);
    assertThat(loss().isExact()).isFalse();
  }

  @Test
  void isExactOnceTheSafeReplicaHasReportedItsLog() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    cluster.report(1, TestCluster.log(1, id, 1, 120));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(120);
  }

  /** It followed the new leader, cut nothing, copied, and was killed before it was in sync. */
  @Test
  void aSafeReplicaThatReportsWhatItHasCopiedSinceSaysNothingMore() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    cluster.report(1, TestCluster.log(1, id, loss().leaderEpoch().value(), 130));

    assertThat(cluster.partition(id).losses().last().filter(loss -> loss.to() > 100)).isEmpty();
  }

  /** The log of the first has lost its end on the disk, which the other still holds. */
  @Test
  void ofTwoSafeReplicasTheFurthestCountsAndBothMustHaveSpoken() {
    id = withTwoSafeReplicasGone();
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    assertThat(loss().unheard()).containsExactly(new NodeId(1), new NodeId(4));

    cluster.restart(1, TestCluster.log(1, id, 1, 110));
    assertThat(loss().isExact()).isFalse();
    cluster.restart(4, TestCluster.log(4, id, 1, 120));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(120);
  }

  @Test
  void isExactAtOnceIfBothSafeReplicasAreKnownAndReachesAsFarAsTheFurthest() {
    id = withTwoSafeReplicasGone();
    cluster.register(1, LastStop.UNCLEAN);
    cluster.report(1, TestCluster.log(1, id, 1, 120));
    cluster.register(4, LastStop.UNCLEAN);
    cluster.report(4, TestCluster.log(4, id, 1, 110));

    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(120);
  }

  /** It has never stopped, and leads after the next recovery: what it held is kept. */
  @Test
  void whoeverIsChosenLaterHasSaidAllThatEarlierLossesWaitedFor() {
    id = withTwoSafeReplicasGone();
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    cluster.unfence(4);
    cluster.fence(3);

    cluster.accept(recover(4, answer(2, 1, 90), answer(4, 1, 120, 120, 110)));

    var first = cluster.partition(id).losses().all().getFirst();
    assertThat(first.from()).isEqualTo(100);
    assertThat(first.unheard()).containsExactly(new NodeId(1));
  }

  /** It has cut what it announced, and was killed before it was in sync. */
  @Test
  void aReportAfterACutMakesNothingSmaller() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    cluster.accept(declare(1, 1, 130, 100));
    cluster.restart(1, TestCluster.log(1, id, 1, 100));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(130);
  }

  /** Another has announced more than the safe one holds, and has cut it. */
  @Test
  void aReportMakesNothingSmallerThanWasAnnounced() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    cluster.accept(declare(2, 1, 150, 100));

    cluster.report(1, TestCluster.log(1, id, 1, 120));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(150);
  }

  @Test
  void whereLogsBeginChangesNothing() {
    cluster.accept(recover(from(answer(2, 1, 90), 80), from(answer(3, 1, 100), 100)));

    assertThat(cluster.partition(id).isLedBy(new NodeId(3))).isTrue();
    assertThat(loss().from()).isEqualTo(100);
  }

  /** Its log is empty as all of it was deleted; it has nothing that could be compared. */
  @Test
  void anEmptyLogIsTheLeastWhereverItBegins() {
    var empty =
        new LogAnswer(
            new NodeId(2),
            cluster.epoch(2),
            new LogEnd(Optional.empty(), 700),
            new LogEnd(Optional.empty(), 700),
            700,
            700,
            false);

    assertThat(cluster.refusal(recover(2, empty, answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    cluster.accept(recover(3, empty, answer(3, 1, 100)));

    assertThat(loss().to()).as("it holds nothing of the last epoch").isEqualTo(100);
  }

  @Test
  void staysAtLeastIfTheSafeReplicaHasLostItsLog() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    cluster.report(1);

    assertThat(loss().isExact()).isFalse();
    assertThat(loss().unheard()).isEmpty();
  }

  @Test
  void declaresNothingIfTheSafeReplicaIsKnownToHoldNoMore() {
    cluster.report(1, TestCluster.log(1, id, 1, 100)); // and dies again before it serves

    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    assertThat(cluster.partition(id).losses().all()).isEmpty();
  }

  @Test
  void isExactAtOnceIfTheSafeReplicaIsKnownToHoldMore() {
    cluster.report(1, TestCluster.log(1, id, 1, 120));

    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(120);
  }

  @Test
  void aReplicaThatHasMoreExtendsTheLoss() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    var before = cluster.partition(id);

    var events = cluster.accept(declare(2, 1, 130, 100)).events();

    assertThat(loss().to()).isEqualTo(130);
    assertThat(events).contains(new DataLossDeclared(id, loss()));
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(cluster.partition(id).partitionEpoch()).isGreaterThan(before.partitionEpoch());
    assertThat(cluster.accept(declare(2, 1, 130, 100)).events()).isEmpty();
  }

  @Test
  void aSafeReplicaThatNeverStoppedMakesTheLossExactByExtendingIt() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));

    cluster.accept(declare(1, 1, 130, 100));

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(130);
  }

  @Test
  void manyAnnouncementsChangeAnEntryOnce() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    var before = cluster.partition(id).partitionEpoch();
    var many =
        new DeclareLosses(
            List.of(
                announced(2, 1, 130, 100),
                announced(2, loss().leaderEpoch().value(), 500, 100), // no loss concerns it
                announced(1, 1, 140, 100)));

    var events = cluster.accept(many).events();

    assertThat(loss().isExact()).isTrue();
    assertThat(loss().to()).isEqualTo(140);
    assertThat(events).contains(new DataLossDeclared(id, loss())).hasSize(2);
    assertThat(cluster.partition(id).partitionEpoch()).isEqualTo(before.next());
    assertThat(cluster.accept(many).events()).isEmpty();
    assertThat(cluster.partition(id).partitionEpoch()).isEqualTo(before.next());
  }

  @Test
  void refusesMoreAnnouncementsThanOneCommandMayHave() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    var many = Collections.nCopies(DeclareLosses.LOSSES_MAX + 1, announced(2, 1, 130, 100));

    assertThat(cluster.refusal(new DeclareLosses(many))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void refusesToExtendForLogsThatNoLossConcerns() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    var epoch = cluster.partition(id).leaderEpoch();

    assertThat(cluster.refusal(declare(2, epoch.value(), 130, 100)))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            cluster.refusal(
                only(
                    new DeclareLoss(id, epoch, new NodeId(2), new NodeEpoch(1), log(1, 130), 100))))
        .isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
    cluster.start(4);
    assertThat(
            cluster.refusal(
                only(
                    new DeclareLoss(id, epoch, new NodeId(4), cluster.epoch(4), log(1, 130), 100))))
        .isEqualTo(ErrorCode.NOT_REPLICA);
  }

  /** It agreed with the leader that came after the first loss, and nobody wrote then. */
  @Test
  void takesAnAnnouncementToALaterLossThanTheFirstAfterTheLog() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    int between = cluster.partition(id).leaderEpoch().value();
    cluster.fence(3);
    cluster.accept(recover(2, answer(2, between, 110)));
    var first = cluster.partition(id).losses().all().getFirst();

    cluster.accept(declare(1, 1, 130, 105));

    assertThat(cluster.partition(id).losses().all()).hasSize(2).startsWith(first);
    assertThat(loss().from()).isEqualTo(105);
    assertThat(loss().to()).isEqualTo(130);
  }

  /** Its watermark was lowered to the first loss, and stopped at the start of its log. */
  @Test
  void aSecondLossBeginsNoHigherThanTheOneThatTheChoiceHasNotHeardOf() {
    cluster.accept(recover(answer(2, 1, 90), answer(3, 1, 100)));
    cluster.fence(3);
    var retained = from(answer(2, 1, 200, 200, 170), 170);

    cluster.accept(recover(2, retained));

    assertThat(loss().from()).isEqualTo(100);
    assertThat(loss().to()).isEqualTo(200);
  }

  @Test
  void ofManyThoseThatCannotBeHaveNoEffect() {
    var other = withoutLeaderAgain(Map.of());
    var sound = recover(answer(2, 1, 90), answer(3, 1, 100)).recoveries().getFirst();
    var first = sound.partition();

    cluster.accept(
        new RecoverPartitions(
            List.of(
                sound,
                new Recovery(
                    other,
                    cluster.partition(other).partitionEpoch(),
                    sound.answers(),
                    new NodeId(3),
                    Optional.empty()))));

    assertThat(cluster.partition(first).hasLeader()).isTrue();
    assertThat(cluster.partition(other).hasLeader()).isFalse();
  }

  @Test
  void manyOfWhichNoneHasAnEffectAreRefused() {
    var unsound = recover(2, answer(2, 1, 90), answer(3, 1, 100)).recoveries().getFirst();

    assertThat(cluster.refusal(new RecoverPartitions(List.of(unsound, unsound))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    cluster.accept(new RecoverPartitions(List.of()));
  }

  @Test
  void refusesMoreAnswersThanThereAreReplicas() {
    var answer = answer(2, 1, 90);

    assertThat(cluster.refusal(recover(2, answer, answer, answer, answer)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private PartitionId withoutLeaderAgain(Map<String, String> configs) {
    cluster.restart(1);
    return withoutLeader(configs);
  }

  /** Node 1 led alone, node 4 had a place; both are gone. */
  private PartitionId withTwoSafeReplicasGone() {
    cluster.start(4);
    cluster.start(1);
    var made =
        cluster.topicLedBy1(4, Map.of("recovery.mode", "available", "min.insync.replicas", "2"));
    cluster.accept(cluster.proposal(made, 1, 4));
    cluster.fence(4);
    cluster.fence(1);
    return made;
  }

  private DeclaredLoss loss() {
    return cluster.partition(id).losses().last().orElseThrow();
  }

  private RecoverPartitions recover(LogAnswer... answers) {
    return recover(3, answers);
  }

  private RecoverPartitions recover(int choice, LogAnswer... answers) {
    return recover(choice, Optional.empty(), answers);
  }

  private RecoverPartitions byOperator(int choice, ShownLoss seen, LogAnswer... answers) {
    return recover(choice, Optional.of(seen), answers);
  }

  private RecoverPartitions recover(int choice, Optional<ShownLoss> seen, LogAnswer... answers) {
    return new RecoverPartitions(
        List.of(
            new Recovery(
                id,
                cluster.partition(id).partitionEpoch(),
                List.of(answers),
                new NodeId(choice),
                seen)));
  }

  private ShownLoss shown(int choice, LogAnswer... answers) {
    var chosen =
        List.of(answers).stream()
            .filter(answer -> answer.node().value() == choice)
            .findFirst()
            .orElseThrow();
    return ShownLoss.of(
        RecoveryChoice.loss(cluster.partition(id), List.of(answers), chosen, LossCause.OPERATOR));
  }

  private LogAnswer answer(int node, int epoch, long end) {
    return answer(node, epoch, end, end);
  }

  private LogAnswer answer(int node, int epoch, long end, long durableEnd) {
    return answer(node, epoch, end, durableEnd, 50);
  }

  private LogAnswer answer(int node, int epoch, long end, long durableEnd, long highWatermark) {
    return new LogAnswer(
        new NodeId(node),
        cluster.epoch(node),
        log(epoch, end),
        log(epoch, durableEnd),
        0,
        highWatermark,
        false);
  }

  private static LogAnswer from(LogAnswer answer, long logStart) {
    return new LogAnswer(
        answer.node(),
        answer.epoch(),
        answer.log(),
        answer.durable(),
        logStart,
        Math.max(logStart, answer.highWatermark()),
        false);
  }

  private LogAnswer damaged(int node) {
    var nothing = new LogEnd(Optional.empty(), 0);
    return new LogAnswer(new NodeId(node), cluster.epoch(node), nothing, nothing, 0, 0, true);
  }

  private DeclareLosses declare(int node, int epoch, long end, long cutFrom) {
    return only(announced(node, epoch, end, cutFrom));
  }

  private DeclareLoss announced(int node, int epoch, long end, long cutFrom) {
    return new DeclareLoss(
        id, loss().leaderEpoch(), new NodeId(node), cluster.epoch(node), log(epoch, end), cutFrom);
  }

  private static DeclareLosses only(DeclareLoss loss) {
    return new DeclareLosses(List.of(loss));
  }

  private static LogEnd log(int epoch, long end) {
    return new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
  }
}
