package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.types.NodeId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class OperationsTest {

  private static final String REQUEST = "00000000-0000-4000-8000-000000000001";

  /** Partition 0 is on nodes 1 and 2, partition 1 on nodes 2 and 3, partition 2 on 3 and 4. */
  private ClusterImage image = LedCluster.of(4, 4, 2);

  private long index = 10;
  private final List<Long> awaited = new ArrayList<>();
  private Runnable beforeApplied = () -> {};

  private final OperationStarter operations =
      new OperationStarter(
          new NodeId(1), this::cluster, this::changed, new Random(7), () -> 1_000_500);

  private final PartitionMoves moves =
      new PartitionMoves(this::cluster, this::whenApplied, operations);

  /** As if others had gone on meanwhile, so that this node sees it only now. */
  private CompletableFuture<Applied> whenApplied(long entry) {
    awaited.add(entry);
    beforeApplied.run();
    index = Math.max(index, entry);
    return CompletableFuture.completedFuture(new Applied(index, image));
  }

  @Test
  void aDryRunSaysWhatWouldMoveAndChangesNothing() {
    var before = image;

    var planned = moves.reassign(toNodes(0, 3, 1).setValidateOnly(true).build());

    assertThat(image).isEqualTo(before);
    assertThat(planned.getTotal()).isEqualTo(1);
    assertThat(planned.getMovesList())
        .singleElement()
        .satisfies(move -> {
          assertThat(move.getTopic()).isEqualTo("topics/t");
          assertThat(move.getPartition()).isZero();
          assertThat(move.getFromList()).containsExactly(1, 2);
          assertThat(move.getToList()).containsExactly(3, 1);
        });
  }

  /** It is there at once, and so nothing is on its way. */
  @Test
  void aDryRunShowsAChangeOfOrderToo() {
    var planned = moves.reassign(toNodes(0, 2, 1).setValidateOnly(true).build());

    assertThat(planned.getState()).isEqualTo(Operation.State.STATE_DONE);
    assertThat(planned.getMovesList()).hasSize(1);
  }

  @Test
  void theRequestIdNamesTheOperationAndTheSameOneBeginsNothingMore() {
    var request = toNodes(0, 3, 1).setRequestId(REQUEST).setBytesPerSecond(2 << 20).build();

    var begun = moves.reassign(request);

    assertThat(begun.getName()).isEqualTo("operations/" + REQUEST);
    assertThat(begun.getState()).isEqualTo(Operation.State.STATE_RUNNING);
    assertThat(begun.getMovesList()).hasSize(1);
    assertThat(begun.getBytesPerSecond()).isEqualTo(2 << 20);
    assertThat(begun.getCreateTime().getSeconds()).isEqualTo(1_000);
    assertThat(begun.getCreateTime().getNanos()).isEqualTo(500_000_000);
    assertThat(moves.reassign(request)).isEqualTo(begun);
    assertThat(image.operations()).hasSize(1);
  }

  @Test
  void refusesAPlanThatIsOutOfDateAndSaysWhatIsDifferent() {
    var planned = image.partitionIds().findFirst().orElseThrow();
    int epoch = image.partition(planned).orElseThrow().partitionEpoch().value();
    var request = plannedFor(planned.topic().toString(), epoch).setRequestId(REQUEST).build();
    assertThat(
            moves
                .reassign(
                    plannedFor(planned.topic().toString(), epoch).setValidateOnly(true).build())
                .getTotal())
        .isEqualTo(1);

    assertThatThrownBy(
            () -> moves.reassign(plannedFor(planned.topic().toString(), epoch + 1).build()))
        .hasMessageContaining("t/0 has partition epoch " + epoch)
        .hasMessageContaining("replicas [1, 2], leader 1, in sync [1, 2]");
    assertThatThrownBy(() -> moves.reassign(plannedFor(new UUID(1, 2).toString(), epoch).build()))
        .hasMessageContaining("topic t is another one of this name");
    assertThat(image.operations()).isEmpty();

    var begun = moves.reassign(request);
    assertThat(image.partition(planned).orElseThrow().partitionEpoch().value()).isNotEqualTo(epoch);
    assertThat(moves.reassign(request)).as("the answer was lost").isEqualTo(begun);
  }

  /** Its image is older than the plan, and the partition has changed since that was made. */
  @Test
  void waitsUntilItHasSeenWhatThePlanWasMadeFor() {
    var id = image.partitionIds().findFirst().orElseThrow();
    int epoch = image.partition(id).orElseThrow().partitionEpoch().value();
    var request = plannedFor(id.topic().toString(), epoch).setMetadataIndex(index + 5).build();
    beforeApplied = () -> moves.reassign(toNodes(0, 2, 1).build());

    assertThatThrownBy(() -> moves.reassign(request)).hasMessageContaining("make a new plan");
    assertThat(awaited).containsExactly(index);
    assertThatThrownBy(() -> moves.reassign(request)).hasMessageContaining("make a new plan");
    assertThat(awaited).as("it is there by now").hasSize(1);
  }

  private static ReassignPartitionsRequest.Builder plannedFor(String topic, int epoch) {
    var request = toNodes(0, 3, 1);
    request.getPlacementsBuilder(0).setTopicUid(topic).setPartitionEpoch(epoch);
    return request;
  }

  @Test
  void whoComesFirstInAnotherOrderLeadsAtOnceIfThatIsWanted() {
    var id = image.partitionIds().findFirst().orElseThrow();

    moves.reassign(toNodes(0, 2, 1).build());
    assertThat(image.partition(id).orElseThrow().isLedBy(new NodeId(1))).isTrue();
    moves.reassign(toNodes(0, 2, 1).setElect(true).build());

    assertThat(image.partition(id).orElseThrow().isLedBy(new NodeId(2))).isTrue();
  }

  @Test
  void refusesARequestIdThatIsNoUuid() {
    for (var id : List.of("7", "00000000-0000-0000-0000-000000000000")) {
      assertThatThrownBy(() -> moves.reassign(toNodes(0, 3, 1).setRequestId(id).build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }
  }

  /** The one of zeros stands for none in a message, and the controller would not read it. */
  @Test
  void refusesNamesThatNameNoOperation() {
    for (var name : List.of("", "operations/", "operations/00000000-0000-0000-0000-000000000000")) {
      assertThatThrownBy(() -> NamedOperations.idOf(name))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(e).hasMessageContaining("Expected name to be operations/{uuid}");
              });
    }
  }

  @Test
  void saysForWhomItWaits() {
    var begun = moves.reassign(toNodes(0, 3, 1).setRequestId(REQUEST).build());
    assertThat(begun.getWaitsFor()).isEmpty();

    image = image.withNode(image.node(new NodeId(3)).orElseThrow().withState(NodeState.FENCED));

    assertThat(shown().getWaitsFor()).contains("[3]");
  }

  @Test
  void saysThatNobodyLeadsAndHowToGoOn() {
    var id = image.partitionIds().findFirst().orElseThrow();
    image = image.withPartition(id, withoutLeader(image.partition(id).orElseThrow()));

    var begun = moves.reassign(toNodes(0, 3, 1).setRequestId(REQUEST).build());

    assertThat(begun.getMovesList()).as("it has not begun").isEmpty();
    assertThat(begun.getWaitsFor()).contains("t/0").contains("naru partitions recover");
  }

  /** Node 1 is lost, and it was the only one in sync. */
  private static PartitionImage withoutLeader(PartitionImage entry) {
    return new PartitionImage(
        entry.replicas(),
        TreePSet.empty(),
        TreePMap.singleton(new NodeId(1), new ElrPlace.Awaited()),
        TreePSet.empty(),
        Optional.empty(),
        entry.leaderEpoch().next(),
        entry.partitionEpoch().next());
  }

  @Test
  void whatIsCancelledIsOverAtOnce() {
    moves.reassign(toNodes(0, 3, 1).setRequestId(REQUEST).build());

    operations.changed(new CancelOperation(UUID.fromString(REQUEST)), false);

    assertThat(shown().getState()).isEqualTo(Operation.State.STATE_CANCELLED);
    assertThat(shown().hasEndTime()).isTrue();
    assertThat(shown().getMovesList()).isEmpty();
  }

  @Test
  void aDrainIsAboutLeaderships() {
    var drained = operations.begin(REQUEST, false, id -> new DrainNode(id, new NodeId(1)));

    assertThat(drained.getKind()).isEqualTo(Operation.Kind.KIND_DRAIN_NODE);
    assertThat(drained.getTarget()).isEqualTo("nodes/1");
    assertThat(drained.getUnit()).isEqualTo("leaderships");
    assertThat(drained.getDone()).isEqualTo(1);
  }

  /** Nobody asks behind the gate of those who append. */
  @Test
  void aDryRunIsRefusedWhatTheRulesInForceDoNotKnow() {
    image = image.withMetadataVersion(1);

    assertThatThrownBy(() -> operations.begin("", true, id -> new DrainNode(id, new NodeId(1))))
        .hasMessageContaining("naru cluster upgrade finalize");
  }

  @Test
  void ofANodeThatIsBeingDecommissionedItIsOnlySaidThatItIsGone() {
    var begun = operations.begin(REQUEST, false, id -> decommissioning(id, false));
    image = image.withNode(image.node(new NodeId(4)).orElseThrow().fenced(false));
    assertThat(image.node(new NodeId(4)).orElseThrow().isGone()).isFalse();

    for (boolean isDryRun : List.of(true, false)) {
      var told = operations.begin("", isDryRun, id -> decommissioning(id, true));
      assertThat(told.getName()).as("dry run: %s", isDryRun).isEqualTo(begun.getName());
    }
    assertThat(image.operations()).hasSize(1);
    assertThat(image.node(new NodeId(4)).orElseThrow().isGone()).isTrue();
  }

  private static DecommissionNode decommissioning(UUID operation, boolean isGone) {
    return new DecommissionNode(operation, new NodeId(4), 7, OptionalLong.empty(), isGone);
  }

  private Operation shown() {
    return OperationCodec.whole(
        image, NamedOperations.find(image, NamedOperations.idOf("operations/" + REQUEST)));
  }

  private static ReassignPartitionsRequest.Builder toNodes(int partition, Integer... nodes) {
    return ReassignPartitionsRequest.newBuilder()
        .addPlacements(
            PartitionPlacement.newBuilder()
                .setTopic("topics/t")
                .setPartition(partition)
                .addAllNodes(List.of(nodes)));
  }

  private ClusterSnapshot cluster() {
    return new ClusterSnapshot(
        image,
        index,
        new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1),
        0);
  }

  private ClusterImage changed(MetadataCommand command) {
    var envelope =
        new CommandEnvelope(new NodeId(1), CommandEnvelope.UNREGISTERED, index, 1_000_500, command);
    image = MetadataMachine.apply(image, ++index, envelope).image();
    return image;
  }
}
