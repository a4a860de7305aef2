package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.NodeId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Three nodes and the topic t. */
class ConfigNoticesTest {

  private static final NodeId NODE = new NodeId(2);

  private final ClusterImage start = LedCluster.of(3, 1, 3);

  @Test
  void saysWhatWasSetAndByWhom() {
    var one = after(start, of(Optional.empty(), "flush", "os"));
    var two = after(one, of(Optional.of(NODE), "disk.used.ratio.max", "0.90"));
    var three = after(two, ofTopic("retention.ms", "1d"));

    assertThat(ConfigNotices.changes(start, three))
        .containsExactly(
            "flush of cluster is os, after nothing; set by ann",
            "disk.used.ratio.max of nodes/2 is 0.9, after nothing; set by ann",
            "retention.ms of topics/t is 86400000, after nothing; set by ann");
    assertThat(ConfigNotices.changes(three, three)).isEmpty();
  }

  @Test
  void saysWhatWasTakenBack() {
    var one = after(start, of(Optional.empty(), "num.partitions", "3"));
    var two =
        after(
            one,
            new AlterConfigs(
                Optional.empty(),
                TreePMap.empty(),
                TreePSet.singleton("num.partitions"),
                Optional.empty(),
                "ann"));

    assertThat(ConfigNotices.changes(one, two))
        .containsExactly("num.partitions of cluster is not set any more; it was 3");
  }

  @Test
  void saysWhichRulesAreInForce() {
    var older = start.withMetadataVersion(1);

    assertThat(ConfigNotices.changes(older, older.finalized(2, new ConfigOrigin(7, 1, "ann"))))
        .containsExactly("metadata.version is 2 for good, after 1; set by ann");
  }

  private static ClusterImage after(ClusterImage image, MetadataCommand command) {
    return MetadataMachine.apply(
            image, 7, new CommandEnvelope(NODE, CommandEnvelope.UNREGISTERED, 1, 1_000, command))
        .image();
  }

  private static AlterConfigs of(Optional<NodeId> node, String key, String value) {
    return new AlterConfigs(
        node, TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty(), "ann");
  }

  private AlterTopicConfigs ofTopic(String key, String value) {
    return new AlterTopicConfigs(
        start.topicNamed("t").orElseThrow().id(),
        TreePMap.singleton(key, value),
        TreePSet.empty(),
        Optional.empty(),
        "ann");
  }
}
