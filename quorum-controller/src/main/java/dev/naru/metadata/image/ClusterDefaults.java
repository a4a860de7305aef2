package dev.naru.metadata.image;

import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * What a topic gets that does not say otherwise.
 *
 * @param partitions of a new topic: {@code num.partitions}
 * @param replicationFactor of a new topic, capped by the registered nodes: {@code
 *     default.replication.factor}
 * @param topicConfigs defaults of topic settings that are set one by one, by {@link TopicConfig}
 *     key, in canonical form
 * @param durability what holds where {@code topicConfigs} says nothing
 */
public record ClusterDefaults(
    int partitions,
    int replicationFactor,
    TreePMap<String, String> topicConfigs,
    Optional<Durability> durability) {

  /** What holds when nothing is configured. */
  public static final ClusterDefaults BUILT_IN = new ClusterDefaults(1, 3, TreePMap.empty());

  /** Without a preset. */
  public ClusterDefaults(
      int partitions, int replicationFactor, TreePMap<String, String> topicConfigs) {
    this(partitions, replicationFactor, topicConfigs, Optional.empty());
  }

  /** What holds for topics that do not set it; empty: what is built in. */
  public Optional<String> of(TopicConfig config) {
    return Optional.ofNullable(topicConfigs.get(config.key()))
        .or(() -> durability.flatMap(preset -> preset.of(config)));
  }
}
