package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LeaderElection;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaderships return when somebody asks for it, and not before. */
class PreferredLeadersTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  }

  @AfterEach
  void stop() {
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  void leadAgainOnceTheyAreInSync() {
    topics.create("orders", 1, 3);
    int preferred = topics.leaderOf("orders", 0);
    cluster.kill(preferred);
    int other = topics.leaderOf("orders", 0);

    var tooEarly = elect(PARTITION).getFirst();
    assertThat(tooEarly.leader()).hasValue(other);
    assertThat(tooEarly.failure())
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(ErrorCode.INELIGIBLE_REPLICA));

    cluster.start(preferred);
    topics.awaitIsr("orders", 0, 3);
    assertThat(topics.leaderOf("orders", 0)).as("nobody has asked").isEqualTo(other);
    var would = naru.admin().validateElectPreferredLeaders(List.of(PARTITION)).join();
    var expected =
        new LeaderElection(
            PARTITION, OptionalInt.of(other), OptionalInt.of(preferred), Optional.empty());
    assertThat(would).containsExactly(expected);
    assertThat(topics.leaderOf("orders", 0)).isEqualTo(other);

    assertThat(elect(PARTITION)).containsExactly(expected);
    assertThat(topics.leaderOf("orders", 0)).isEqualTo(preferred);
  }

  @Test
  void saysOfEachWhatBecameOfIt() {
    topics.create("orders", 1, 3);
    var noPartition = new TopicPartition("orders", 1);
    var noTopic = new TopicPartition("payments", 0);

    var elections = elect(noTopic, PARTITION, noPartition);

    assertThat(elections)
        .extracting(LeaderElection::partition)
        .containsExactly(noTopic, PARTITION, noPartition);
    assertThat(elections)
        .extracting(election -> election.failure().map(why -> why.code()).orElse(ErrorCode.NONE))
        .containsExactly(ErrorCode.TOPIC_NOT_FOUND, ErrorCode.NONE, ErrorCode.PARTITION_NOT_FOUND);
  }

  private List<LeaderElection> elect(TopicPartition... partitions) {
    return naru.admin().electPreferredLeaders(List.of(partitions)).join();
  }
}
