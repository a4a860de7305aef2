package dev.naru.controller;

import static dev.naru.controller.LoopStage.ONE;
import static dev.naru.controller.LoopStage.THREE;
import static dev.naru.controller.LoopStage.TWO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.metadata.liveness.TopicSkew;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Whom the loop leads for, and what becomes of the commands that it is given. */
class ControllerLoopTest {

  private final LoopStage stage = new LoopStage();

  @Test
  void initializesAClusterThatDoesNotExistYetAndOnlyOnce() {
    stage.lead();
    stage.pass(ofSeconds(1));

    assertThat(stage.log.applied().image().isInitialized()).isTrue();
    assertThat(stage.log.takeSubmitted()).hasOnlyElementsOfType(InitializeCluster.class).hasSize(1);
  }

  @Test
  void tellsOfSkewWhileItLeadsAndNoLonger() {
    stage.lead();
    var epoch = stage.live(TWO);
    var topic = TopicId.of(1, 1);
    stage.accepted(
        new CreateTopic(topic, "orders", Optional.of(2), Optional.of(1), TreePMap.empty(), 1));
    var loads = List.of(new TopicLoad(topic, 2, 10_000, 10_000, 1));
    stage.heard(new NodeHeartbeat(TWO, epoch, epoch.value(), false, loads));

    stage.passWhileHearing(ofSeconds(6), TWO);
    assertThat(stage.skews.getLast()).containsExactly(new TopicSkew("orders", 2.0, 1));

    stage.turn(new ControllerInput.LeadsNoLonger());
    assertThat(stage.skews.getLast()).isEmpty();
  }

  @Test
  void namesTheControllerWhenItIsAnother() throws Exception {
    stage.log.lead(Optional.of(THREE));

    var outcome = stage.submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(outcome).isInstanceOf(Outcome.NotAppended.class);
    assertThat(((Outcome.NotAppended) outcome).controller()).contains(THREE);
    assertThat(((Outcome.NotAppended) outcome).why().code()).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void saysThatTheQuorumIsLostWhenNobodyLeads() throws Exception {
    stage.log.lead(Optional.empty());

    var outcome = stage.submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(((Outcome.NotAppended) outcome).why().code())
        .isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
    assertThat(((Outcome.NotAppended) outcome).why().reason()).contains("go on");
  }

  @Test
  void givesUpACommandThatIsNotCommittedInTimeWithoutCallingItRefused() {
    stage.lead();
    stage.log.holdCommits();
    var outcome = stage.submit(new UnfenceNode(TWO, new NodeEpoch(1)));

    stage.pass(ofMillis(4_900));
    assertThat(outcome).isNotDone();
    stage.pass(ofMillis(200));

    assertLost(outcome);
    stage.log.commitAll(); // what comes too late changes nothing
    assertLost(outcome);
  }

  @Test
  void givesUpACommandWhoseOutcomeTheLogDoesNotKnow() {
    stage.lead();
    stage.log.holdCommits();
    var outcome = stage.submit(new UnfenceNode(TWO, new NodeEpoch(1)));

    stage.log.lead(Optional.empty());
    stage.turn(new ControllerInput.LeadsNoLonger());

    assertLost(outcome);
  }

  @Test
  void repeatsItsOwnCommandOnlyAfterTheFirstIsSettled() {
    stage.lead();
    stage.live(TWO);
    stage.log.takeSubmitted();
    stage.log.holdCommits();

    stage.pass(ofSeconds(7)); // silent since, and the first attempt was given up once
    assertThat(stage.log.takeSubmitted()).hasSize(1);
    stage.pass(ofSeconds(5));
    assertThat(stage.log.takeSubmitted()).hasSize(1);
  }

  @Test
  void doesNotFloodTheLogWithACommandThatKeepsBeingRefused() {
    var unwanted = new ClusterDefaults(0, 1, TreePMap.empty());
    stage.start(new ControllerSeat(ONE, unwanted));
    stage.lead();

    stage.pass(ofSeconds(10));

    assertThat(stage.log.applied().image().isInitialized()).isFalse();
    assertThat(stage.log.takeSubmitted()).hasSizeBetween(10, 11);
  }

  @Test
  void refusesMoreCommandsThanMayBeUnderWay() throws Exception {
    stage.lead();
    stage.log.holdCommits();
    for (int i = 0; i < Submissions.COUNT_MAX; i++) {
      assertThat(stage.submit(new UnfenceNode(TWO, new NodeEpoch(1)))).isNotDone();
    }

    var outcome = stage.submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(((Outcome.NotAppended) outcome).why().code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
  }

  /** A node of an older release would end at it. */
  @Test
  void keepsOutOfTheLogWhatTheRulesInForceDoNotKnow() throws Exception {
    stage.log.beginsUnder(1);
    stage.lead();
    stage.live(TWO);
    stage.log.takeSubmitted();

    var outcome = stage.submit(new DrainNode(new UUID(1, 1), TWO)).get();

    assertThat(((Outcome.NotAppended) outcome).why().code())
        .isEqualTo(ErrorCode.METADATA_VERSION_TOO_LOW);
    assertThat(stage.log.takeSubmitted()).isEmpty();
  }

  /** It leads by the next moment, perhaps, and what it sends then would stand in the log. */
  @Test
  void sendsNothingThatIsTooEarlyBeforeItActsEither() throws Exception {
    stage.log.beginsUnder(1);

    var outcome = stage.submit(new DrainNode(new UUID(1, 1), TWO)).get();

    assertThat(((Outcome.NotAppended) outcome).why().code()).isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(stage.log.takeSubmitted()).isEmpty();
  }

  @Test
  void leavesWhenTheQuorumSaysThatItDoesNotLeadAlthoughNobodyToldIt() {
    stage.lead();

    stage.log.lead(Optional.of(THREE));
    stage.pass(ofSeconds(1));

    assertThat(stage.loop().isActive()).isFalse();
    assertThat(stage.loop().needsTicks()).isFalse();
  }

  private static void assertLost(CompletableFuture<Outcome> outcome) {
    assertThatThrownBy(outcome::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class,
            lost -> assertThat(lost.why().code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST));
  }
}
