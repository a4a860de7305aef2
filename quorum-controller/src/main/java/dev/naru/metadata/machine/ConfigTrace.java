package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.ConfigLayer;
import dev.naru.metadata.image.ConfigLayer.Source;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * Says where values come from: every place that says one, in the order in which they win. What it
 * puts first is what {@link TopicSettings} has in force.
 */
public final class ConfigTrace {

  private final ConfigImage configs;
  private final List<ConfigLayer> layers = new ArrayList<>();

  private ConfigTrace(ConfigImage configs) {
    this.configs = configs;
  }

  /** Of a setting of a topic; never empty. */
  public static List<ConfigLayer> ofTopic(
      ConfigImage configs, TopicImage topic, TopicConfig config) {
    var trace = new ConfigTrace(configs);
    trace.topicSays(topic, config);
    if (!TopicImage.isInternal(topic.name())) {
      trace.clusterSays(config, value -> capped(config, value, topic));
    }
    trace.builtIn(config, topic);
    return trace.layers;
  }

  /** Of a default of topics, or what else is the cluster's; never empty. */
  public static List<ConfigLayer> ofCluster(ConfigImage configs, DynamicSetting setting) {
    var trace = new ConfigTrace(configs);
    if (setting.topicConfig().isPresent()) {
      var config = setting.topicConfig().get();
      trace.clusterSays(config, UnaryOperator.identity());
      trace.layers.add(ConfigLayer.of(Source.DEFAULT, config.builtIn(), ""));
      return trace.layers;
    }
    trace.set(setting, UnaryOperator.identity(), "");
    var given = configs.given();
    switch (setting) {
      case NUM_PARTITIONS -> trace.given(given.partitions(), ClusterDefaults.BUILT_IN.partitions());
      case DEFAULT_REPLICATION_FACTOR ->
          trace.given(given.replicationFactor(), ClusterDefaults.BUILT_IN.replicationFactor());
      case DURABILITY -> {
        given
            .durability()
            .ifPresent(preset ->
                trace.layers.add(ConfigLayer.of(Source.FIRST_CONTROLLER, preset.text(), "")));
        trace.layers.add(ConfigLayer.of(Source.DEFAULT, Durability.STRICT.text(), ""));
      }
      default -> {} // of nodes, each of which has its own
    }
    return trace.layers;
  }

  /** What is set of a node while it runs, for it alone or for all; may be empty. */
  public static List<ConfigLayer> ofNode(ConfigImage configs, NodeId node, DynamicSetting setting) {
    var trace = new ConfigTrace(configs);
    Optional.ofNullable(configs.of(node).get(setting.key()))
        .ifPresent(entry -> trace.layers.add(layer(Source.NODE, entry.value(), "", entry)));
    trace.set(setting, UnaryOperator.identity(), "");
    return trace.layers;
  }

  private void topicSays(TopicImage topic, TopicConfig config) {
    for (var each : alike(config)) {
      Optional.ofNullable(topic.configs().get(each.key()))
          .ifPresent(value ->
              layers.add(
                  new ConfigLayer(
                      Source.TOPIC,
                      translated(config, each, value),
                      by(config, each, each.key(), value),
                      Optional.ofNullable(topic.origins().get(each.key())))));
    }
  }

  private void clusterSays(TopicConfig config, UnaryOperator<String> cap) {
    for (var each : alike(config)) {
      UnaryOperator<String> told = value -> cap.apply(translated(config, each, value));
      var setting = DynamicSetting.defaultOf(each);
      set(setting, told, each == config ? "" : setting.key());
      Optional.ofNullable(configs.given().topicConfigs().get(each.key()))
          .ifPresent(value ->
              layers.add(
                  ConfigLayer.of(
                      Source.FIRST_CONTROLLER,
                      told.apply(value),
                      by(config, each, setting.key(), value))));
    }
    configs
        .defaults()
        .durability()
        .ifPresent(preset ->
            preset
                .of(
                    config == TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE
                        ? TopicConfig.RECOVERY_MODE
                        : config)
                .map(value ->
                    config == TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE
                        ? translated(config, TopicConfig.RECOVERY_MODE, value)
                        : value)
                .ifPresent(value ->
                    layers.add(
                        new ConfigLayer(
                            Source.PRESET,
                            cap.apply(value),
                            "durability=" + preset.text(),
                            presetOrigin()))));
  }

  private Optional<ConfigOrigin> presetOrigin() {
    return Optional.ofNullable(configs.cluster().get(DynamicSetting.DURABILITY.key()))
        .map(ConfigEntry::origin);
  }

  private void set(DynamicSetting setting, UnaryOperator<String> told, String other) {
    Optional.ofNullable(configs.cluster().get(setting.key()))
        .ifPresent(entry ->
            layers.add(
                layer(
                    Source.CLUSTER,
                    told.apply(entry.value()),
                    other.isEmpty() ? "" : "by %s=%s".formatted(other, entry.value()),
                    entry)));
  }

  private void given(int value, int builtIn) {
    if (value != builtIn) {
      layers.add(ConfigLayer.of(Source.FIRST_CONTROLLER, Integer.toString(value), ""));
    }
    layers.add(ConfigLayer.of(Source.DEFAULT, Integer.toString(builtIn), ""));
  }

  private void builtIn(TopicConfig config, TopicImage topic) {
    var value =
        config == TopicConfig.MIN_INSYNC_REPLICAS
            ? Integer.toString(
                TopicSettings.of(
                        TreePMap.empty(), ClusterDefaults.BUILT_IN, topic.replicationFactor())
                    .minInsync())
            : config.builtIn();
    layers.add(ConfigLayer.of(Source.DEFAULT, value, ""));
  }

  private static ConfigLayer layer(Source source, String value, String detail, ConfigEntry entry) {
    return new ConfigLayer(source, value, detail, Optional.of(entry.origin()));
  }

  private static String by(TopicConfig config, TopicConfig used, String key, String value) {
    return used == config ? "" : "by %s=%s".formatted(key, value);
  }

  /** A default is capped at what a topic has of copies. */
  private static String capped(TopicConfig config, String value, TopicImage topic) {
    return config == TopicConfig.MIN_INSYNC_REPLICAS
        ? Integer.toString(Math.min(Integer.parseInt(value), topic.replicationFactor()))
        : value;
  }

  /** The settings that say it, the one that wins first: two of them say the same thing. */
  private static List<TopicConfig> alike(TopicConfig config) {
    return switch (config) {
      case RECOVERY_MODE, UNCLEAN_LEADER_ELECTION_ENABLE ->
          List.of(TopicConfig.RECOVERY_MODE, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE);
      default -> List.of(config);
    };
  }

  private static String translated(TopicConfig config, TopicConfig used, String value) {
    if (config == used) {
      return value;
    }
    return config == TopicConfig.RECOVERY_MODE
        ? (value.equals("true") ? "available" : "strict")
        : Boolean.toString(value.equals("available"));
  }
}
