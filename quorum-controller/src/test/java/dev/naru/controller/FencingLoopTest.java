package dev.naru.controller;

import static dev.naru.controller.LoopStage.ONE;
import static dev.naru.controller.LoopStage.THREE;
import static dev.naru.controller.LoopStage.TWO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Which nodes are fenced and let in, by what is heard of them. */
class FencingLoopTest {

  private final LoopStage stage = new LoopStage();

  @Test
  void unfencesANodeThatIsHeardAndHasCaughtUp() {
    stage.lead();
    NodeEpoch epoch = stage.register(TWO);

    var early = stage.heartbeat(TWO, epoch, epoch.value() - 1);
    assertThat(early.fenced()).isTrue();
    assertThat(stage.node(TWO).isFenced()).isTrue();

    stage.heartbeat(TWO, epoch, epoch.value());
    assertThat(stage.node(TWO).isFenced()).isFalse();
    assertThat(stage.heartbeat(TWO, epoch, epoch.value()).fenced()).isFalse();
  }

  @Test
  @Tag("S9")
  void fencesASilentNodeAfterTheTimeoutAndNotBefore() {
    stage.lead();
    stage.live(TWO);
    stage.live(THREE);

    stage.passWhileHearing(ofMillis(5_900), THREE);
    assertThat(stage.node(TWO).isFenced()).isFalse();

    stage.passWhileHearing(ofMillis(200), THREE);
    assertThat(stage.node(TWO).isFenced()).isTrue();
    assertThat(stage.node(THREE).isFenced()).isFalse();
  }

  /** As after a stop signal, a long collection, a machine that was suspended. */
  @Test
  void doesNotTakeItsOwnPauseForTheSilenceOfNodes() {
    stage.lead();
    stage.live(TWO);
    stage.pass(ofSeconds(1));

    stage.clock.advance(ofSeconds(30));
    stage.turn();
    assertThat(stage.node(TWO).isFenced()).isFalse();

    stage.pass(ofMillis(4_800));
    assertThat(stage.node(TWO).isFenced())
        .as("a second before the pause, the rest after it")
        .isFalse();
    stage.pass(ofMillis(400));
    assertThat(stage.node(TWO).isFenced()).isTrue();
  }

  @Test
  @Tag("S9")
  void fencesAtOnceANodeWhoseStreamBrokeAndWhoseListenerRefuses() {
    stage.lead();
    var epoch = stage.live(TWO);
    stage.log.takeSubmitted();
    stage.refusals.put(stage.node(TWO).internal(), CompletableFuture.completedFuture(true));

    stage.breakStream(TWO);

    assertThat(stage.log.takeSubmitted())
        .containsExactly(new FenceNode(TWO, epoch, FenceCause.CONNECTION_REFUSED));
    assertThat(stage.node(TWO).isFenced()).isTrue();
  }

  @Test
  void keepsANodeWhoseStreamBrokeButWhoseListenerAccepts() {
    stage.lead();
    stage.live(TWO);

    stage.breakStream(TWO);
    stage.pass(ofSeconds(2));

    assertThat(stage.probed).contains(stage.node(TWO).internal());
    assertThat(stage.node(TWO).isFenced()).isFalse();
  }

  @Test
  void believesTheNewStreamWhenTheOldOneIsReportedBrokenAfterIt() {
    stage.lead();
    var epoch = stage.live(TWO);
    HeartbeatStream old = stage.stream(TWO);
    stage.refusals.put(stage.node(TWO).internal(), CompletableFuture.completedFuture(true));

    stage.streams.put(TWO, new LoopStage.FakeStream());
    stage.heartbeat(TWO, epoch, epoch.value());
    stage.turn(new ControllerInput.StreamBroke(old));
    stage.pass(ofMillis(200));

    assertThat(stage.node(TWO).isFenced()).isFalse();
  }

