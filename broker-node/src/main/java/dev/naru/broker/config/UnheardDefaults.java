package dev.naru.broker.config;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Defaults of topics that were written for a node and are not those of its cluster. They counted
 * when the cluster was initialized, if this node did that; to change them now is without effect.
 */
final class UnheardDefaults {

  private static final String ROLL_HOURS = "log.roll.hours";

  private UnheardDefaults() {}

  /** A sentence for each. */
  static List<String> of(
      TopicDefaultsConfig started, Predicate<String> isWritten, ClusterDefaults inForce) {
    var mine = started.clusterDefaults();
    var unheard = new ArrayList<String>();
    for (var setting : DynamicSetting.values()) {
      var value = ofCluster(setting, mine);
      if (value.isPresent() && isWritten(setting, isWritten)) {
        var present = ofCluster(setting, inForce).orElseGet(() -> builtIn(setting));
        if (!present.equals(value.get())) {
          unheard.add(
              "%1$s=%2$s does not count, the cluster has %3$s: naru config set cluster %1$s=%2$s changes it"
                  .formatted(setting.key(), value.get(), present));
        }
      }
    }
    return unheard;
  }

  private static boolean isWritten(DynamicSetting setting, Predicate<String> isWritten) {
    return setting.reach() == Reach.TOPICS
        && (isWritten.test(setting.key())
            || (setting == DynamicSetting.LOG_ROLL_MS && isWritten.test(ROLL_HOURS)));
  }

  private static Optional<String> ofCluster(DynamicSetting setting, ClusterDefaults defaults) {
    return switch (setting) {
      case NUM_PARTITIONS -> Optional.of(Integer.toString(defaults.partitions()));
      case DEFAULT_REPLICATION_FACTOR ->
          Optional.of(Integer.toString(defaults.replicationFactor()));
      case DURABILITY -> defaults.durability().map(preset -> preset.text());
      default -> setting.topicConfig().flatMap(defaults::of);
    };
  }

  private static String builtIn(DynamicSetting setting) {
    return setting.topicConfig().map(config -> config.builtIn()).orElse("strict");
  }
}
