package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class MoveRulesTest {

  private final TestCluster cluster = TestCluster.of(3);

  /** On nodes 1 to 3, led by node 1, with a minimum of 2 in sync; nodes 4 to 6 are empty. */
  private final PartitionId id = cluster.topicLedBy1(3, Map.of("min.insync.replicas", "2"));

  MoveRulesTest() {
    cluster.start(4);
    cluster.start(5);
    cluster.start(6);
  }

  @Test
  void replicasAreOnAllNodesUntilThoseThatAreToStayAreInSync() {
    var operation = move(id, 2, 3, 4);

    var moving = cluster.partition(id);
    assertThat(moving.replicaNodes())
        .startsWith(moving.move().orElseThrow().from().toArray(NodeId[]::new))
        .hasSize(4)
        .endsWith(new NodeId(4));
    assertInShort(moving, "leader 1 isr [1, 2, 3] elr {}");
    assertThat(moving.copies()).isEqualTo(3);

    cluster.accept(cluster.proposal(id, 1, 2, 4));
    assertThat(cluster.partition(id).move()).as("3 is to stay, and lags").isPresent();
    var before = cluster.partition(id);
    cluster.accept(cluster.proposal(id, 1, 2, 3, 4));

    var after = cluster.partition(id);
    assertThat(after.replicaNodes()).isEqualTo(nodes(2, 3, 4));
    assertInShort(after, "leader 2 isr [2, 3, 4] elr {}");
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch().next());
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch().next());
    assertThat(after.move()).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(operation(operation).done()).isEqualTo(1);
  }

  @Test
  void theLeaderGoesOnIfItStays() {
    move(id, 4, 1, 5);
    var before = cluster.partition(id);

    cluster.accept(cluster.proposal(id, 1, 2, 3, 4, 5));

    assertThat(cluster.partition(id).replicaNodes()).isEqualTo(nodes(4, 1, 5));
    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isTrue();
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.leaderEpoch());
  }

  @Test
  void anotherOrderAloneIsThereAtOnce() {
    cluster.accept(cluster.proposal(id, 1, 2));

    var operation = move(id, 3, 2, 1);

    assertThat(cluster.partition(id).replicaNodes()).isEqualTo(nodes(3, 2, 1));
    assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void ifTheLeaderDiesTheMoveGoesOnUnderAnother() {
    move(id, 2, 3, 4);
    cluster.fence(1);
    assertInShort(cluster.partition(id), "leader %s isr [2, 3] elr {}".formatted(leader()));

    cluster.accept(cluster.proposal(id, 2, 3, 4));

    assertThat(cluster.partition(id).replicaNodes()).isEqualTo(nodes(2, 3, 4));
    assertThat(cluster.partition(id).move()).isEmpty();
  }

  @Test
  void aReplicaThatIsAddedMayLeadOnceItIsInSync() {
    move(id, 2, 3, 4);
    cluster.accept(cluster.proposal(id, 1, 4));

    cluster.fence(1);

    assertInShort(cluster.partition(id), "leader 4 isr [4] elr {1=unbroken}");
    assertThat(cluster.partition(id).move()).isPresent();
  }

  @Test
  void aMoveToADeadNodeWaitsAndCanBeCancelled() {
    var operation = move(id, 2, 3, 4);
    cluster.fence(4);
    assertThat(operation(operation).state()).isEqualTo(OperationState.RUNNING);

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.partition(id).move()).isEmpty();
    assertThat(cluster.partition(id).replicaNodes()).hasSize(3).doesNotContain(new NodeId(4));
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(operation(operation).done()).isZero();
  }

  @Test
  void aCancelledOneTakesReplicasThatWereAddedOutOfTheIsr() {
    var operation = move(id, 2, 4, 5);
    cluster.accept(cluster.proposal(id, 1, 2, 3, 4));

    cluster.accept(new CancelOperation(operation));

    assertInShort(cluster.partition(id), "leader 1 isr [1, 2, 3] elr {}");
    assertThat(cluster.partition(id).replicaOn(new NodeId(4))).isEmpty();
  }

  /** What 1 and 4 have acknowledged would be on node 1 alone. */
  @Test
  void aCancelledOneWaitsForAsManyCopiesAsWereAcknowledged() {
    var operation = move(id, 1, 4, 5);
    cluster.accept(cluster.proposal(id, 1, 4));

    cluster.accept(new CancelOperation(operation));

    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLING);
    assertThat(cluster.partition(id).replicaNodes()).contains(new NodeId(4));
    cluster.accept(cluster.proposal(id, 1, 2, 4));
    assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
    assertThat(cluster.partition(id).replicaNodes()).hasSize(3);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  /** What 4 has acknowledged with 1 may be all that is left of it. */
  @Test
  void nothingEndsWhileNobodyLeadsIfThatTakesAwaySomebodySafe() {
    var operation = move(id, 2, 3, 4);
    cluster.accept(cluster.proposal(id, 1, 4));
    cluster.fence(4);
    cluster.fence(1);
    assertThat(cluster.partition(id).hasLeader()).isFalse();

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.partition(id).replicaNodes()).hasSize(4);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLING);
    cluster.unfence(1);
    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {4=unbroken}");
    cluster.accept(cluster.proposal(id, 1, 2));
    assertThat(cluster.partition(id).replicaNodes()).hasSize(3);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void aCancelledOneEndsThoughNobodyLeadsIfNobodyGoesWhoCounts() {
    var operation = move(id, 2, 3, 4);
    cluster.accept(cluster.proposal(id, 1));
    cluster.fence(2);
    cluster.fence(3);
    cluster.fence(1);
    assertThat(cluster.partition(id).hasLeader()).isFalse();

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.partition(id).replicaNodes()).as("4 has never been in sync").hasSize(3);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
    cluster.unfence(1);
    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isTrue();
  }

  /** Of the old replicas only node 1 is left, and nothing else would ever end it. */
  @Test
  void aCancelledOneThatCannotGoBackEndsWhereItWasToGo() {
    var operation = move(id, 4, 5, 6);
    cluster.accept(cluster.proposal(id, 1, 4));
    cluster.fence(2);
    cluster.fence(3);
    cluster.accept(new CancelOperation(operation));
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLING);
    assertThat(cluster.refusal(reassign(id, 4, 5, 6)))
        .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);

    cluster.accept(cluster.proposal(id, 1, 4, 5, 6));

    assertThat(cluster.partition(id).replicaNodes()).isEqualTo(nodes(4, 5, 6));
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(operation(operation).done()).as("it is done after all").isEqualTo(1);
  }

  @Test
  void aCancelAfterTheEndChangesNothing() {
    var operation = move(id, 2, 3, 4);
    cluster.accept(cluster.proposal(id, 1, 2, 3, 4));
    var before = cluster.partition(id);

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.partition(id)).isEqualTo(before);
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(cluster.refusal(new CancelOperation(cluster.draw())))
        .isEqualTo(ErrorCode.OPERATION_NOT_FOUND);
  }

  @Test
  void theSameRequestTwiceIsOneOperation() {
    var operation = move(id, 2, 3, 4);
    var before = cluster.image();

    var same = List.of(new Placement(id, nodes(2, 3, 4)));
    var again = cluster.accept(new ReassignPartitions(operation, same, OptionalLong.empty()));

    assertThat(again.events()).isEmpty();
    assertThat(cluster.image().operations()).isEqualTo(before.operations());
    assertThat(cluster.refusal(new DrainNode(operation, new NodeId(1))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  /** Whoever takes one id for two plans would be told that the second is under way. */
  @Test
  void anotherPlanUnderTheSameIdIsRefused() {
    var operation = move(id, 2, 3, 4);
    var other = List.of(new Placement(id, nodes(2, 3, 5)));
    var same = List.of(new Placement(id, nodes(2, 3, 4)));

    for (var command :
        List.of(
            new ReassignPartitions(operation, other, OptionalLong.empty()),
            new ReassignPartitions(operation, List.of(), OptionalLong.empty()),
            new ReassignPartitions(operation, same, OptionalLong.of(1 << 20)))) {
      assertThat(cluster.refusal(command)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }
  }

  @Test
  void aPartitionMovesOnceAtATime() {
    move(id, 2, 3, 4);

    assertThat(cluster.refusal(reassign(id, 2, 3, 5)))
        .isEqualTo(ErrorCode.REASSIGNMENT_IN_PROGRESS);
  }

  @Test
  void refusesPlansThatCannotBe() {
    assertThat(cluster.refusal(reassign(id, 2, 4))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(cluster.refusal(reassign(id, 2, 4, 4))).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(reassign(id, 2, 4, 9))).isEqualTo(ErrorCode.NODE_NOT_FOUND);
    assertThat(cluster.refusal(reassign(new PartitionId(id.topic(), 7), 2, 3, 4)))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    var twice = new Placement(id, nodes(2, 3, 4));
    assertThat(
            cluster.refusal(
                new ReassignPartitions(
                    cluster.draw(), List.of(twice, twice), OptionalLong.empty())))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            cluster.refusal(
                new ReassignPartitions(
                    cluster.draw(),
                    List.of(twice),
                    OptionalLong.of(OperationRules.BYTES_PER_SECOND_MIN - 1))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            cluster.refusal(
                new ReassignPartitions(
                    cluster.draw(),
                    Collections.nCopies(MetadataCommand.ENTRIES_MAX + 1, twice),
                    OptionalLong.empty())))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    cluster.fence(5);
    cluster.accept(new DrainNode(cluster.draw(), new NodeId(4)));
    assertThat(cluster.refusal(reassign(id, 2, 3, 4))).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.refusal(reassign(id, 2, 3, 5))).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void aNodeGetsSomeAtATimeAndTheNextWhenOneIsThere() {
    var topic = cluster.drawTopicId();
    int partitions = MoveRules.ADDED_AT_ONCE_MAX + 2;
    cluster.accept(
        new CreateTopic(
            topic, "many", Optional.of(partitions), Optional.of(1), TreePMap.empty(), 1));
    cluster.start(7);
    var all =
        IntStream.range(0, partitions)
            .mapToObj(number -> new Placement(new PartitionId(topic, number), nodes(7)))
            .toList();
    var operation = cluster.draw();
    cluster.accept(new ReassignPartitions(operation, all, OptionalLong.empty()));
    assertThat(operation(operation).moving()).hasSize(MoveRules.ADDED_AT_ONCE_MAX);
    assertThat(operation(operation).waiting()).hasSize(2);

    var first = operation(operation).moving().getFirst();
    int leader = cluster.partition(first).leader().orElseThrow().value();
    cluster.accept(cluster.proposal(first, leader, 7));

    assertThat(cluster.partition(first).replicaNodes()).isEqualTo(nodes(7));
    assertThat(operation(operation).moving()).hasSize(MoveRules.ADDED_AT_ONCE_MAX);
    assertThat(operation(operation).waiting()).hasSize(1);
    cluster.accept(new DeleteTopic(topic));
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(operation(operation).done()).isEqualTo(partitions);
  }

  @Test
  void thoseThatWaitForOneNodeHoldUpNoOthers() {
    var topic = cluster.drawTopicId();
    int partitions = 600;
    cluster.accept(
        new CreateTopic(
            topic, "many", Optional.of(partitions + 1), Optional.of(1), TreePMap.empty(), 1));
    cluster.start(7);
    cluster.start(8);
    var all = new ArrayList<Placement>();
    for (int number = 0; number <= partitions; number++) {
      all.add(new Placement(new PartitionId(topic, number), nodes(number < partitions ? 7 : 8)));
    }
    var operation = cluster.draw();

    cluster.accept(new ReassignPartitions(operation, all, OptionalLong.empty()));

    assertThat(operation(operation).moving())
        .hasSize(MoveRules.ADDED_AT_ONCE_MAX + 1)
        .contains(new PartitionId(topic, partitions));
  }

  @Test
  void whatOneOperationEndsLetsAnotherBegin() {
    var topic = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            topic,
            "many",
            Optional.of(MoveRules.ADDED_AT_ONCE_MAX),
            Optional.of(1),
            TreePMap.empty(),
            1));
    cluster.start(7);
    var full = new ArrayList<Placement>();
    for (int number = 0; number < MoveRules.ADDED_AT_ONCE_MAX; number++) {
      full.add(new Placement(new PartitionId(topic, number), nodes(7)));
    }
    cluster.accept(new ReassignPartitions(new UUID(1, 1), full, OptionalLong.empty()));
    cluster.accept(
        new ReassignPartitions(
            new UUID(0, 1), List.of(new Placement(id, nodes(2, 3, 7))), OptionalLong.empty()));
    assertThat(operation(new UUID(0, 1)).moving()).isEmpty();

    cluster.accept(new DeleteTopic(topic));

    assertThat(operation(new UUID(0, 1)).moving()).containsExactly(id);
  }

  @Test
  void whileItMovesATopicKeepsItsNumberOfCopies() {
    move(id, 2, 3, 4);

    cluster.accept(new AddPartitions(id.topic(), 2, 1));

    var topic = cluster.image().topic(id.topic()).orElseThrow();
    assertThat(topic.replicationFactor()).isEqualTo(3);
    assertThat(topic.partition(1).map(PartitionImage::replicaNodes).orElseThrow()).hasSize(3);
  }

  private UUID move(PartitionId partition, int... to) {
    var command = reassign(partition, to);
    cluster.accept(command);
    return command.operation();
  }

  private ReassignPartitions reassign(PartitionId partition, int... to) {
    return new ReassignPartitions(
        cluster.draw(), List.of(new Placement(partition, nodes(to))), OptionalLong.empty());
  }

  private OperationImage operation(UUID operation) {
    return cluster.image().operation(operation).orElseThrow();
  }

  private NodeId leader() {
    return cluster.partition(id).leader().orElseThrow();
  }

  private static List<NodeId> nodes(int... ids) {
    return IntStream.of(ids).mapToObj(NodeId::new).toList();
  }
}
