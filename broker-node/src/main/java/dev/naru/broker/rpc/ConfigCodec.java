package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.broker.config.NodeSetting;
import dev.naru.broker.config.SettingKeys;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigLayer;
import dev.naru.metadata.image.ConfigLayer.Source;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.machine.ConfigWarning;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.ConfigSetting;
import dev.naru.proto.admin.v1.ConfigSource;
import dev.naru.proto.admin.v1.Warning;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.pcollections.TreePMap;

/** Settings as the messages of the admin API. */
final class ConfigCodec {

  private static final String VERSION_DOC =
      "Which rules are in force; raised when all nodes run a release that knows the newer ones.";

  private ConfigCodec() {}

  static Config encode(
      ConfigSubject subject,
      SortedMap<String, List<ConfigLayer>> settings,
      ClusterImage image,
      long index,
      boolean isWhole) {
    var encoded =
        Config.newBuilder()
            .setName(subject.name())
            .setEtag(etag(image, subject))
            .setMetadataIndex(index);
    settings.forEach(
        (key, layers) -> encoded.addSettings(setting(key, upTo(index, layers.getFirst()))));
    if (!isWhole) {
      encoded.addWarnings(startedWithUnknown(subject));
    }
    return encoded.build();
  }

  static ConfigExplanation explain(
      ConfigSubject subject, String key, List<ConfigLayer> layers, boolean isWhole) {
    var encoded =
        ConfigExplanation.newBuilder()
            .setName(subject.name())
            .setKey(key)
            .setValue(layers.isEmpty() ? "" : layers.getFirst().value())
            .setDoc(doc(key))
            .setTakes(takes(key))
            .setTakesEffect(takesEffect(subject, key))
            .setNeedsRestart(needsRestart(key));
    layers.forEach(layer -> encoded.addLayers(setting(key, layer)));
    if (subject instanceof ConfigSubject.OfCluster && isOfNodes(key)) {
      encoded.addWarnings(eachNodeHasItsOwn(key));
    }
    if (!isWhole) {
      encoded.addWarnings(startedWithUnknown(subject));
    }
    return encoded.build();
  }

  private static boolean isOfNodes(String key) {
    return DynamicSetting.named(key).filter(setting -> setting.reach() == Reach.NODES).isPresent();
  }

  private static Warning eachNodeHasItsOwn(String key) {
    return Warning.newBuilder()
        .setCode("EACH_NODE_HAS_ITS_OWN")
        .setMessage(
            "Of %s the cluster says only what nodes get that have none of their own; ask nodes/{node} for what is in force"
                .formatted(key))
        .build();
  }

  static Warning encode(ConfigWarning warning) {
    return Warning.newBuilder().setCode(warning.code()).setMessage(warning.message()).build();
  }

  private static Warning startedWithUnknown(ConfigSubject subject) {
    return Warning.newBuilder()
        .setCode("STARTED_WITH_UNKNOWN")
        .setMessage(
            "Of %s only what is set while it runs is known here; ask the node itself for the rest"
                .formatted(subject.name().replace("/config", "")))
        .build();
  }

  /** What would be set has been set by nobody yet. */
  private static ConfigLayer upTo(long index, ConfigLayer layer) {
    return new ConfigLayer(
        layer.source(),
        layer.value(),
        layer.detail(),
        layer.origin().filter(origin -> origin.index() <= index));
  }

  private static ConfigSetting setting(String key, ConfigLayer layer) {
    var encoded =
        ConfigSetting.newBuilder()
            .setKey(key)
            .setValue(layer.value())
            .setSource(source(layer.source()))
            .setDetail(layer.detail());
    layer
        .origin()
        .ifPresent(origin ->
            encoded
                .setPrincipal(origin.principal())
                .setChangeIndex(origin.index())
                .setChangeTime(
                    Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(origin.atMillis(), 1_000))
                        .setNanos(Math.floorMod(origin.atMillis(), 1_000) * 1_000_000)));
    return encoded.build();
  }

  private static ConfigSource source(Source source) {
    return switch (source) {
      case DEFAULT -> ConfigSource.CONFIG_SOURCE_DEFAULT;
      case FILE -> ConfigSource.CONFIG_SOURCE_FILE;
      case VARIABLE -> ConfigSource.CONFIG_SOURCE_VARIABLE;
      case FLAG -> ConfigSource.CONFIG_SOURCE_FLAG;
      case PRESET -> ConfigSource.CONFIG_SOURCE_PRESET;
      case FIRST_CONTROLLER -> ConfigSource.CONFIG_SOURCE_FIRST_CONTROLLER;
      case CLUSTER -> ConfigSource.CONFIG_SOURCE_CLUSTER;
      case NODE -> ConfigSource.CONFIG_SOURCE_NODE;
      case TOPIC -> ConfigSource.CONFIG_SOURCE_TOPIC;
    };
  }

  private static String doc(String key) {
    if (key.equals(ConfigViews.METADATA_VERSION)) {
      return VERSION_DOC;
    }
    return Optional.ofNullable(SettingKeys.ofNodes().get(key))
        .map(NodeSetting::doc)
        .or(() -> TopicConfig.named(key).map(TopicConfig::doc))
        .orElse("");
  }

  private static String takes(String key) {
    if (key.equals(ConfigViews.METADATA_VERSION)) {
      return "a version that all registered nodes know, never an older one";
    }
    return TopicConfig.named(key)
        .map(TopicConfig::expected)
        .or(() -> DynamicSetting.named(key).map(DynamicSetting::expected))
        .or(() -> Optional.ofNullable(SettingKeys.ofNodes().get(key)).map(NodeSetting::expected))
        .orElse("");
  }

  private static boolean needsRestart(String key) {
    return !key.equals(ConfigViews.METADATA_VERSION)
        && TopicConfig.named(key).isEmpty()
        && DynamicSetting.named(key).isEmpty();
  }

  private static String takesEffect(ConfigSubject subject, String key) {
    if (needsRestart(key)) {
      return "after a change in the node's file, variables or flags and a restart of the node";
    }
    if (subject instanceof ConfigSubject.OfTopic || key.equals(ConfigViews.METADATA_VERSION)) {
      return "at once";
    }
    var setting = DynamicSetting.named(key);
    return setting
            .filter(known -> known.reach() == Reach.NODES)
            .filter(_ -> subject instanceof ConfigSubject.OfCluster)
            .map(_ -> "on nodes that have none of their own, ")
            .orElse("")
        + setting.map(DynamicSetting::effect).orElse("at once");
  }

  /** Changes with what is set of it while nodes run, and is the same on every node. */
  static String etag(ClusterImage image, ConfigSubject subject) {
    var sum = new CRC32C();
    var text =
        switch (subject) {
          case ConfigSubject.OfTopic(var topic) -> topic.id() + " " + topic.configs();
          default -> subject.name() + " " + set(image, subject);
        };
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  /** What is set of it while nodes run, without who set it. */
  static TreePMap<String, String> set(ClusterImage image, ConfigSubject subject) {
    return switch (subject) {
      case ConfigSubject.OfTopic(var topic) -> topic.configs();
      case ConfigSubject.OfCluster _ -> values(image.configs().cluster());
      case ConfigSubject.OfNode(var node) -> values(image.configs().of(node));
    };
  }

  private static TreePMap<String, String> values(TreePMap<String, ConfigEntry> entries) {
    TreePMap<String, String> values = TreePMap.empty();
    for (var entry : entries.entrySet()) {
      values = values.plus(entry.getKey(), entry.getValue().value());
    }
    return values;
  }
}
