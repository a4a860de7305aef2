package dev.naru.metadata.image;

import org.pcollections.TreePMap;

/**
 * What a topic gets that does not say otherwise.
 *
 * @param partitions of a new topic: {@code num.partitions}
 * @param replicationFactor of a new topic, capped by the registered nodes: {@code
 *     default.replication.factor}
 * @param topicConfigs defaults of topic settings, by {@link TopicConfig} key, in canonical form
 */
public record ClusterDefaults(
    int partitions, int replicationFactor, TreePMap<String, String> topicConfigs) {

  /** What holds when nothing is configured. */
  public static final ClusterDefaults BUILT_IN = new ClusterDefaults(1, 3, TreePMap.empty());
}
