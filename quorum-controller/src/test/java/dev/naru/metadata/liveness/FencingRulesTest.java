package dev.naru.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FencingRulesTest {

  private static final long TIMEOUT = 6_000;

  /** A monotonic clock may start anywhere, also shortly before its numbers wrap around. */
  private static final long START = Math.subtractExact(Long.MAX_VALUE, 1_000);

  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(2);
  private final HeartbeatLedger empty = HeartbeatLedger.startingAt(START);

  @Test
  void givesEveryNodeAFullTimeoutUnderANewController() {
    assertThat(FencingRules.due(cluster.image(), empty, TIMEOUT, START + TIMEOUT - 1)).isEmpty();

    assertThat(FencingRules.due(cluster.image(), empty, TIMEOUT, START + TIMEOUT))
        .containsExactly(
            new FenceNode(ONE, cluster.epoch(1), FenceCause.SILENT),
            new FenceNode(new NodeId(2), cluster.epoch(2), FenceCause.SILENT));
  }

  @Test
  void countsSilenceFromTheLastHeartbeat() {
    var ledger = heard(heard(empty, 1, START + 500), 2, START + 5_000);

    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START + 6_499)).isEmpty();
    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START + 6_500))
        .containsExactly(new FenceNode(ONE, cluster.epoch(1), FenceCause.SILENT));
  }

  @Test
  void takesTheHeartbeatOfAnotherProcessForSilence() {
    var ledger =
        heard(empty, 2, START + 5_000)
            .heard(ONE, new NodeEpoch(cluster.epoch(1).value() - 1), 99, false, START + 5_000);

    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START + TIMEOUT))
        .containsExactly(new FenceNode(ONE, cluster.epoch(1), FenceCause.SILENT));
  }

  @Test
  void keepsTheHeartbeatOfTheNewerProcess() {
    var newer = heard(empty, 1, START);

    assertThat(newer.heard(ONE, new NodeEpoch(0), 0, true, START + 1)).isEqualTo(newer);
  }

  @Test
  void unfencesANodeThatIsHeardAndHasAppliedItsRegistration() {
    cluster.register(1, LastStop.UNCLEAN);
    cluster.report(1);
    var ledger = heard(empty, 2, START);
    var epoch = cluster.epoch(1);

    var behind = ledger.heard(ONE, epoch, epoch.value() - 1, false, START);
    var caughtUp = ledger.heard(ONE, epoch, epoch.value(), false, START);

    assertThat(FencingRules.due(cluster.image(), behind, TIMEOUT, START)).isEmpty();
    assertThat(FencingRules.due(cluster.image(), caughtUp, TIMEOUT, START))
        .containsExactly(new UnfenceNode(ONE, epoch));
  }

  @Test
  void doesNotUnfenceANodeThatHasNotReportedItsLogs() {
    cluster.register(1, LastStop.UNCLEAN);

    var ledger = heard(heard(empty, 1, START), 2, START);

    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START)).isEmpty();
  }

  @Test
  void doesNotUnfenceOnAHeartbeatFromBeforeTheConnectionBroke() {
    var ledger = heard(heard(empty, 1, START), 2, START).streamBroke(ONE, cluster.epoch(1));
    cluster.fence(1);

    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START + 1)).isEmpty();
    assertThat(FencingRules.due(cluster.image(), heard(ledger, 1, START + 2), TIMEOUT, START + 2))
        .containsExactly(new UnfenceNode(ONE, cluster.epoch(1)));
  }

  @Test
  void beginsTheShutdownOfANodeThatAsksForItOnceAndThenLetsItGo() {
    var id = cluster.topicLedBy1(2, Map.of());
    var ledger = heard(empty, 2, START).heard(ONE, cluster.epoch(1), cluster.index(), true, START);

    assertThat(FencingRules.mayShutDown(cluster.image(), ONE)).isFalse();
    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START))
        .containsExactly(new BeginShutdown(ONE, cluster.epoch(1)));
    cluster.beginShutdown(1);

    assertThat(cluster.partition(id).isLedBy(ONE)).isFalse();
    assertThat(FencingRules.mayShutDown(cluster.image(), ONE)).isTrue();
    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START)).isEmpty();
    cluster.fence(1);
    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START))
        .as("not unfenced while it wants to stop")
        .isEmpty();
  }

  @Test
  void fencesAtOnceANodeWithoutAStreamThatRefusesConnections() {
    var ledger = heard(empty, 2, START);

    assertThat(FencingRules.toProbe(cluster.image(), ledger)).containsExactly(ONE);
    assertThat(FencingRules.onProbeRefused(cluster.image(), ledger, ONE))
        .contains(new FenceNode(ONE, cluster.epoch(1), FenceCause.CONNECTION_REFUSED));
  }

  @Test
  void doesNotBelieveAProbeThatAStandingStreamContradicts() {
    var ledger = heard(empty, 1, START);

    assertThat(FencingRules.onProbeRefused(cluster.image(), ledger, ONE)).isEmpty();
    assertThat(
            FencingRules.onProbeRefused(
                cluster.image(), ledger.streamBroke(ONE, cluster.epoch(1)), ONE))
        .isPresent();
  }

  @Test
  void leavesFencedAndUnknownNodesAlone() {
    cluster.fence(1);

    assertThat(FencingRules.toProbe(cluster.image(), empty)).containsExactly(new NodeId(2));
    assertThat(FencingRules.onProbeRefused(cluster.image(), empty, ONE)).isEmpty();
    assertThat(FencingRules.onProbeRefused(cluster.image(), empty, new NodeId(9))).isEmpty();
  }

  @Test
  void findsOutWhetherOneThatIsToBeRemovedIsGoneThoughItFellSilentFirst() {
    cluster.start(3);
    var three = new NodeId(3);
    cluster.accept(new DecommissionNode(cluster.draw(), three, 1, OptionalLong.empty()));
    cluster.fence(3);
    var refused = new FenceNode(three, cluster.epoch(3), FenceCause.CONNECTION_REFUSED);

    assertThat(FencingRules.toProbe(cluster.image(), heard(heard(empty, 1, START), 2, START)))
        .containsExactly(three);
    assertThat(FencingRules.onProbeRefused(cluster.image(), empty, three)).contains(refused);
    cluster.accept(refused);
    assertThat(cluster.image().node(three)).isEmpty();
  }

  /** Nobody else would ever say of it that it is gone. */
  @Test
  void fencesOneThatIsToBeRemovedAndNeverCameToServe() {
    cluster.start(3);
    cluster.accept(new DecommissionNode(cluster.draw(), new NodeId(3), 1, OptionalLong.empty()));
    cluster.register(3, LastStop.UNCLEAN);
    var others = heard(heard(empty, 1, START + TIMEOUT), 2, START + TIMEOUT);
    assertThat(FencingRules.due(cluster.image(), others, TIMEOUT, START + TIMEOUT))
        .as("it may be about to send its first heartbeat")
        .isEmpty();

    var ledger = heard(others, 3, START);

    assertThat(FencingRules.due(cluster.image(), ledger, TIMEOUT, START + TIMEOUT))
        .containsExactly(new FenceNode(new NodeId(3), cluster.epoch(3), FenceCause.SILENT));
  }

  private HeartbeatLedger heard(HeartbeatLedger ledger, int node, long nowNanos) {
    return ledger.heard(new NodeId(node), cluster.epoch(node), cluster.index(), false, nowNanos);
  }
}
