package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each of three nodes leads two of the six partitions of topic orders. */
class PartitionLoadsTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder()
          .bootstrapServers(cluster.addresses())
          .requestTimeout(Duration.ofSeconds(3))
          .build();

  @BeforeEach
  void write() {
    cluster.createTopic("orders", 6);
    for (int i = 0; i < 6; i++) {
      cluster.partition("orders", i).store(Batches.at(0, "a"));
    }
    cluster.partition("orders", 4).store(Batches.at(0, "b", "c", "d"));
    cluster.createTopic("idle", 2);
  }

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void comparesThePartitionsOfAllNodes() {
    var listing = naru.admin().partitionLoads().join();

    assertThat(listing.unheard()).isEmpty();
    assertThat(listing.loads()).hasSize(8);
    assertThat(listing.topics()).extracting(TopicLoad::topic).containsExactly("orders", "idle");
    var orders = listing.topics().get(0);
    assertThat(orders.minute()).isEqualTo(new TrafficRate(900, 9));
    assertThat(orders.skew().orElseThrow()).isEqualTo(400.0 * 6 / 900);
    assertThat(orders.partitions().get(0).partition().partition()).isEqualTo(4);
    assertThat(orders.partitions().get(0).node()).isEqualTo(2);
    assertThat(orders.shareOf(orders.partitions().get(0))).isEqualTo(400.0 / 900);
    var idle = listing.topics().get(1);
    assertThat(idle.skew()).isEmpty();
    assertThat(idle.shareOf(idle.partitions().get(0))).isZero();
  }

  @Test
  void namesKeysThatManyRecordsHave() {
    var busiest = naru.admin().partitionLoads("orders").join().topics().get(0).partitions().get(0);

    assertThat(busiest.hotKeys())
        .containsExactly(
            new HotKey(0x9f3a_01c2_0000_0007L, Optional.empty(), 0.75),
            new HotKey(7, Optional.of(ByteBuffer.wrap(new byte[] {'k'})), 0.25));
    assertThat(busiest.hotKeys()).extracting(HotKey::hashText).startsWith("9f3a01c200000007");
  }

  @Test
  void asksForOneTopic() {
    assertThat(naru.admin().partitionLoads("idle").join().loads()).hasSize(2);
    assertThatThrownBy(() -> naru.admin().partitionLoads("nowhere").join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
  }

  @Test
  void namesANodeThatDoesNotAnswer() {
    naru.admin().listNodes().join();
    cluster.hang(2, true);

    var listing = naru.admin().partitionLoads("orders").join();

    assertThat(listing.unheard()).containsOnlyKeys(2);
    assertThat(listing.loads()).hasSize(4).noneMatch(load -> load.node() == 2);
  }

  @Test
  void countsAPartitionOnceThatHasJustChangedItsLeader() {
    var partition = new TopicPartition("orders", 0);
    var less = new PartitionLoad(partition, 1, new TrafficRate(10, 1), TrafficRate.ZERO, List.of());
    var more = new PartitionLoad(partition, 2, new TrafficRate(20, 1), TrafficRate.ZERO, List.of());

    assertThat(LoadListing.of(List.of(less, more), new TreeMap<>()).loads()).containsExactly(more);
    assertThat(LoadListing.of(List.of(more, less), new TreeMap<>()).loads()).containsExactly(more);
  }
}
