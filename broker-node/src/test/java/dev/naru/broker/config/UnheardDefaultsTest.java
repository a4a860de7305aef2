package dev.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.Durability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class UnheardDefaultsTest {

  @Test
  void namesWhatTheClusterHasOtherwise() throws InvalidConfigException {
    var loaded = load("log.roll.hours: 1\nflush: os\nnum.partitions: 3\nlog.retention.ms: 7d");

    assertThat(unheard(loaded, ClusterDefaults.BUILT_IN))
        .containsExactly(
            "num.partitions=3 does not count, the cluster has 1: naru config set cluster num.partitions=3 changes it",
            "log.roll.ms=3600000 does not count, the cluster has 604800000: naru config set cluster log.roll.ms=3600000 changes it",
            "flush=os does not count, the cluster has quorum: naru config set cluster flush=os changes it");
  }

  @Test
  void saysNothingOfWhatTheClusterHasAsWell() throws InvalidConfigException {
    var loaded = load("flush: os\nnum.partitions: 3\ndurability: fast");

    assertThat(unheard(loaded, loaded.config().topics().clusterDefaults())).isEmpty();
    assertThat(
            unheard(
                load("flush: os"),
                new ClusterDefaults(5, 3, TreePMap.empty(), Optional.of(Durability.FAST))))
        .as("a preset says the same, and partitions are not written")
        .isEmpty();
  }

  private static List<String> unheard(ConfigLayers.Loaded loaded, ClusterDefaults inForce) {
    return UnheardDefaults.of(
        loaded.config().topics(), key -> loaded.sources().containsKey(key), inForce);
  }

  private static ConfigLayers.Loaded load(String yaml) throws InvalidConfigException {
    return ConfigLayers.merge(
        ConfigFile.parse(
            """
            node.id: 1
            data.dirs: [/tmp/naru/data]
            metadata.dir: /tmp/naru/metadata
            quorum.voters: [1@127.0.0.1:9412]
            """
                + yaml,
            "f"),
        Map.of(),
        List.of());
  }
}
