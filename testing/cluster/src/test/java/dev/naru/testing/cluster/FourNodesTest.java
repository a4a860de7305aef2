package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.admin.v1.GetNodeRequest;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
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
    }
  }
}