  @Test
  void probesUnderANewReignTheNodesThatOpenNoStreamAndCountsTheirSilenceAnew() {
    stage.lead();
    stage.live(TWO);
    stage.pass(ofSeconds(5));
    stage.turn(new ControllerInput.LeadsNoLonger());
    stage.probed.clear();

    stage.turn(new ControllerInput.Leads(2));
    stage.pass(ofMillis(5_800));
    assertThat(stage.probed).contains(stage.node(TWO).internal());
    assertThat(stage.node(TWO).isFenced()).isFalse();

    stage.pass(ofMillis(400));
    assertThat(stage.node(TWO).isFenced()).isTrue();
  }

  @Test
  void doesNotProbeANodeMoreThanTwiceASecond() {
    stage.lead();
    stage.live(TWO);
    stage.probed.clear();

    stage.breakStream(TWO);
    stage.pass(ofSeconds(2));

    assertThat(stage.probed).hasSizeBetween(4, 5);
  }

  @Test
  void tellsAProcessOfAnOlderEpochToStopAndAnUnknownOneToRegister() {
    stage.lead();
    var first = stage.live(TWO);
    var second = stage.register(TWO);
    assertThat(second).isGreaterThan(first);

    assertThat(stage.refusal(new NodeHeartbeat(TWO, first, 0, false)))
        .isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
    assertThat(stage.refusal(new NodeHeartbeat(THREE, new NodeEpoch(1_000), 0, false)))
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
  }

  @Test
  void tellsANodeThatWasDecommissionedToStop() {
    stage.lead();
    stage.live(ONE);
    var epoch = stage.live(TWO);
    stage.kill(TWO);
    stage.accepted(new DecommissionNode(new UUID(1, 1), TWO, 7, OptionalLong.empty()));

    assertThat(stage.refusal(new NodeHeartbeat(TWO, epoch, 0, false)))
        .isEqualTo(ErrorCode.NODE_NOT_FOUND);
    assertThat(stage.refusal(new NodeHeartbeat(TWO, new NodeEpoch(1_000), 0, false)))
        .as("a registration that is yet to be applied here")
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
  }

  @Test
  void movesLeadershipsAwayBeforeItLetsANodeStop() {
    stage.lead();
    stage.live(ONE);
    var epoch = stage.live(TWO);
    var topic = new TopicId(new UUID(1, 1));
    stage.accepted(
        new CreateTopic(topic, "orders", Optional.of(4), Optional.of(2), TreePMap.empty(), 0));
    assertThat(stage.log.applied().image().leadsWhatAnotherCould(TWO)).isTrue();
    stage.log.takeSubmitted();

    var first = stage.heard(new NodeHeartbeat(TWO, epoch, stage.log.applied().index(), true));
    assertThat(first.mayShutDown()).isFalse();
    assertThat(stage.log.takeSubmitted()).containsExactly(new BeginShutdown(TWO, epoch));
    assertThat(
            stage
                .heard(new NodeHeartbeat(TWO, epoch, stage.log.applied().index(), true))
                .mayShutDown())
        .isTrue();
  }

  /** Else a node would take for current what another controller has changed meanwhile. */
  @Test
  void answersWithHowLongAgoTheVotersConfirmedIt() {
    stage.lead();
    var epoch = stage.live(TWO);

    stage.log.confirmed(OptionalLong.of(1_234));

    assertThat(stage.heartbeat(TWO, epoch, epoch.value()).confirmedMillisAgo()).isEqualTo(1_234);
  }

  @Test
  void hearsNobodyWhenTheVotersDoNotConfirmIt() {
    stage.lead();
    var epoch = stage.live(TWO);

    stage.log.confirmed(OptionalLong.empty());
    stage.log.lead(Optional.of(THREE)); // which nobody has told the loop yet

    assertThat(stage.refusal(new NodeHeartbeat(TWO, epoch, epoch.value(), false)))
        .isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void answersWithTheCommittedIndex() {
    stage.lead();
    var epoch = stage.live(TWO);

    assertThat(stage.heartbeat(TWO, epoch, epoch.value()).committedIndex())
        .isEqualTo(stage.log.applied().index());
  }
}
