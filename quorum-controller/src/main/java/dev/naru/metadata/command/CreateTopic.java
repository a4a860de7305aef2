package dev.naru.metadata.command;

import dev.naru.types.TopicId;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Creates a topic and places its replicas.
 *
 * @param id drawn by the submitter, or the request id of a repeatable call: the same id and name
 *     again is a retry and changes nothing
 * @param partitions empty: the cluster's default
 * @param replicationFactor empty: the cluster's default, capped by the registered nodes
 * @param configs as the user wrote them, by name
 * @param placementSeed drawn by the submitter: where the placement begins
 * @param internal whether it is a topic of Naru's own, which only a node asks for
 * @param principal who asks; empty: a node of the cluster by itself
 */
public record CreateTopic(
    TopicId id,
    String name,
    Optional<Integer> partitions,
    Optional<Integer> replicationFactor,
    TreePMap<String, String> configs,
    long placementSeed,
    boolean internal,
    String principal)
    implements MetadataCommand {

  /** Asked for by a node of the cluster. */
  public CreateTopic(
      TopicId id,
      String name,
      Optional<Integer> partitions,
      Optional<Integer> replicationFactor,
      TreePMap<String, String> configs,
      long placementSeed,
      boolean internal) {
    this(id, name, partitions, replicationFactor, configs, placementSeed, internal, "");
  }

  /** A user's topic. */
  public CreateTopic(
      TopicId id,
      String name,
      Optional<Integer> partitions,
      Optional<Integer> replicationFactor,
      TreePMap<String, String> configs,
      long placementSeed) {
    this(id, name, partitions, replicationFactor, configs, placementSeed, false);
  }
}
