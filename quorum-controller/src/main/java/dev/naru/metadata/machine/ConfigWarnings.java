package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/** Finds settings that are allowed and may still not be what somebody meant. */
public final class ConfigWarnings {

  /** A data directory is rarely to be emptier than this; a slip of the hand often says so. */
  private static final double USED_RATIO_SMALL = 0.5;

  private ConfigWarnings() {}

  /** About what the change from one image to the other cannot take back. */
  public static List<ConfigWarning> ofChange(ClusterImage before, ClusterImage after) {
    var those =
        after.topics().values().stream()
            .filter(topic ->
                topic.settings().flush() == Flush.OS
                    && before
                        .topic(topic.id())
                        .filter(known -> known.settings().flush() == Flush.QUORUM)
                        .isPresent())
            .map(TopicImage::name)
            .toList();
    return those.isEmpty()
        ? List.of()
        : List.of(
            new ConfigWarning(
                TopicConfig.FLUSH.key(),
                "FLUSH_CANNOT_RETURN",
                "flush becomes os for good for %s: a loss of power may take what was acknowledged, and only a new topic can have flush=quorum again"
                    .formatted(TopicNames.several(those))));
  }

  /** About what is set of the cluster. */
  public static List<ConfigWarning> ofCluster(ClusterImage image) {
    return Stream.of(hidden(image), smallRatio(image.configs().cluster()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** About what is set of a node alone. */
  public static List<ConfigWarning> ofNode(ClusterImage image, NodeId node) {
    return smallRatio(image.configs().of(node)).stream().toList();
  }

  private static Optional<ConfigWarning> hidden(ClusterImage image) {
    var preset = image.defaults().durability();
    var winners =
        preset.map(named -> winners(named, image.defaults().topicConfigs())).orElseGet(List::of);
    return winners.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ConfigWarning(
                DynamicSetting.DURABILITY.key(),
                "HIDDEN",
                "durability=%s does not decide what is set by itself: %s; unset it, or, if the cluster was initialized with it, set another value of the cluster"
                    .formatted(preset.get().text(), String.join(", ", winners))));
  }

  /** The defaults that are set by themselves to something else than the preset says. */
  private static List<String> winners(Durability preset, TreePMap<String, String> set) {
    return Stream.of(TopicConfig.values())
        .filter(config -> set.containsKey(config.key()))
        .filter(config -> !agrees(preset, config, set))
        .map(config -> DynamicSetting.defaultOf(config).key() + "=" + set.get(config.key()))
        .toList();
  }

  private static boolean agrees(
      Durability preset, TopicConfig config, TreePMap<String, String> set) {
    var value = Optional.ofNullable(set.get(config.key()));
    return config == TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE
        // Says what recovery.mode says, which wins where both are set.
        ? set.containsKey(TopicConfig.RECOVERY_MODE.key())
            || preset.of(TopicConfig.RECOVERY_MODE).equals(value.map(ConfigWarnings::mode))
        : preset.of(config).isEmpty() || preset.of(config).equals(value);
  }

  private static String mode(String unclean) {
    return unclean.equals("true") ? "available" : "strict";
  }

  private static Optional<ConfigWarning> smallRatio(TreePMap<String, ConfigEntry> entries) {
    return Optional.ofNullable(entries.get(DynamicSetting.DISK_USED_RATIO_MAX.key()))
        .map(ConfigEntry::value)
        .filter(value -> Double.parseDouble(value) < USED_RATIO_SMALL)
        .map(value ->
            new ConfigWarning(
                DynamicSetting.DISK_USED_RATIO_MAX.key(),
                "SMALL_RATIO",
                "disk.used.ratio.max=%s: a data directory that is fuller takes no new records"
                    .formatted(value)));
  }
}
