package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.LeaderlessPartition.beginningAt;
import static dev.naru.metadata.machine.LeaderlessPartition.log;
import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** Who may lead a partition whose safe replica is gone. */
class RecoveryRulesTest {

  private final TestCluster cluster = TestCluster.of(3);
  private final LeaderlessPartition orphan = LeaderlessPartition.in(cluster);

  @Test
  void theGreatestLogLeadsAlone() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    assertInShort(orphan.entry(), "leader 3 isr [3] elr {}");
    assertThat(orphan.entry().lastKnown()).isEmpty();
  }

  @Test
  void theFirstReplicaInOrderLeadsOfTwoThatReachAsFar() {
    cluster.accept(orphan.recover(2, orphan.answer(3, 1, 100), orphan.answer(2, 1, 100)));

    assertThat(orphan.entry().isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void aLaterEpochIsGreaterThanALongerLog() {
    assertThat(
            cluster.refusal(orphan.recover(2, orphan.answer(2, 1, 500), orphan.answer(3, 2, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(orphan.recover(3, orphan.answer(2, 1, 500), orphan.answer(3, 2, 100)));
  }

  @Test
  void refusesAnyOtherThanTheGreatestIfNoOperatorChoseIt() {
    assertThat(
            cluster.refusal(orphan.recover(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void aDamagedLogIsNeitherChosenNorCompared() {
    assertThat(cluster.refusal(orphan.recover(3, orphan.answer(2, 1, 90), orphan.damaged(3))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(orphan.recover(2, orphan.answer(2, 1, 90), orphan.damaged(3)));
  }

  @Test
  void whatIsNotOnDiskIsNotChosenWhereOnlyTheDiskCounts() {
    var inMemory = orphan.answer(3, 1, 100, 95);

    assertThat(cluster.refusal(orphan.recover(3, orphan.answer(2, 1, 90), inMemory)))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    orphan.replace(Map.of("recovery.mode", "available", "flush", "os"));
    cluster.accept(orphan.recover(3, orphan.answer(2, 1, 90), inMemory));
  }

  /** It has 95 on its disk, which may have been acknowledged, and is there. */
  @Test
  void nobodyIsChosenWhoHasLessThanAnotherHasOnItsDisk() {
    assertThat(
            cluster.refusal(
                orphan.recover(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100, 95))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);

    cluster.accept(orphan.recover(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100, 90)));
    assertThat(orphan.loss().to()).isEqualTo(100);
  }

  /** What is on its disk is of the epoch before, and less than the choice has. */
  @Test
  void whatIsOnlyInMemoryOfALaterEpochDoesNotCountAsOnDisk() {
    var hanging =
        new LogAnswer(new NodeId(3), cluster.epoch(3), log(2, 100), log(1, 80), 0, 50, false);

    cluster.accept(orphan.recover(2, orphan.answer(2, 1, 90), hanging));

    assertThat(orphan.entry().isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void givesUpWhatIsOnADiskThatHangsAndSaysWhoseItIs() {
    var answers = List.of(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100, 95));
    var inVain =
        new Recovery(
            orphan.id(),
            orphan.entry().partitionEpoch(),
            answers,
            new NodeId(2),
            Optional.empty(),
            TreePSet.singleton(new NodeId(3)));

    cluster.accept(new RecoverPartitions(List.of(inVain)));

    assertThat(orphan.entry().isLedBy(new NodeId(2))).isTrue();
    assertThat(orphan.loss().from()).isEqualTo(90);
    assertThat(orphan.loss().to()).isEqualTo(100);
    assertThat(orphan.loss().passedOver()).containsExactly(new NodeId(3));
  }

  @Test
  void anOperatorMayGiveUpWhatIsOnAnothersDisk() {
    var seen = orphan.shown(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100, 95));

    cluster.accept(
        orphan.byOperator(2, seen, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100, 95)));

    assertThat(orphan.entry().isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void refusesAnswersOfAnotherEntryOfThePartition() {
    var late = orphan.entry().partitionEpoch();
    var recovery =
        new Recovery(
            orphan.id(),
            new PartitionEpoch(late.value() - 1),
            List.of(orphan.answer(2, 1, 90)),
            new NodeId(2),
            Optional.empty());

    assertThat(cluster.refusal(new RecoverPartitions(List.of(recovery))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
  }

  @Test
  void refusesAnswersOfAProcessThatIsGone() {
    var old = orphan.answer(2, 1, 90);
    cluster.restart(2);

    assertThat(cluster.refusal(orphan.recover(2, old))).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void refusesAnswersOfAFencedNodeAndOfOneThatHasNoReplica() {
    cluster.fence(3);
    cluster.start(4);

    assertThat(cluster.refusal(orphan.recover(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 80))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.refusal(orphan.recover(2, orphan.answer(2, 1, 90), orphan.answer(4, 1, 80))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void refusesWhileThereIsALeaderOrASafeReplicaComesBack() {
    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 120));
    cluster.unfence(1);

    assertThat(orphan.entry().hasLeader()).isTrue();
    assertThat(
            cluster.refusal(orphan.recover(3, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  @Tag("S55")
  void aStrictTopicIsLeftToAnOperator() {
    orphan.replace(Map.of());

    assertThat(
            cluster.refusal(orphan.recover(3, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    var seen = orphan.shown(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100));
    cluster.accept(orphan.byOperator(2, seen, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    assertInShort(orphan.entry(), "leader 2 isr [2] elr {}");
    assertThat(orphan.loss().from()).isEqualTo(90);
    assertThat(orphan.loss().to()).isEqualTo(100);
    assertThat(orphan.loss().cause()).isEqualTo(LossCause.OPERATOR);
  }

  @Test
  void anOperatorsChoiceHoldsForWhatHeWasShown() {
    var seen = orphan.shown(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100));

    assertThat(
            cluster.refusal(
                orphan.byOperator(2, seen, orphan.answer(2, 1, 90), orphan.answer(3, 1, 101))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
    assertThat(
            cluster.refusal(
                orphan.byOperator(2, seen, orphan.answer(2, 1, 89), orphan.answer(3, 1, 100))))
        .isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
  }

  @Test
  void whereLogsBeginChangesNothing() {
    cluster.accept(
        orphan.recover(
            beginningAt(orphan.answer(2, 1, 90), 80), beginningAt(orphan.answer(3, 1, 100), 100)));

    assertThat(orphan.entry().isLedBy(new NodeId(3))).isTrue();
    assertThat(orphan.loss().from()).isEqualTo(100);
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

    assertThat(cluster.refusal(orphan.recover(2, empty, orphan.answer(3, 1, 100))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    cluster.accept(orphan.recover(3, empty, orphan.answer(3, 1, 100)));

    assertThat(orphan.loss().to()).as("it holds nothing of the last epoch").isEqualTo(100);
  }

  @Test
  void ofManyThoseThatCannotBeHaveNoEffect() {
    var other = orphan.another(Map.of());
    var sound =
        orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)).recoveries().getFirst();
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
    var unsound =
        orphan
            .recover(2, orphan.answer(2, 1, 90), orphan.answer(3, 1, 100))
            .recoveries()
            .getFirst();

    assertThat(cluster.refusal(new RecoverPartitions(List.of(unsound, unsound))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    cluster.accept(new RecoverPartitions(List.of()));
  }

  @Test
  void refusesMoreAnswersThanThereAreReplicas() {
    var answer = orphan.answer(2, 1, 90);

    assertThat(cluster.refusal(orphan.recover(2, answer, answer, answer, answer)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }
}
