package dev.naru.cli.doctor;

import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of settings.
 *
 * @param cluster what topics get that do not say otherwise; empty if nobody told
 * @param nodes by id, of each node that told its own
 */
public record SettingsFacts(
    Optional<ConfigDescription> cluster, Map<Integer, ConfigDescription> nodes) {

  /** What a node told that did not know itself what it was started with: another one answered. */
  private static final String NOT_ITS_OWN = "STARTED_WITH_UNKNOWN";

  /** What is each node's own, and of the cluster's id that it need not be written down. */
  private static final List<String> OWN =
      List.of("node.id", "node.rack", "listeners.", "data.dirs", "metadata.dir", "cluster.id");

  /** Keeps those that tell of all of a node. */
  public SettingsFacts {
    nodes =
        nodes.entrySet().stream()
            .filter(each ->
                each.getValue().warnings().stream()
                    .noneMatch(warning -> warning.code().equals(NOT_ITS_OWN)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** What a topic has that does not say otherwise. */
  Optional<String> ofTopics(String key) {
    return cluster.flatMap(config -> config.setting(key)).map(ConfigSetting::value);
  }

  /**
   * Settings that nodes were started with, should have in common and have not: by key and value,
   * who has it. What somebody has set of one node while it runs is meant to differ.
   */
  SortedMap<String, SortedMap<String, TreeSet<Integer>>> differing() {
    var all = new TreeMap<String, SortedMap<String, TreeSet<Integer>>>();
    nodes.forEach((node, config) ->
        config.settings().stream()
            .filter(setting -> OWN.stream().noneMatch(setting.key()::startsWith))
            .filter(setting -> !isSetOfANode(setting.key()))
            .forEach(setting ->
                all.computeIfAbsent(setting.key(), key -> new TreeMap<>())
                    .computeIfAbsent(setting.value(), value -> new TreeSet<>())
                    .add(node)));
    all.values()
        .removeIf(byValue ->
            byValue.size() == 1 && byValue.values().iterator().next().size() == nodes.size());
    all.values().forEach(this::addThoseWithout);
    return all;
  }

  private boolean isSetOfANode(String key) {
    return nodes.values().stream()
        .flatMap(config -> config.setting(key).stream())
        .anyMatch(setting -> setting.source() == ConfigSetting.Source.NODE);
  }

  /** Who has no value of it at all. */
  private void addThoseWithout(SortedMap<String, TreeSet<Integer>> byValue) {
    var without = new TreeSet<>(nodes.keySet());
    byValue.values().forEach(without::removeAll);
    if (!without.isEmpty()) {
      byValue.put("nothing", without);
    }
  }
}
