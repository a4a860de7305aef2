package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.ConfigLayer;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

class ConfigTraceTest {

  private static final ConfigOrigin ANN = new ConfigOrigin(7, 1_000, "ann");
  private static final NodeId NODE = new NodeId(2);

  @Test
  void tellsAllThatSayAValueTheOneInForceFirst() {
    var configs = configs(Map.of("retention.ms", "3000"), Map.of("log.retention.ms", "2000"));
    var topic = topic(Map.of("retention.ms", "1000"), configs);

    assertThat(words(ConfigTrace.ofTopic(configs, topic, TopicConfig.RETENTION_MS)))
        .containsExactly(
            "TOPIC 1000 by ann",
            "CLUSTER 2000 by ann",
            "FIRST_CONTROLLER 3000",
            "DEFAULT 604800000");
    assertThat(words(ConfigTrace.ofCluster(configs, DynamicSetting.LOG_RETENTION_MS)))
        .containsExactly("CLUSTER 2000 by ann", "FIRST_CONTROLLER 3000", "DEFAULT 604800000");
  }

  @Test
  void tellsThatAPresetSaysSo() {
    var configs = configs(Map.of(), Map.of("durability", "fast", "recovery.wait.ms", "1"));
    var topic = topic(Map.of(), configs);

    assertThat(words(ConfigTrace.ofTopic(configs, topic, TopicConfig.FLUSH)))
        .containsExactly("PRESET os (durability=fast) by ann", "DEFAULT quorum");
    assertThat(words(ConfigTrace.ofTopic(configs, topic, TopicConfig.RECOVERY_WAIT_MS)))
        .containsExactly(
            "CLUSTER 1 by ann", "PRESET 300000 (durability=fast) by ann", "DEFAULT 300000");
    assertThat(words(ConfigTrace.ofCluster(configs, DynamicSetting.DURABILITY)))
        .containsExactly("CLUSTER fast by ann", "DEFAULT strict");
  }

  @Test
  void tellsOfWhichOtherSettingItFollows() {
    var configs = configs(Map.of(), Map.of("unclean.leader.election.enable", "true"));
    var topic = topic(Map.of("recovery.mode", "bounded"), configs);

    assertThat(words(ConfigTrace.ofTopic(configs, topic, TopicConfig.RECOVERY_MODE)))
        .containsExactly(
            "TOPIC bounded by ann",
            "CLUSTER available (by unclean.leader.election.enable=true) by ann",
            "DEFAULT strict");
    assertThat(
            words(ConfigTrace.ofTopic(configs, topic, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE)))
        .startsWith("TOPIC false (by recovery.mode=bounded) by ann", "CLUSTER true by ann");
  }

  /** What is told first is what is in force, whatever is set where. */
  @ParameterizedTest
  @CsvSource({
    // topic's mode, unclean; cluster's mode, unclean; preset
    ", , , , ",
    ", , , , fast",
    ", true, , , balanced",
    "strict, , , true, fast",
    ", false, available, , ",
    ", , , true, balanced",
    ", , , false, fast",
    "bounded, false, available, true, fast",
  })
  void agreesWithWhatIsInForce(
      String mode, String unclean, String defaultMode, String defaultUnclean, String preset) {
    var cluster = recovery(defaultMode, defaultUnclean);
    cluster = preset == null ? cluster : cluster.plus("durability", preset);
    var configs = configs(Map.of(), cluster);
    var topic = topic(recovery(mode, unclean), configs);
    var settings = topic.settings();

    assertThat(first(configs, topic, TopicConfig.RECOVERY_MODE))
        .isEqualToIgnoringCase(settings.recoveryMode().name());
    assertThat(first(configs, topic, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE))
        .isEqualTo(Boolean.toString(settings.recoveryMode() == RecoveryMode.AVAILABLE));
    assertThat(first(configs, topic, TopicConfig.FLUSH))
        .isEqualToIgnoringCase(settings.flush().name());
    assertThat(first(configs, topic, TopicConfig.MIN_INSYNC_REPLICAS))
        .isEqualTo(Integer.toString(settings.minInsync()));
  }

