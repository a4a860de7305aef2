package dev.naru.metadata.machine;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.TopicConfigRules.Checked;
import dev.naru.types.Refused;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * What is wrong with settings whatever is set beside them. Whoever submits them asks first: what no
 * node would take, or what only newer rules know, is not written into the log at all.
 */
public final class ConfigSubmission {

  private ConfigSubmission() {}

  /** Empty if the command may be submitted; the log may still refuse it. */
  public static Optional<Refused> whyNot(ClusterImage image, MetadataCommand command) {
    return switch (command) {
      case AlterConfigs alter -> ConfigRules.check(image.metadataVersion(), alter);
      case AlterTopicConfigs alter -> whyNot(image.metadataVersion(), alter);
      case CreateTopic create -> whyNot(image.metadataVersion(), create);
      case CreateTopics create ->
          create.topics().stream()
              .flatMap(each -> whyNot(image.metadataVersion(), each).stream())
              .findFirst();
      default -> Optional.empty();
    };
  }

  private static Optional<Refused> whyNot(int metadataVersion, CreateTopic command) {
    return TopicConfigRules.check(metadataVersion, command.configs())
            instanceof Checked.Bad(var why)
        ? Optional.of(why)
        : Optional.empty();
  }

  private static Optional<Refused> whyNot(int metadataVersion, AlterTopicConfigs command) {
    var checked =
        TopicConfigRules.changed(
            metadataVersion, TreePMap.empty(), command.set(), command.unset(), Integer.MAX_VALUE);
    return checked instanceof Checked.Bad(var why) ? Optional.of(why) : Optional.empty();
  }
}
