package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.LeaderlessPartition.beginningAt;
import static dev.naru.metadata.machine.LeaderlessPartition.log;
import static dev.naru.metadata.machine.LeaderlessPartition.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.event.MetadataEvent.DataLossDeclared;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LossCause;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is declared lost when one leads that may lack records, and what is learned of it later. */
class LossRulesTest {

  private final TestCluster cluster = TestCluster.of(3);
  private final LeaderlessPartition orphan = LeaderlessPartition.in(cluster);

  @Test
  void declaresWhatItGivesUp() {
    var events =
        cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100))).events();

    var loss = orphan.loss();
    assertThat(loss.from()).isEqualTo(100);
    assertThat(loss.isExact()).isFalse();
    assertThat(loss.unheard()).containsExactly(new NodeId(1));
    assertThat(loss.leaderEpoch()).isEqualTo(orphan.entry().leaderEpoch());
    assertThat(loss.cause()).isEqualTo(LossCause.MODE);
    assertThat(events).contains(new DataLossDeclared(orphan.id(), loss));
  }

  @Test
  void whatIsSureIsOnlyWhatWasCommittedIfLaterLeadersMayHaveWritten() {
    cluster.accept(orphan.recover(3, orphan.answer(2, 0, 90), orphan.answer(3, 0, 100, 100, 70)));

    assertThat(orphan.loss().from()).isEqualTo(70);
    assertThat(orphan.loss().isExact()).isFalse();
  }

  @Test
  void isExactOnceTheSafeReplicaHasReportedItsLog() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 120));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(120);
  }

  /** It followed the new leader, cut nothing, copied, and was killed before it was in sync. */
  @Test
  void aSafeReplicaThatReportsWhatItHasCopiedSinceSaysNothingMore() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    cluster.report(1, TestCluster.log(1, orphan.id(), orphan.loss().leaderEpoch().value(), 130));

    assertThat(orphan.entry().losses().last().filter(loss -> loss.to() > 100)).isEmpty();
  }

  /** The log of the first has lost its end on the disk, which the other still holds. */
  @Test
  void ofTwoSafeReplicasTheFurthestCountsAndBothMustHaveSpoken() {
    orphan.replaceByOneWithTwoSafeReplicas();
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    assertThat(orphan.loss().unheard()).containsExactly(new NodeId(1), new NodeId(4));

    cluster.restart(1, TestCluster.log(1, orphan.id(), 1, 110));
    assertThat(orphan.loss().isExact()).isFalse();
    cluster.restart(4, TestCluster.log(4, orphan.id(), 1, 120));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(120);
  }

  @Test
  void isExactAtOnceIfBothSafeReplicasAreKnownAndReachesAsFarAsTheFurthest() {
    orphan.replaceByOneWithTwoSafeReplicas();
    cluster.register(1, LastStop.UNCLEAN);
    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 120));
    cluster.register(4, LastStop.UNCLEAN);
    cluster.report(4, TestCluster.log(4, orphan.id(), 1, 110));

    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(120);
  }

  /** It has never stopped, and leads after the next recovery: what it held is kept. */
  @Test
  void whoeverIsChosenLaterHasSaidAllThatEarlierLossesWaitedFor() {
    orphan.replaceByOneWithTwoSafeReplicas();
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    cluster.unfence(4);
    cluster.fence(3);

    cluster.accept(orphan.recover(4, orphan.answer(2, 1, 90), orphan.answer(4, 1, 120, 120, 110)));

    var first = orphan.entry().losses().all().getFirst();
    assertThat(first.from()).isEqualTo(100);
    assertThat(first.unheard()).containsExactly(new NodeId(1));
  }

  /** It has cut what it announced, and was killed before it was in sync. */
  @Test
  void aReportAfterACutMakesNothingSmaller() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    cluster.accept(orphan.declare(1, 1, 130, 100));
    cluster.restart(1, TestCluster.log(1, orphan.id(), 1, 100));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(130);
  }

  /** Another has announced more than the safe one holds, and has cut it. */
  @Test
  void aReportMakesNothingSmallerThanWasAnnounced() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    cluster.accept(orphan.declare(2, 1, 150, 100));

    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 120));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(150);
  }

  @Test
  void staysAtLeastIfTheSafeReplicaHasLostItsLog() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    cluster.report(1);

    assertThat(orphan.loss().isExact()).isFalse();
    assertThat(orphan.loss().unheard()).isEmpty();
  }

  @Test
  void declaresNothingIfTheSafeReplicaIsKnownToHoldNoMore() {
    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 100)); // and dies again before it serves

    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    assertThat(orphan.entry().losses().all()).isEmpty();
  }

  @Test
  void isExactAtOnceIfTheSafeReplicaIsKnownToHoldMore() {
    cluster.report(1, TestCluster.log(1, orphan.id(), 1, 120));

    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(120);
  }

  @Test
  void aReplicaThatHasMoreExtendsTheLoss() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    var before = orphan.entry();

    var events = cluster.accept(orphan.declare(2, 1, 130, 100)).events();

    assertThat(orphan.loss().to()).isEqualTo(130);
    assertThat(events).contains(new DataLossDeclared(orphan.id(), orphan.loss()));
    assertThat(orphan.entry().leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(orphan.entry().partitionEpoch()).isGreaterThan(before.partitionEpoch());
    assertThat(cluster.accept(orphan.declare(2, 1, 130, 100)).events()).isEmpty();
  }

  @Test
  void aSafeReplicaThatNeverStoppedMakesTheLossExactByExtendingIt() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));

    cluster.accept(orphan.declare(1, 1, 130, 100));

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(130);
  }

  @Test
  void manyAnnouncementsChangeAnEntryOnce() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    var before = orphan.entry().partitionEpoch();
    var many =
        new DeclareLosses(
            List.of(
                orphan.announced(2, 1, 130, 100),
                orphan.announced(
                    2, orphan.loss().leaderEpoch().value(), 500, 100), // no loss concerns it
                orphan.announced(1, 1, 140, 100)));

    var events = cluster.accept(many).events();

    assertThat(orphan.loss().isExact()).isTrue();
    assertThat(orphan.loss().to()).isEqualTo(140);
    assertThat(events).contains(new DataLossDeclared(orphan.id(), orphan.loss())).hasSize(2);
    assertThat(orphan.entry().partitionEpoch()).isEqualTo(before.next());
    assertThat(cluster.accept(many).events()).isEmpty();
    assertThat(orphan.entry().partitionEpoch()).isEqualTo(before.next());
  }

  @Test
  void refusesMoreAnnouncementsThanOneCommandMayHave() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    var many = Collections.nCopies(DeclareLosses.LOSSES_MAX + 1, orphan.announced(2, 1, 130, 100));

    assertThat(cluster.refusal(new DeclareLosses(many))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void refusesToExtendForLogsThatNoLossConcerns() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    var epoch = orphan.entry().leaderEpoch();

    assertThat(cluster.refusal(orphan.declare(2, epoch.value(), 130, 100)))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            cluster.refusal(
                only(
                    new DeclareLoss(
                        orphan.id(), epoch, new NodeId(2), new NodeEpoch(1), log(1, 130), 100))))
        .isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
    cluster.start(4);
    assertThat(
            cluster.refusal(
                only(
                    new DeclareLoss(
                        orphan.id(), epoch, new NodeId(4), cluster.epoch(4), log(1, 130), 100))))
        .isEqualTo(ErrorCode.NOT_REPLICA);
  }

  /** It agreed with the leader that came after the first loss, and nobody wrote then. */
  @Test
  void takesAnAnnouncementToALaterLossThanTheFirstAfterTheLog() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    int between = orphan.entry().leaderEpoch().value();
    cluster.fence(3);
    cluster.accept(orphan.recover(2, orphan.answer(2, between, 110)));
    var first = orphan.entry().losses().all().getFirst();

    cluster.accept(orphan.declare(1, 1, 130, 105));

    assertThat(orphan.entry().losses().all()).hasSize(2).startsWith(first);
    assertThat(orphan.loss().from()).isEqualTo(105);
    assertThat(orphan.loss().to()).isEqualTo(130);
  }

  /** Its watermark was lowered to the first loss, and stopped at the start of its log. */
  @Test
  void aSecondLossBeginsNoHigherThanTheOneThatTheChoiceHasNotHeardOf() {
    cluster.accept(orphan.recover(orphan.answer(2, 1, 90), orphan.answer(3, 1, 100)));
    cluster.fence(3);
    var retained = beginningAt(orphan.answer(2, 1, 200, 200, 170), 170);

    cluster.accept(orphan.recover(2, retained));

    assertThat(orphan.loss().from()).isEqualTo(100);
    assertThat(orphan.loss().to()).isEqualTo(200);
  }
}
