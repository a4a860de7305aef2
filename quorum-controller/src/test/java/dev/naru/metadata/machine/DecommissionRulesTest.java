package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.event.MetadataEvent.NodeRemoved;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationState;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node that gives away all it has, and is forgotten once it is gone. */
class DecommissionRulesTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId FOUR = new NodeId(4);

  private final TestCluster cluster = TestCluster.of(3);
  private final PartitionId id = cluster.topicLedBy1(3, Map.of());

  @Test
  void aDecommissionedNodeGivesAwayAllAndIsForgottenOnceItHasStopped() {
    cluster.start(4);
    var operation = decommission(1);
    assertThat(cluster.partition(id).isLedBy(ONE)).isFalse();
    assertThat(cluster.partition(id).replicaNodes()).contains(new NodeId(4));

    int leader = cluster.partition(id).leader().orElseThrow().value();
    var rest = cluster.partition(id).isr().minus(ONE).stream().mapToInt(NodeId::value).toArray();
    assertThat(rest).contains(leader);
    cluster.accept(cluster.proposal(id, 2, 3, 4));
    assertThat(cluster.partition(id).replicaOn(ONE)).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.RUNNING);
    assertThat(operation(operation).done()).isEqualTo(operation(operation).total());

    cluster.beginShutdown(1);
    cluster.fence(1);
    assertThat(cluster.image().node(ONE)).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    cluster.start(1);
    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
  }

  @Test
  void aDeadNodeIsReplacedInTheSameWay() {
    cluster.fence(1);
    cluster.start(4);
    decommission(1);
    cluster.accept(new FenceNode(ONE, cluster.epoch(1), FenceCause.CONNECTION_REFUSED));

    var last = cluster.accept(cluster.proposal(id, 2, 3, 4));

    assertThat(last.events()).contains(new NodeRemoved(ONE));
  }

  @Test
  void whatIsEmptyAndDeadGoesAtOnce() {
    cluster.start(4);
    cluster.accept(new FenceNode(FOUR, cluster.epoch(4), FenceCause.CONNECTION_REFUSED));

    var operation = decommission(4);

    assertThat(cluster.image().node(new NodeId(4))).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  /** It may live, and nobody would be left to tell it. */
  @Test
  void aNodeThatIsOnlySilentIsNotForgotten() {
    cluster.start(4);
    var operation = decommission(4);

    cluster.fence(4);

    assertThat(cluster.image().node(FOUR)).isPresent();
    assertThat(operation(operation).state()).isEqualTo(OperationState.RUNNING);
    cluster.accept(new FenceNode(FOUR, cluster.epoch(4), FenceCause.CONNECTION_REFUSED));
    assertThat(cluster.image().node(FOUR)).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void whoeverIsFencedIsNotGoneByThat() {
    cluster.start(4);
    cluster.fence(4);

    var operation = decommission(4);

    assertThat(cluster.image().node(FOUR)).as("it may only have paused").isPresent();
    assertThat(operation(operation).state()).isEqualTo(OperationState.RUNNING);
    cluster.accept(new FenceNode(FOUR, cluster.epoch(4), FenceCause.CONNECTION_REFUSED));
    assertThat(cluster.image().node(FOUR)).as("its port was probed").isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void whoeverIsSilentForGoodIsTakenOutWhenAnOperatorSaysSo() {
    cluster.start(4);
    cluster.fence(4);

    cluster.accept(new DecommissionNode(cluster.draw(), FOUR, 7, OptionalLong.empty(), true));

    assertThat(cluster.image().node(FOUR)).isEmpty();
  }

  @Test
  void whoeverIsBeingDecommissionedCanStillBeSaidToBeGone() {
    cluster.start(4);
    var operation = decommission(4);
    var gone = new DecommissionNode(cluster.draw(), FOUR, 7, OptionalLong.empty(), true);
    assertThat(cluster.refusal(gone)).as("it serves").isEqualTo(ErrorCode.INVALID_REQUEST);
    cluster.fence(4);
    assertThat(cluster.image().node(FOUR)).isPresent();

    cluster.accept(gone);

    assertThat(cluster.image().node(FOUR)).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(cluster.image().operation(gone.operation())).as("none of its own").isEmpty();
  }

  @Test
  void nobodyIsSaidToBeGoneWhoServesOrStarts() {
    cluster.start(4);
    var gone = new DecommissionNode(cluster.draw(), FOUR, 7, OptionalLong.empty(), true);

    assertThat(cluster.refusal(gone)).isEqualTo(ErrorCode.INVALID_REQUEST);
    cluster.register(4, LastStop.CLEAN);
    assertThat(cluster.refusal(gone)).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.image().node(FOUR)).isPresent();
  }

  @Test
  void aNodeThatStartsAgainIsNotForgottenBeforeItHasStopped() {
    cluster.start(4);
    cluster.start(5);
    decommission(4);
    cluster.register(4, LastStop.CLEAN);
    cluster.accept(
        new ReassignPartitions(
            cluster.draw(),
            List.of(new Placement(id, List.of(new NodeId(3), new NodeId(2), ONE))),
            OptionalLong.empty()));
    assertThat(cluster.image().node(FOUR)).as("it is starting").isPresent();

    cluster.fence(4);
    assertThat(cluster.image().node(FOUR)).as("it was never heard").isPresent();
    cluster.accept(new FenceNode(FOUR, cluster.epoch(4), FenceCause.CONNECTION_REFUSED));
    assertThat(cluster.image().node(FOUR)).isEmpty();
  }

  @Test
  void aDecommissionedNodeDoesNotComeBackByARestart() {
    cluster.start(4);
    var epoch = cluster.epoch(4);
    var again = cluster.registration(4, LastStop.CLEAN);
    cluster.beginShutdown(4);
    cluster.fence(4);
    decommission(4);
    assertThat(cluster.image().node(FOUR)).isEmpty();

    assertThat(cluster.refusal(again)).isEqualTo(ErrorCode.NODE_NOT_FOUND);
    var withoutEpoch = withKnownEpoch(again, Optional.empty());
    assertThat(cluster.refusal(withoutEpoch)).isEqualTo(ErrorCode.NODE_NOT_FOUND);
    assertThat(Decommissioned.whyNot(cluster.image(), FOUR, Optional.of(epoch))).isPresent();
    assertThat(Decommissioned.whyNot(cluster.image(), FOUR, Optional.empty())).isEmpty();
    assertThat(Decommissioned.whyNot(cluster.image(), ONE, Optional.of(cluster.node(1).epoch())))
        .isEmpty();
    cluster.start(4);
    assertThat(cluster.epoch(4)).isGreaterThan(epoch);
  }

  /** A controller that was deposed may lack a node that another one has registered since. */
  @Test
  void anImageBeforeTheRegistrationDoesNotTellThatANodeWasDecommissioned() {
    var before = cluster.image();
    cluster.start(4);
    var epoch = cluster.epoch(4);

    assertThat(Decommissioned.whyNotAsOf(before, epoch.value() - 1, FOUR, Optional.of(epoch)))
        .isEmpty();
    assertThat(Decommissioned.whyNotAsOf(before, epoch.value(), FOUR, Optional.of(epoch)))
        .isPresent();
    assertThat(
            Decommissioned.whyNotAsOf(cluster.image(), cluster.index(), FOUR, Optional.of(epoch)))
        .isEmpty();
  }

  private static RegisterNode withKnownEpoch(RegisterNode plain, Optional<NodeEpoch> epoch) {
    return new RegisterNode(
        plain.clusterId(),
        plain.node(),
        plain.incarnation(),
        epoch,
        plain.profile(),
        plain.directories(),
        plain.lastStop(),
        plain.replacesLost());
  }

  @Test
  void refusedUpFrontIfTheOthersAreTooFew() {
    assertThat(cluster.refusal(decommissioning(cluster.draw(), 1)))
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
    assertThat(cluster.image().operations()).isEmpty();
  }

  @Test
  void refusedWhileTheNodeIsToGetReplicas() {
    cluster.start(4);
    cluster.start(5);
    cluster.accept(
        new ReassignPartitions(
            cluster.draw(),
            List.of(new Placement(id, List.of(new NodeId(2), new NodeId(3), new NodeId(4)))),
            OptionalLong.empty()));

    assertThat(cluster.refusal(decommissioning(cluster.draw(), 4)))
        .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
  }

  @Test
  void aCancelledOneKeepsItsReplicas() {
    cluster.start(4);
    var operation = decommission(1);

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
    assertThat(cluster.partition(id).replicaNodes()).contains(ONE).doesNotContain(new NodeId(4));
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void whoeverCancelsAnEarlierDrainKeepsNobodyInTheCluster() {
    cluster.start(4);
    cluster.accept(cluster.proposal(id, 1));
    var drain = drain(1);
    decommission(1);

    cluster.accept(new CancelOperation(drain));

    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.REMOVE);
  }

  @Test
  void aCancelledOneLeavesADrainedNodeDrained() {
    cluster.start(4);
    drain(1);
    var operation = decommission(1);

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.DRAIN);
    cluster.accept(new UndrainNode(ONE));
    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
  }

  @Test
  void itEndsADrainThatIsNotDone() {
    cluster.start(4);
    cluster.accept(cluster.proposal(id, 1));
    var drain = drain(1);

    decommission(1);

    assertThat(operation(drain).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void itIsNotDrainedNorUndrainedMeanwhile() {
    cluster.start(4);
    decommission(1);

    assertThat(cluster.refusal(new DrainNode(cluster.draw(), ONE)))
        .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
    assertThat(cluster.refusal(new UndrainNode(ONE))).isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
    assertThat(cluster.refusal(decommissioning(cluster.draw(), 1)))
        .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
  }

  private UUID drain(int node) {
    var operation = cluster.draw();
    cluster.accept(new DrainNode(operation, new NodeId(node)));
    return operation;
  }

  private UUID decommission(int node) {
    var operation = cluster.draw();
    cluster.accept(decommissioning(operation, node));
    return operation;
  }

  private static DecommissionNode decommissioning(UUID operation, int node) {
    return new DecommissionNode(operation, new NodeId(node), 7, OptionalLong.empty());
  }

  private OperationImage operation(UUID operation) {
    return cluster.image().operation(operation).orElseThrow();
  }
}
