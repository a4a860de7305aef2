package dev.naru.metadata.machine;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.event.MetadataEvent.PartitionsAdded;
import dev.naru.metadata.event.MetadataEvent.TopicConfigured;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.metadata.machine.TopicConfigRules.Checked;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/** Rules about changing a topic that exists: more partitions, other settings. */
final class TopicChangeRules {

  private TopicChangeRules() {}

  static Decision add(ClusterImage image, AddPartitions command) {
    var found = image.topic(command.topic());
    if (found.isEmpty()) {
      return TopicRules.notFound(image, command.topic());
    }
    var topic = found.get();
    int present = topic.partitions().size();
    var refusal =
        InternalTopics.whyNotChanged(topic.name())
            .or(() -> TopicRules.checkPartitions(command.total()))
            .or(() -> checkNotFewer(topic, command.total()));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    if (command.total() == present) {
      return Decision.accepted();
    }
    int copies = topic.replicationFactor();
    return TopicRules.checkReplicationFactor(image, copies)
        .<Decision>map(Decision.Refusal::new)
        .orElseGet(() ->
            Decision.accepted(new PartitionsAdded(topic.id(), placed(image, topic, command))));
  }

  private static List<PartitionImage> placed(
      ClusterImage image, TopicImage topic, AddPartitions command) {
    return ReplicaPlacer.placeMore(
            image.nodes().values(),
            topic.partitions().stream().map(PartitionImage::goal).toList(),
            command.total() - topic.partitions().size(),
            topic.replicationFactor(),
            command.placementSeed())
        .stream()
        .map(replicas -> TopicRules.entry(image, replicas))
        .toList();
  }

  private static Optional<Refused> checkNotFewer(TopicImage topic, int total) {
    return total < topic.partitions().size()
        ? Optional.of(
            new Refused(
                ErrorCode.PARTITIONS_CANNOT_SHRINK,
                "Expected at least the %s partitions that %s has, but was %s, and their records would be lost; to have fewer: create a topic with %s partitions, copy with naru consume | naru produce, switch producers, then consumers, delete %s"
                    .formatted(
                        topic.partitions().size(), topic.name(), total, total, topic.name())))
        : Optional.empty();
  }

  static Decision alter(ClusterImage image, AlterTopicConfigs command, ConfigOrigin origin) {
    var found = image.topic(command.topic());
    if (found.isEmpty()) {
      return TopicRules.notFound(image, command.topic());
    }
    var topic = found.get();
    var refusal = InternalTopics.whyNotChanged(topic.name()).or(() -> checkSeen(topic, command));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    return switch (TopicConfigRules.changed(
        image.metadataVersion(),
        topic.configs(),
        command.set(),
        command.unset(),
        topic.replicationFactor())) {
      case Checked.Bad(var why) -> new Decision.Refusal(why);
      case Checked.Good(var configs) -> configure(image, topic, configs, origin);
    };
  }

  private static Optional<Refused> checkSeen(TopicImage topic, AlterTopicConfigs command) {
    return command.expected().filter(seen -> !seen.equals(topic.configs())).isPresent()
        ? Optional.of(
            new Refused(
                ErrorCode.ETAG_MISMATCH,
                "Expected the settings of %s to be as they were seen, but they have changed since"
                    .formatted(topic.name())))
        : Optional.empty();
  }

  private static Decision configure(
      ClusterImage image, TopicImage topic, TreePMap<String, String> configs, ConfigOrigin origin) {
    if (configs.equals(topic.configs())) {
      return Decision.accepted();
    }
    var after = TopicSettings.of(configs, image.defaults(), topic.replicationFactor());
    if (topic.settings().flush() == Flush.OS && after.flush() == Flush.QUORUM) {
      return Decision.refused(
          ErrorCode.INVALID_CONFIG,
          "Expected flush of %s to stay os, but was quorum: a replica that has lost what was in its memory only would be taken for whole; create a topic with flush=quorum and copy this one to it"
              .formatted(topic.name()));
    }
    return Decision.accepted(
        new TopicConfigured(
            topic.id(),
            configs,
            origins(topic, configs, origin),
            changed(image, topic, after.minInsync())));
  }

  /** What has its value already keeps who gave it. */
  private static TreePMap<String, ConfigOrigin> origins(
      TopicImage topic, TreePMap<String, String> configs, ConfigOrigin origin) {
    TreePMap<String, ConfigOrigin> origins = TreePMap.empty();
    for (var entry : configs.entrySet()) {
      boolean isOld = entry.getValue().equals(topic.configs().get(entry.getKey()));
      var known = Optional.ofNullable(topic.origins().get(entry.getKey()));
      if (!isOld) {
        origins = origins.plus(entry.getKey(), origin);
      } else if (known.isPresent()) {
        origins = origins.plus(entry.getKey(), known.get());
      }
    }
    return origins;
  }

  /**
   * With a smaller minimum an ISR may be large enough by itself. It commits without the members of
   * the ELR from now on, so from now on these are not safe.
   */
  static TreePMap<Integer, PartitionImage> changed(
      ClusterImage image, TopicImage topic, int minInsync) {
    TreePMap<Integer, PartitionImage> changed = TreePMap.empty();
    if (minInsync == topic.settings().minInsync()) {
      return changed;
    }
    int number = 0;
    for (var partition : topic.partitions()) {
      var settled = PartitionDraft.of(partition).settled(image, minInsync, Optional.empty());
      if (!settled.equals(partition)) {
        changed = changed.plus(number, settled);
      }
      number++;
    }
    return changed;
  }
}
