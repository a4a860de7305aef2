package dev.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.testing.Golden;
import dev.naru.testing.Repository;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigPageTest {

  private static final Repository REPOSITORY = Repository.of(ConfigPageTest.class);

  @Test
  void thePageSaysWhatTheCodeDeclares() {
    Golden.in(REPOSITORY.root().resolve("docs")).assertText("CONFIG.md", ConfigPage.print());
  }

  /** Or the metadata log would take what no node knows. */
  @ParameterizedTest
  @EnumSource(DynamicSetting.class)
  void aNodeHasEachSettingThatCanBeSetOfIt(DynamicSetting setting) {
    if (setting.reach() == Reach.NODES) {
      assertThat(SettingKeys.ofNodes()).containsKey(setting.key());
    }
  }

  /** Whatever else a node had to find would be named by an address. */
  @Test
  @Tag("S8")
  void theOnlyAddressesAreThoseOfNodes() {
    assertThat(SettingKeys.ofNodes().values())
        .filteredOn(setting -> setting.kind().contains("host:port"))
        .extracting(NodeSetting::key)
        .allMatch(key -> key.startsWith("listeners.") || key.equals("quorum.voters"));
    assertThat(SettingKeys.ofNodes().keySet())
        .noneMatch(key -> key.matches(".*(zookeeper|etcd|consul|coordinator).*"));
  }

  @Test
  void knowsWhatIsInForce() throws InvalidConfigException {
    var config =
        ConfigLayers.merge(
                ConfigFile.parse(
                    """
                    node.id: 1
                    data.dirs: [/tmp/naru/data, /tmp/naru/more]
                    metadata.dir: /tmp/naru/metadata
                    quorum.voters: [1@127.0.0.1:9412]
                    log.retention.check.interval.ms: 1m
                    durability: fast
                    """,
                    "f"),
                Map.of(),
                List.of())
            .config();

    assertThat(SettingKeys.values(config))
        .containsEntry("data.dirs", "/tmp/naru/data,/tmp/naru/more")
        .containsEntry("log.retention.check.interval.ms", "60000")
        .containsEntry("disk.used.ratio.max", "0.95")
        .containsEntry("durability", "fast")
        .containsEntry("listeners.client.bind", "127.0.0.1:9410")
        .containsEntry("quorum.voters", "1@127.0.0.1:9412")
        .doesNotContainKeys("node.rack", "log.cleaner.io.max.bytes.per.second");
    assertThat(config.topics().clusterDefaults().durability()).contains(Durability.FAST);
  }
}
