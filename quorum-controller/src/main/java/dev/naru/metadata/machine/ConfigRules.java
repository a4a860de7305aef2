package dev.naru.metadata.machine;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.event.MetadataEvent.ClusterConfigured;
import dev.naru.metadata.event.MetadataEvent.NodeConfigured;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.metadata.machine.TopicConfigRules.Checked;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/** Rules about what is set of the cluster and of its nodes while they run. */
final class ConfigRules {

  private ConfigRules() {}

  static Decision alter(ClusterImage image, AlterConfigs command, ConfigOrigin origin) {
    if (command.node().filter(node -> image.node(node).isEmpty()).isPresent()) {
      return Decision.refused(
          ErrorCode.NODE_NOT_FOUND,
          "Expected a registered node, but node %s is not registered"
              .formatted(command.node().get()));
    }
    var present =
        command
            .node()
            .map(node -> image.configs().of(node))
            .orElseGet(() -> image.configs().cluster());
    return check(image.metadataVersion(), command)
        .or(() -> checkSeen(present, command))
        .<Decision>map(Decision.Refusal::new)
        .orElseGet(() -> changed(image, command, present, after(present, command, origin)));
  }

  /** What is wrong with it whatever the image holds beside the rules in force. */
  static Optional<Refused> check(int metadataVersion, AlterConfigs command) {
    int count = Math.max(command.set().size(), command.unset().size());
    return count > TopicConfigRules.CONFIGS_MAX
        ? Optional.of(TopicConfigRules.tooMany(count))
        : TopicConfigRules.violations(violations(metadataVersion, command));
  }

  private static Optional<Refused> checkSeen(
      TreePMap<String, ConfigEntry> present, AlterConfigs command) {
    return command.expected().filter(seen -> !seen.equals(values(present))).isPresent()
        ? Optional.of(
            new Refused(
                ErrorCode.ETAG_MISMATCH,
                "Expected the settings of %s to be as they were seen, but they have changed since"
                    .formatted(subject(command.node()))))
        : Optional.empty();
  }

  private static String subject(Optional<NodeId> node) {
    return node.map(id -> "nodes/" + id).orElse("cluster");
  }

  /** What is set, without who set it. */
  private static TreePMap<String, String> values(TreePMap<String, ConfigEntry> entries) {
    TreePMap<String, String> values = TreePMap.empty();
    for (var entry : entries.entrySet()) {
      values = values.plus(entry.getKey(), entry.getValue().value());
    }
    return values;
  }

  /** Under these rules a release knows no setting that came later, whatever it is itself. */
  private static List<String> violations(int metadataVersion, AlterConfigs command) {
    var violations = new ArrayList<String>();
    for (var key : command.unset()) {
      if (command.set().containsKey(key)) {
        violations.add("Expected %s to be set or unset, but was both".formatted(Printable.of(key)));
      } else {
        violation(metadataVersion, command.node(), key).ifPresent(violations::add);
      }
    }
    for (var entry : command.set().entrySet()) {
      violation(metadataVersion, command.node(), entry.getKey())
          .or(() -> badValue(entry.getKey(), entry.getValue()))
          .ifPresent(violations::add);
    }
    return violations;
  }

  private static Optional<String> badValue(String key, String value) {
    var setting = DynamicSetting.named(key).orElseThrow();
    return setting.canonical(value).isPresent()
        ? Optional.empty()
        : Optional.of(
            "Expected %s to be %s, but was %s"
                .formatted(key, setting.expected(), Printable.of(value)));
  }

  private static Optional<String> violation(
      int metadataVersion, Optional<NodeId> node, String key) {
    var setting = DynamicSetting.named(key, metadataVersion);
    if (setting.isEmpty()) {
      return Optional.of(
          "Expected a setting that can be changed while nodes run, but was %s%s"
              .formatted(
                  Printable.of(key),
                  meant(metadataVersion, key)
                      .map(name -> "; did you mean " + name + "?")
                      .orElse("")));
    }
    return node.isPresent() && setting.get().reach() == Reach.TOPICS
        ? Optional.of(
            "Expected a setting of a node, but %s is what topics of the whole cluster get: set it on cluster"
                .formatted(key))
        : Optional.empty();
  }

