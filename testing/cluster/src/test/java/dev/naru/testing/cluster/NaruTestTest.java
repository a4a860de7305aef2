package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.Admin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What an application's test is given. */
@NaruTest(settings = "num.partitions=5")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NaruTestTest {

  private static final List<NaruCluster> CLUSTERS = new ArrayList<>();
  private static final List<NaruClient> CLIENTS = new ArrayList<>();

  @BeforeEach
  void note(NaruCluster cluster, NaruClient client) {
    CLUSTERS.add(cluster);
    CLIENTS.add(client);
  }

  @Test
  @Order(1)
  void sharesAClusterAndHasAClientOfItsOwn(
      NaruCluster cluster,
      NaruClient naru,
      Admin admin,
      @Topic(partitions = 3, replicas = 2, configs = "retention.ms=1h") String orders,
      @Topic String bills) {
    assertThat(CLUSTERS).containsExactly(cluster);
    assertThat(CLIENTS).containsExactly(naru);
    assertThat(naru.admin()).isSameAs(admin);
    assertThat(cluster.running()).containsExactly(1, 2, 3);

    var topic = admin.describeTopic(orders).join();
    assertThat(orders).isNotEqualTo(bills);
    assertThat(topic.partitionCount()).isEqualTo(3);
    assertThat(topic.replicationFactor()).isEqualTo(2);
    assertThat(topic.configs()).containsEntry("retention.ms", "3600000");
    assertThat(admin.describeTopic(bills).join().partitionCount()).isEqualTo(1);
  }

  @Test
  @Order(2)
  void goesOnWithTheSameClusterAndAnotherClient(NaruCluster cluster, @Topic String orders) {
    assertThat(CLUSTERS).hasSize(2).containsOnly(cluster);
    assertThat(CLIENTS).hasSize(2).doesNotHaveDuplicates();
    try (var client = cluster.client()) {
      var producer = client.producer(Codec.utf8(), Codec.utf8()).build();
      assertThat(producer.send(ProducerRecord.of(orders, "a")).join().offset()).isZero();

      cluster.kill(2);
      assertThat(producer.send(ProducerRecord.of(orders, "b")).join().offset()).isEqualTo(1);
      cluster.start(2);
      cluster.awaitHealthy();
    }
  }

  /** Shares the cluster around it. */
  @Nested
  class Within {

    @Test
    void sharesIt(NaruCluster cluster) {
      assertThat(CLUSTERS).contains(cluster);
      assertThat(cluster.running()).containsExactly(1, 2, 3);
    }
  }

  /** Its own settings win over those around it. */
  @Nested
  @NaruTest(nodes = 1, scope = NaruTest.Scope.METHOD)
  class WithAClusterForEach {

    @Test
    void isAlone(NaruCluster cluster) {
      assertThat(cluster.running()).containsExactly(1);
    }
  }
}
