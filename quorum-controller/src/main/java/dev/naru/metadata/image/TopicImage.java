package dev.naru.metadata.image;

import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePMap;

/**
 * A topic and its partitions, in the order of their numbers.
 *
 * @param configs what was set on the topic itself, by {@link TopicConfig} key, in canonical form
 * @param origins who set what of {@code configs}, and when
 * @param settings what is in force; derived from {@code configs} and the cluster's defaults, of an
 *     internal topic from {@code configs} alone
 */
public record TopicImage(
    TopicId id,
    String name,
    long createdMillis,
    TreePMap<String, String> configs,
    TreePMap<String, ConfigOrigin> origins,
    TopicSettings settings,
    PVector<PartitionImage> partitions) {

  /** How the names of Naru's own topics begin; a user's cannot. */
  public static final String INTERNAL_PREFIX = "__";

  /** A topic whose settings in force follow from its configs and these defaults. */
  public static TopicImage of(
      TopicId id,
      String name,
      long createdMillis,
      TreePMap<String, String> configs,
      ClusterDefaults defaults,
      PVector<PartitionImage> partitions) {
    return of(id, name, createdMillis, configs, TreePMap.empty(), defaults, partitions);
  }

  /** The same, with who set its configs. */
  public static TopicImage of(
      TopicId id,
      String name,
      long createdMillis,
      TreePMap<String, String> configs,
      TreePMap<String, ConfigOrigin> origins,
      ClusterDefaults defaults,
      PVector<PartitionImage> partitions) {
    var settings = settingsOf(name, configs, defaults, replicationFactorOf(partitions));
    return new TopicImage(id, name, createdMillis, configs, origins, settings, partitions);
  }

  /** What would be in force for a topic of this name with these configs. */
  public static TopicSettings settingsOf(
      String name, TreePMap<String, String> configs, ClusterDefaults defaults, int copies) {
    return TopicSettings.of(
        configs, isInternal(name) ? ClusterDefaults.BUILT_IN : defaults, copies);
  }

  /**
   * Whether a topic of this name is Naru's own. The cluster's defaults do not count for it: they
   * are meant for the records of users, and nobody could take them back on it.
   */
  public static boolean isInternal(String name) {
    return name.startsWith(INTERNAL_PREFIX);
  }

  /** Copies of each partition. */
  public int replicationFactor() {
    return replicationFactorOf(partitions);
  }

  /** The partition of this number. */
  public Optional<PartitionImage> partition(int number) {
    return number >= 0 && number < partitions.size()
        ? Optional.of(partitions.get(number))
        : Optional.empty();
  }

  /** The same topic with one partition changed. */
  public TopicImage withPartition(int number, PartitionImage changed) {
    return new TopicImage(
        id, name, createdMillis, configs, origins, settings, partitions.with(number, changed));
  }

  /** The same topic with these partitions after those that it has. */
  public TopicImage withMorePartitions(List<PartitionImage> added) {
    return new TopicImage(
        id, name, createdMillis, configs, origins, settings, partitions.plusAll(added));
  }

  /** The same topic with these configs, whose settings in force follow from them. */
  public TopicImage withConfigs(
      TreePMap<String, String> changed,
      TreePMap<String, ConfigOrigin> by,
      ClusterDefaults defaults) {
    return of(id, name, createdMillis, changed, by, defaults, partitions);
  }

  /** The same topic under other defaults. */
  public TopicImage under(ClusterDefaults defaults) {
    return of(id, name, createdMillis, configs, origins, defaults, partitions);
  }

  private static int replicationFactorOf(PVector<PartitionImage> partitions) {
    return partitions.isEmpty() ? 0 : partitions.getFirst().copies();
  }
}