  @ParameterizedTest
  @EnumSource(TopicConfig.class)
  void saysSomethingOfEverySetting(TopicConfig config) {
    var configs = ConfigImage.NONE;

    assertThat(ConfigTrace.ofTopic(configs, topic(Map.of(), configs), config)).isNotEmpty();
    assertThat(ConfigTrace.ofCluster(configs, DynamicSetting.defaultOf(config))).isNotEmpty();
  }

  @Test
  void capsADefaultAtTheCopiesThatATopicHas() {
    var configs = configs(Map.of(), Map.of("min.insync.replicas", "3"));

    assertThat(first(configs, topic(Map.of(), configs), TopicConfig.MIN_INSYNC_REPLICAS))
        .isEqualTo("1");
  }

  @Test
  void tellsANodesOwnBeforeTheClusters() {
    var configs = configs(Map.of(), Map.of("disk.used.ratio.max", "0.8"));
    var setting = DynamicSetting.DISK_USED_RATIO_MAX;

    assertThat(words(ConfigTrace.ofNode(configs, NODE, setting)))
        .containsExactly("CLUSTER 0.8 by ann");
    var with = configs.withNode(NODE, entries(Map.of("disk.used.ratio.max", "0.9")));
    assertThat(words(ConfigTrace.ofNode(with, NODE, setting)))
        .containsExactly("NODE 0.9 by ann", "CLUSTER 0.8 by ann");
    assertThat(with.withNode(NODE, TreePMap.empty()).nodes()).isEmpty();
  }

  @Test
  void knowsEverySettingByOneName() {
    assertThat(Arrays.stream(DynamicSetting.values()).map(DynamicSetting::key))
        .doesNotHaveDuplicates()
        .allMatch(key -> key.matches("[a-z0-9.]+"));
    for (var preset : Durability.values()) {
      preset
          .configs()
          .forEach((key, value) ->
              assertThat(TopicConfig.named(key).orElseThrow().canonical(value)).contains(value));
      assertThat(Durability.named(preset.text())).contains(preset);
    }
  }

  private static String first(ConfigImage configs, TopicImage topic, TopicConfig config) {
    return ConfigTrace.ofTopic(configs, topic, config).getFirst().value();
  }

  private static List<String> words(List<ConfigLayer> layers) {
    return layers.stream()
        .map(layer ->
            layer.source()
                + " "
                + layer.value()
                + (layer.detail().isEmpty() ? "" : " (" + layer.detail() + ")")
                + layer.origin().map(origin -> " by " + origin.principal()).orElse(""))
        .toList();
  }

  private static TreePMap<String, String> recovery(String mode, String unclean) {
    TreePMap<String, String> configs = TreePMap.empty();
    configs = mode == null ? configs : configs.plus("recovery.mode", mode);
    return unclean == null ? configs : configs.plus("unclean.leader.election.enable", unclean);
  }

  private static ConfigImage configs(Map<String, String> given, Map<String, String> cluster) {
    return new ConfigImage(
        new ClusterDefaults(1, 3, TreePMap.from(given)), entries(cluster), TreePMap.empty());
  }

  private static TreePMap<String, ConfigEntry> entries(Map<String, String> values) {
    TreePMap<String, ConfigEntry> entries = TreePMap.empty();
    for (var value : values.entrySet()) {
      entries = entries.plus(value.getKey(), new ConfigEntry(value.getValue(), ANN));
    }
    return entries;
  }

  /** Of one partition with one copy. */
  private static TopicImage topic(Map<String, String> own, ConfigImage configs) {
    TreePMap<String, ConfigOrigin> origins = TreePMap.empty();
    for (var key : own.keySet()) {
      origins = origins.plus(key, ANN);
    }
    var replicas = List.of(NODE);
    return TopicImage.of(
        TopicId.of(1, 1),
        "orders",
        0,
        TreePMap.from(own),
        origins,
        configs.defaults(),
        TreePVector.singleton(PartitionImage.created(replicas, TreePSet.singleton(NODE), NODE)));
  }
}
