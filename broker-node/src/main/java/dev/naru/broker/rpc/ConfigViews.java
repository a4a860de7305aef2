package dev.naru.broker.rpc;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.config.NodeSetting;
import dev.naru.broker.config.Origin;
import dev.naru.broker.config.SettingKeys;
import dev.naru.broker.config.Suggestion;
import dev.naru.broker.rpc.ConfigSubject.OfCluster;
import dev.naru.broker.rpc.ConfigSubject.OfNode;
import dev.naru.broker.rpc.ConfigSubject.OfTopic;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigLayer;
import dev.naru.metadata.image.ConfigLayer.Source;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.machine.ConfigTrace;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is in force and why, as this node sees it. Of other nodes' files it knows nothing. */
final class ConfigViews {

  /** Which rules are in force; it is raised as if it were a setting of the cluster. */
  static final String METADATA_VERSION = "metadata.version";

  private final NodeId self;
  private final LiveConfig own;

  ConfigViews(NodeId self, LiveConfig own) {
    this.self = self;
    this.own = own;
  }

  /** Whether this node knows what the subject was started with, if it was started. */
  boolean knowsAll(ConfigSubject subject) {
    return !(subject instanceof OfNode(var node)) || node.equals(self);
  }

  /** Every setting of it that has a value, with the places that say one: the first is in force. */
  SortedMap<String, List<ConfigLayer>> all(ClusterImage image, ConfigSubject subject) {
    var all = new TreeMap<String, List<ConfigLayer>>();
    for (var key : keys(image, subject)) {
      var layers = layers(image, subject, key);
      if (!layers.isEmpty()) {
        all.put(key, layers);
      }
    }
    return all;
  }

  private static List<String> keys(ClusterImage image, ConfigSubject subject) {
    return switch (subject) {
      case OfTopic _ -> Arrays.stream(TopicConfig.values()).map(TopicConfig::key).toList();
      case OfNode _ ->
          SettingKeys.ofNodes().keySet().stream().filter(ConfigViews::isOfNodes).toList();
      case OfCluster _ -> {
        var keys = new ArrayList<String>();
        keys.add(METADATA_VERSION);
        for (var setting : DynamicSetting.values()) {
          if (setting.reach() == Reach.TOPICS
              || image.configs().cluster().containsKey(setting.key())) {
            keys.add(setting.key());
          }
        }
        yield keys;
      }
    };
  }

  /** Defaults of topics are the cluster's, whatever a node's file says. */
  private static boolean isOfNodes(String key) {
    return DynamicSetting.named(key)
        .map(setting -> setting.reach() == Reach.NODES)
        .orElse(!key.equals("log.roll.hours"));
  }

  /** Whether the subject has a setting of this name. */
  boolean isKnown(ConfigSubject subject, String key) {
    return switch (subject) {
      case OfTopic _ -> TopicConfig.named(key).isPresent();
      case OfNode _ -> SettingKeys.ofNodes().containsKey(key) && isOfNodes(key);
      case OfCluster _ -> key.equals(METADATA_VERSION) || DynamicSetting.named(key).isPresent();
    };
  }

  /** What somebody may have meant by a name that the subject does not have. */
  static Optional<String> meant(ConfigSubject subject, String key) {
    var other =
        switch (subject) {
          case OfTopic _ ->
              DynamicSetting.named(key).flatMap(DynamicSetting::topicConfig).map(TopicConfig::key);
          case OfCluster _ ->
              TopicConfig.named(key).map(DynamicSetting::defaultOf).map(DynamicSetting::key);
          case OfNode _ -> Optional.<String>empty();
        };
    return other.or(() -> Suggestion.nearest(key, known(subject)));
  }

  private static SortedSet<String> known(ConfigSubject subject) {
    return switch (subject) {
      case OfTopic _ ->
          new TreeSet<>(Arrays.stream(TopicConfig.values()).map(TopicConfig::key).toList());
      case OfCluster _ ->
          new TreeSet<>(Arrays.stream(DynamicSetting.values()).map(DynamicSetting::key).toList());
      case OfNode _ ->
          new TreeSet<>(
              SettingKeys.ofNodes().keySet().stream().filter(ConfigViews::isOfNodes).toList());
    };
  }

  /**
   * The places that say a value, the one in force first; of a node's setting the cluster has none.
   */
  List<ConfigLayer> layers(ClusterImage image, ConfigSubject subject, String key) {
    return switch (subject) {
      case OfTopic(var topic) ->
          TopicConfig.named(key)
              .map(config -> ConfigTrace.ofTopic(image.configs(), topic, config))
              .orElseGet(List::of);
      case OfCluster _ when key.equals(METADATA_VERSION) -> List.of(version(image));
      case OfCluster _ ->
          DynamicSetting.named(key)
              .map(setting -> ConfigTrace.ofCluster(image.configs(), setting))
              .orElseGet(List::of);
      case OfNode(var node) -> ofNode(image, node, key);
    };
  }

  private static ConfigLayer version(ClusterImage image) {
    var finalized = image.configs().finalized();
    return new ConfigLayer(
        finalized.isPresent() ? Source.CLUSTER : Source.FIRST_CONTROLLER,
        Integer.toString(image.metadataVersion()),
        "",
        finalized);
  }

  private List<ConfigLayer> ofNode(ClusterImage image, NodeId node, String key) {
    var layers = new ArrayList<ConfigLayer>();
    DynamicSetting.named(key)
        .ifPresent(setting -> layers.addAll(ConfigTrace.ofNode(image.configs(), node, setting)));
    if (node.equals(self)) {
      layers.addAll(written(key));
      byDefault(key).ifPresent(layers::add);
    }
    return layers;
  }

  /** What wins is told as it is in force, what it hides as it was written. */
  private List<ConfigLayer> written(String key) {
    var layers = new ArrayList<ConfigLayer>();
    for (var each : own.written(key)) {
      var value =
          layers.isEmpty()
              ? SettingKeys.valueIn(own.started(), key).orElse(each.text())
              : each.text();
      layers.add(ConfigLayer.of(source(each.origin()), value, each.origin().describe()));
    }
    return layers;
  }

  private static Optional<ConfigLayer> byDefault(String key) {
    return Optional.ofNullable(SettingKeys.ofNodes().get(key))
        .flatMap(NodeSetting::byDefault)
        .map(value -> ConfigLayer.of(Source.DEFAULT, value, ""));
  }

  private static Source source(Origin origin) {
    return switch (origin) {
      case Origin.FileLine _ -> Source.FILE;
      case Origin.Variable _ -> Source.VARIABLE;
      case Origin.Flag _ -> Source.FLAG;
      case Origin.WhileRunning _ -> Source.NODE;
    };
  }
}
