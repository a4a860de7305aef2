package dev.naru.metadata.command;

import dev.naru.types.TopicId;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Changes settings of a topic; those that are not named stay as they are.
 *
 * @param set new values as the user wrote them, by name
 * @param unset names of settings that the cluster's default is to hold for again
 * @param expected the topic's own settings as they must be now, for anything to change; empty: as
 *     they may be. It is the settings and no checksum of the topic, because that would change with
 *     every ISR.
 * @param principal who asks; empty: a node of the cluster by itself
 */
public record AlterTopicConfigs(
    TopicId topic,
    TreePMap<String, String> set,
    TreePSet<String> unset,
    Optional<TreePMap<String, String>> expected,
    String principal)
    implements MetadataCommand {

  /** What a node asks by itself. */
  public AlterTopicConfigs(
      TopicId topic,
      TreePMap<String, String> set,
      TreePSet<String> unset,
      Optional<TreePMap<String, String>> expected) {
    this(topic, set, unset, expected, "");
  }
}