  /** A topic's name for it, or what is spelled nearly alike. */
  private static Optional<String> meant(int metadataVersion, String key) {
    return TopicConfig.named(key, metadataVersion)
        .map(config -> DynamicSetting.defaultOf(config).key())
        .or(() -> Spelling.nearest(key, DynamicSetting.keys(metadataVersion)));
  }

  /** What has its value already keeps who gave it. */
  private static TreePMap<String, ConfigEntry> after(
      TreePMap<String, ConfigEntry> present, AlterConfigs command, ConfigOrigin origin) {
    var after = present.minusAll(command.unset());
    for (var entry : command.set().entrySet()) {
      var value =
          DynamicSetting.named(entry.getKey())
              .flatMap(setting -> setting.canonical(entry.getValue()))
              .orElseThrow();
      if (Optional.ofNullable(present.get(entry.getKey()))
          .filter(known -> known.value().equals(value))
          .isEmpty()) {
        after = after.plus(entry.getKey(), new ConfigEntry(value, origin));
      }
    }
    return after;
  }

  private static Decision changed(
      ClusterImage image,
      AlterConfigs command,
      TreePMap<String, ConfigEntry> present,
      TreePMap<String, ConfigEntry> after) {
    if (after.equals(present)) {
      return Decision.accepted();
    }
    return command
        .node()
        .<Decision>map(node -> Decision.accepted(new NodeConfigured(node, after)))
        .orElseGet(() -> configure(image, after));
  }

  private static Decision configure(ClusterImage image, TreePMap<String, ConfigEntry> entries) {
    var defaults = image.configs().defaults(entries);
    if (TopicConfigRules.check(image.metadataVersion(), defaults.topicConfigs())
        instanceof Checked.Bad(var why)) {
      return new Decision.Refusal(why);
    }
    return checkMinInsync(image.defaults(), defaults)
        .or(() -> checkFlush(image, defaults))
        .<Decision>map(Decision.Refusal::new)
        .orElseGet(
            () -> Decision.accepted(new ClusterConfigured(entries, partitions(image, defaults))));
  }

  /** Topics that say nothing would refuse acks=all as soon as a replica is away. */
  private static Optional<Refused> checkMinInsync(ClusterDefaults before, ClusterDefaults after) {
    var min = after.of(TopicConfig.MIN_INSYNC_REPLICAS).map(Integer::parseInt);
    boolean isAsBefore =
        before.replicationFactor() == after.replicationFactor()
            && before
                .of(TopicConfig.MIN_INSYNC_REPLICAS)
                .equals(after.of(TopicConfig.MIN_INSYNC_REPLICAS));
    return min.filter(value -> !isAsBefore && value > after.replicationFactor())
        .map(value ->
            new Refused(
                ErrorCode.INVALID_CONFIG,
                "Expected min.insync.replicas to be at most default.replication.factor %s, but was %s"
                    .formatted(after.replicationFactor(), value)));
  }

  private static Optional<Refused> checkFlush(ClusterImage image, ClusterDefaults defaults) {
    var those =
        image.topics().values().stream()
            .filter(topic ->
                topic.settings().flush() == Flush.OS
                    && settings(topic, defaults).flush() == Flush.QUORUM)
            .map(TopicImage::name)
            .toList();
    return those.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_CONFIG,
                "Expected flush of topics that exist to stay os, but for %s it would become quorum: a replica that has lost what was in its memory only would be taken for whole; set flush=os on each of them first, which it keeps for good"
                    .formatted(TopicNames.several(those))));
  }

  private static TopicSettings settings(TopicImage topic, ClusterDefaults defaults) {
    return topic.under(defaults).settings();
  }

  private static TreePMap<PartitionId, PartitionImage> partitions(
      ClusterImage image, ClusterDefaults defaults) {
    TreePMap<PartitionId, PartitionImage> changed = TreePMap.empty();
    for (var topic : image.topics().values()) {
      int minInsync = settings(topic, defaults).minInsync();
      for (var entry : TopicChangeRules.changed(image, topic, minInsync).entrySet()) {
        changed = changed.plus(new PartitionId(topic.id(), entry.getKey()), entry.getValue());
      }
    }
    return changed;
  }
}
