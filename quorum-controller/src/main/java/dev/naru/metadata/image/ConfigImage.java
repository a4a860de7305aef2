package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * What was set while the cluster ran, beside the settings of topics, which are with the topics.
 *
 * @param given the defaults of topics that the cluster was initialized with; what is set since wins
 * @param cluster for topics and for all nodes, by {@link DynamicSetting} key
 * @param nodes for one node each, which wins over {@code cluster}; only nodes of which something is
 *     set
 * @param finalized who put the rules into force that are; empty: whoever initialized the cluster
 */
public record ConfigImage(
    ClusterDefaults given,
    TreePMap<String, ConfigEntry> cluster,
    TreePMap<NodeId, TreePMap<String, ConfigEntry>> nodes,
    Optional<ConfigOrigin> finalized) {

  /** Before anything is set. */
  public static final ConfigImage NONE =
      new ConfigImage(ClusterDefaults.BUILT_IN, TreePMap.empty(), TreePMap.empty());

  /** Under the rules that the cluster was initialized with. */
  public ConfigImage(
      ClusterDefaults given,
      TreePMap<String, ConfigEntry> cluster,
      TreePMap<NodeId, TreePMap<String, ConfigEntry>> nodes) {
    this(given, cluster, nodes, Optional.empty());
  }

  /** What is set of this node alone. */
  public TreePMap<String, ConfigEntry> of(NodeId node) {
    return Optional.ofNullable(nodes.get(node)).orElseGet(TreePMap::empty);
  }

  ConfigImage initialized(ClusterDefaults defaults) {
    return new ConfigImage(defaults, cluster, nodes, finalized);
  }

  ConfigImage finalized(ConfigOrigin by) {
    return new ConfigImage(given, cluster, nodes, Optional.of(by));
  }

  ConfigImage withCluster(TreePMap<String, ConfigEntry> entries) {
    return new ConfigImage(given, entries, nodes, finalized);
  }

  /** The same with these for one node. */
  public ConfigImage withNode(NodeId node, TreePMap<String, ConfigEntry> entries) {
    return new ConfigImage(
        given,
        cluster,
        entries.isEmpty() ? nodes.minus(node) : nodes.plus(node, entries),
        finalized);
  }

  /** What topics get now that do not say otherwise. */
  public ClusterDefaults defaults() {
    return defaults(cluster);
  }

  /** The same if these were set of the cluster. */
  public ClusterDefaults defaults(TreePMap<String, ConfigEntry> entries) {
    int partitions = given.partitions();
    int replicationFactor = given.replicationFactor();
    var configs = given.topicConfigs();
    var durability = given.durability();
    for (var setting : DynamicSetting.values()) {
      var entry = entries.get(setting.key());
      if (entry != null) {
        switch (setting) {
          case NUM_PARTITIONS -> partitions = Integer.parseInt(entry.value());
          case DEFAULT_REPLICATION_FACTOR -> replicationFactor = Integer.parseInt(entry.value());
          case DURABILITY -> durability = Durability.named(entry.value());
          default -> {
            if (setting.topicConfig().isPresent()) {
              configs = configs.plus(setting.topicConfig().get().key(), entry.value());
            }
          }
        }
      }
    }
    return new ClusterDefaults(partitions, replicationFactor, configs, durability);
  }
}
