package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.Operations;
import dev.naru.client.admin.PartitionMove;
import dev.naru.client.admin.RebalanceAim;
import dev.naru.proto.admin.v1.GetNodeRequest;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FourNodesTest {

  @Test
  void servesFromANodeThatOnlyListensToTheQuorum() {
    try (var cluster = NaruCluster.of(4).start();
        var topics = new Topics(cluster)) {
      var fourth =
          NodeAdminServiceGrpc.newBlockingStub(topics.client(4).channel())
              .getNode(GetNodeRequest.newBuilder().setName("nodes/4").build());
      assertThat(fourth.getRole()).isEqualTo(Node.Role.ROLE_LISTENER);

      var topic = topics.create("spread", 8, 3);
      int led =
          topics.topic("spread").getPartitionsList().stream()
              .filter(partition -> partition.getLeader() == 4)
              .findFirst()
              .orElseThrow()
              .getPartition();
      var client = topics.client(4);
      var taken = client.produce(toPartition(topic, led, Acks.ACKS_ALL), Batches.of("here")).join();

      assertThat(taken.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
      assertThat(Batches.values(client.fetch(fetchOf(position(topic, led, 0))).join()))
          .containsExactly("here");
      try (var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build()) {
        drainsAndUndrains(naru, topics);
        evensOut(naru);
        moves(naru, topics, led);
        takesOut(naru, topics, cluster);
      }
      int leader = topics.leaderOf("spread", led);
      assertThat(
              Batches.values(topics.client(leader).fetch(fetchOf(position(topic, led, 0))).join()))
          .containsExactly("here");
    }
  }

  private static void drainsAndUndrains(NaruClient naru, Topics topics) {
    var operations = naru.admin().operations();

    var drained = ended(operations, operations.drain(1).join());

    assertThat(drained.state()).isEqualTo(OperationDescription.State.DONE);
    assertThat(node(naru, 1).state()).isEqualTo(NodeDescription.State.DRAINED);
    assertThat(topics.topic("spread").getPartitionsList())
        .noneMatch(partition -> partition.getLeader() == 1);
    assertThat(operations.undrain(1).join().state()).isEqualTo(NodeDescription.State.RUNNING);
  }

  /** The node that was drained leads nothing, until a plan is carried out. */
  private static void evensOut(NaruClient naru) {
    var rebalancing = naru.admin().rebalancing();
    var plan = rebalancing.plan(RebalanceAim.LEADERS, List.of("spread"), 0).join();
    assertThat(plan.nodes().getFirst().before().leaders()).isZero();

    ended(naru.admin().operations(), rebalancing.apply(plan, OptionalLong.empty()).join());

    Topics.REJOIN.until(
        "leaders are even",
        () ->
            rebalancing
                .plan(RebalanceAim.LEADERS, List.of("spread"), 0)
                .join()
                .changes()
                .isEmpty());
    assertThat(rebalancing.apply(plan, OptionalLong.empty()))
        .as("a plan that was carried out is out of date")
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("make a new plan");
    var byBytes = rebalancing.plan(RebalanceAim.BYTES, List.of(), 0).join();
    assertThat(byBytes.nodes())
        .hasSize(4)
        .anySatisfy(node -> assertThat(node.before().bytes()).isPositive())
        .allSatisfy(node -> assertThat(node.before().diskUsed()).isPresent());
  }

  private static void moves(NaruClient naru, Topics topics, int partition) {
    var operations = naru.admin().operations();
    var before = topics.topic("spread").getPartitions(partition).getReplicasList();
    var target = new ArrayList<>(before);
    target.replaceAll(node -> node == 4 ? absent(before) : node);
    var placements = Map.of(new TopicPartition("spread", partition), List.copyOf(target));
    assertThat(operations.validateReassign(placements, OptionalLong.empty()).join().moves())
        .extracting(PartitionMove::to)
        .containsExactly(target);

    var moved = ended(operations, operations.reassign(placements, OptionalLong.of(1 << 20)).join());

    assertThat(moved.state()).isEqualTo(OperationDescription.State.DONE);
    assertThat(moved.done()).isEqualTo(1);
    Topics.REJOIN.until(
        "all know where the partition is",
        () -> topics.topic("spread").getPartitions(partition).getReplicasList().equals(target));
  }

  private static int absent(List<Integer> nodes) {
    return IntStream.rangeClosed(1, 4)
        .filter(node -> !nodes.contains(node))
        .findFirst()
        .orElseThrow();
  }

  private static void takesOut(NaruClient naru, Topics topics, NaruCluster cluster) {
    var operations = naru.admin().operations();
    var leaving = operations.decommission(4, OptionalLong.empty()).join();
    Topics.REJOIN.until(
        "node 4 holds nothing",
        () -> {
          var now = operations.describe(leaving.id()).join();
          return now.done() == now.total();
        });
    assertThat(topics.topic("spread").getPartitionsList())
        .noneMatch(partition -> partition.getReplicasList().contains(4));

    cluster.stop(4);

    Topics.FAILOVER.until(
        "node 4 is forgotten",
        () -> operations.describe(leaving.id()).join().state() == OperationDescription.State.DONE);
    assertThat(naru.admin().listNodes().join())
        .extracting(NodeDescription::id)
        .containsExactly(1, 2, 3);
    assertThatThrownBy(() -> cluster.start(4))
        .hasMessageContaining("was decommissioned since")
        .hasMessageContaining("format it with empty directories");
  }

  private static NodeDescription node(NaruClient naru, int id) {
    return naru.admin().listNodes().join().stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private static OperationDescription ended(Operations operations, OperationDescription begun) {
    Topics.REJOIN.until(begun + " ends", () -> operations.describe(begun.id()).join().isFinished());
    return operations.describe(begun.id()).join();
  }
}
