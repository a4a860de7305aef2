package dev.naru.broker.config;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Settings that are known and checked, and that nothing acts on in this release. Whoever sets one
 * to something else than its default would wait for an effect in vain, and is refused instead.
 */
final class SettingsToCome {

  private static final List<ToCome> ALL =
      List.of(
          ofGroups("offsets.topic.num.partitions", GroupsConfig::topicPartitions),
          ofGroups("offsets.retention.minutes", GroupsConfig::retentionMinutes),
          ofGroups("group.min.session.timeout.ms", GroupsConfig::sessionMin),
          ofGroups("group.max.session.timeout.ms", GroupsConfig::sessionMax),
          ofGroups("group.leave.delay.ms", GroupsConfig::leaveDelay));

  private SettingsToCome() {}

  /** Keys of those that were set in vain. */
  static Stream<String> setIn(NodeConfig config) {
    return ALL.stream()
        .filter(each -> !each.value().apply(config).equals(each.byDefault()))
        .map(ToCome::key);
  }

  private static ToCome ofGroups(String key, Function<GroupsConfig, Object> value) {
    return new ToCome(
        key, config -> value.apply(config.groups()), value.apply(GroupsConfig.DEFAULTS));
  }

  private record ToCome(String key, Function<NodeConfig, Object> value, Object byDefault) {}
}
