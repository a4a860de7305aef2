package dev.naru.metadata.machine;

import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.event.MetadataEvent.ClusterInitialized;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.TopicConfigRules.Checked;
import dev.naru.types.ErrorCode;

/** Rules about the cluster as a whole. */
final class ClusterRules {

  private ClusterRules() {}

  static Decision initialize(ClusterImage image, InitializeCluster command) {
    if (!command.clusterId().equals(image.clusterId())) {
      return anotherCluster(image, command.clusterId());
    }
    if (image.isInitialized()) {
      return Decision.accepted();
    }
    if (command.metadataVersion() < 1) { // whoever does not know it ends when it has applied this
      return Decision.refused(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected a metadata version of at least 1, but was " + command.metadataVersion());
    }
    var defaults = command.defaults();
    if (defaults.partitions() < 1 || defaults.partitions() > TopicRules.PARTITIONS_MAX) {
      return Decision.refused(
          ErrorCode.INVALID_CONFIG,
          "Expected num.partitions to be 1 to %s, but was %s"
              .formatted(TopicRules.PARTITIONS_MAX, defaults.partitions()));
    }
    if (defaults.replicationFactor() < 1) {
      return Decision.refused(
          ErrorCode.INVALID_CONFIG,
          "Expected default.replication.factor to be at least 1, but was "
              + defaults.replicationFactor());
    }
    return switch (TopicConfigRules.check(command.metadataVersion(), defaults.topicConfigs())) {
      case Checked.Bad(var why) -> new Decision.Refusal(why);
      case Checked.Good(var canonical) ->
          Decision.accepted(
              new ClusterInitialized(
                  command.metadataVersion(),
                  new ClusterDefaults(
                      defaults.partitions(),
                      defaults.replicationFactor(),
                      canonical,
                      defaults.durability())));
    };
  }

  static Decision anotherCluster(ClusterImage image, String named) {
    return Decision.refused(
        ErrorCode.DIRECTORY_MISMATCH,
        "Expected cluster %s, but was %s".formatted(image.clusterId(), Printable.of(named)));
  }
}
