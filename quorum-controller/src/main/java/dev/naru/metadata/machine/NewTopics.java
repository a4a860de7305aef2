package dev.naru.metadata.machine;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * The topics that one command makes. What is the same in them is found out and kept once: entries
 * of partitions with the same replicas, settings in force, and that there are nodes enough. A
 * command bounds it: it makes no more than {@link TopicRules#PARTITIONS_MAX} partitions.
 */
final class NewTopics {

  private final ClusterImage image;
  private final TreeSet<Integer> copiesPossible = new TreeSet<>();
  private final Map<List<NodeId>, PartitionImage> entries = new LinkedHashMap<>();
  private Optional<TopicImage> last = Optional.empty();

  /** None yet, in this image. */
  NewTopics(ClusterImage image) {
    this.image = image;
  }

  ClusterImage image() {
    return image;
  }

  /** As {@link TopicRules#checkReplicationFactor}. */
  Optional<Refused> checkReplicationFactor(int copies) {
    if (copiesPossible.contains(copies)) {
      return Optional.empty();
    }
    var refusal = TopicRules.checkReplicationFactor(image, copies);
    if (refusal.isEmpty()) {
      copiesPossible.add(copies);
    }
    return refusal;
  }

  /** One more, for which everything was checked. */
  TopicImage place(
      CreateTopic command,
      ConfigOrigin origin,
      TreePMap<String, String> configs,
      int partitions,
      int copies) {
    var placed =
        ReplicaPlacer.place(image.nodes().values(), partitions, copies, command.placementSeed());
    var own = new ArrayList<PartitionImage>(placed.size());
    for (var replicas : placed) {
      own.add(entries.computeIfAbsent(replicas, each -> TopicRules.entry(image, each)));
    }
    TreePMap<String, ConfigOrigin> origins = TreePMap.empty();
    for (var key : configs.keySet()) {
      origins = origins.plus(key, origin);
    }
    var topic =
        new TopicImage(
            command.id(),
            command.name(),
            origin.atMillis(),
            configs,
            origins,
            settings(command.name(), configs, copies),
            TreePVector.from(own));
    last = Optional.of(topic);
    return topic;
  }

  /** Those of the last topic, if they are the same. */
  private TopicSettings settings(String name, TreePMap<String, String> configs, int copies) {
    return last.filter(known -> TopicImage.isInternal(known.name()) == TopicImage.isInternal(name))
        .filter(known -> known.replicationFactor() == copies && known.configs().equals(configs))
        .map(TopicImage::settings)
        .orElseGet(() -> TopicImage.settingsOf(name, configs, image.defaults(), copies));
  }
}
