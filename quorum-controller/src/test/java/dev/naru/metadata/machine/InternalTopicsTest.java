package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.image.ConfigLayer;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.PartitionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Three nodes, each with a copy of the one partition that groups are kept in. */
class InternalTopicsTest {

  private final TestCluster cluster = TestCluster.of(3);
  private final PartitionId offsets = offsets();

  @ParameterizedTest
  @CsvSource({
    "durability, fast",
    "durability, balanced",
    "min.insync.replicas, 1",
    "min.insync.replicas, 3",
    "message.timestamp.after.max.ms, 0",
    "min.compaction.lag.ms, 9d",
  })
  void takesNothingFromTheClustersDefaults(String key, String value) {
    var before = topic().settings();

    cluster.accept(set(key, value));

    assertThat(topic().settings()).isEqualTo(before);
    assertThat(before.minInsync()).isEqualTo(2);
    assertThat(before.flush()).isEqualTo(Flush.QUORUM);
    assertThat(topic().under(cluster.image().defaults()).settings()).isEqualTo(before);
  }

  @Test
  void keepsTheElrWhenTheClustersMinimumFalls() {
    cluster.fence(3);
    cluster.fence(2);
    var before = cluster.partition(offsets);

    cluster.accept(set("durability", "fast"));

    assertThat(before.elr()).isNotEmpty();
    assertThat(cluster.partition(offsets)).isEqualTo(before);
  }

  @Test
  void isExplainedByWhatIsBuiltInAlone() {
    cluster.accept(set("min.insync.replicas", "3"));

    assertThat(
            ConfigTrace.ofTopic(
                cluster.image().configs(), topic(), TopicConfig.MIN_INSYNC_REPLICAS))
        .containsExactly(ConfigLayer.of(ConfigLayer.Source.DEFAULT, "2", ""));
  }

  private PartitionId offsets() {
    var id = cluster.drawTopicId();
    cluster.accept(InternalTopics.consumerOffsets(id, 1, 3, 1));
    return new PartitionId(id, 0);
  }

  private TopicImage topic() {
    return cluster.image().topic(offsets.topic()).orElseThrow();
  }

  private static AlterConfigs set(String key, String value) {
    return new AlterConfigs(
        Optional.empty(), TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty(), "");
  }
}
