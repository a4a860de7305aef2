package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Which operations are remembered, and for how long. */
class OperationMemoryTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId FOUR = new NodeId(4);

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void oneThatEndedAWeekAgoIsForgottenWhenAnotherBegins() {
    var old = cluster.draw();
    at(1_000, new DrainNode(old, ONE));
    at(1_000, new UndrainNode(ONE));
    at(1_000 + OperationRules.REMEMBERED.toMillis(), new DrainNode(cluster.draw(), ONE));
    assertThat(cluster.image().operation(old)).isPresent();

    at(1_001 + OperationRules.REMEMBERED.toMillis(), new DrainNode(cluster.draw(), ONE));

    assertThat(cluster.image().operation(old)).isEmpty();
  }

  @Test
  void thereAreNeverMoreThanAreRemembered() {
    for (int i = 0; i <= OperationRules.REMEMBERED_MAX; i++) {
      drain(1);
    }
    assertThat(cluster.image().operations()).hasSize(OperationRules.REMEMBERED_MAX);
  }

  @Test
  void noMoreBeginWhileAsManyHaveNotEnded() {
    int max = OperationRules.REMEMBERED_MAX;
    var topic = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(topic, "many", Optional.of(max), Optional.of(1), TreePMap.empty(), 1));
    cluster.start(4);
    for (int number = 0; number < max; number++) {
      var placement = new Placement(new PartitionId(topic, number), List.of(FOUR));
      cluster.accept(
          new ReassignPartitions(cluster.draw(), List.of(placement), OptionalLong.empty()));
    }

    assertThat(cluster.refusal(new DrainNode(cluster.draw(), ONE)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private UUID drain(int node) {
    var operation = cluster.draw();
    cluster.accept(new DrainNode(operation, new NodeId(node)));
    return operation;
  }

  private void at(long nowMillis, MetadataCommand command) {
    cluster.apply(
        new CommandEnvelope(
            new NodeId(0), CommandEnvelope.UNREGISTERED, nowMillis, nowMillis, command));
  }
}
