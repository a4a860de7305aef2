package dev.naru.client.admin;

import java.util.List;
import java.util.Optional;

/**
 * The settings of something.
 *
 * @param etag changes with what is set of it while nodes run
 * @param settings those in force, by key
 * @param warnings {@code STARTED_WITH_UNKNOWN}: the node itself was not reached, so that only what
 *     is set of it while it runs is here
 * @param metadataIndex position in the metadata log that the answer reflects
 */
public record ConfigDescription(
    ConfigSubject subject,
    String etag,
    List<ConfigSetting> settings,
    List<TopicWarning> warnings,
    long metadataIndex) {

  /** The setting of this key, if it has a value. */
  public Optional<ConfigSetting> setting(String key) {
    return settings.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }
}
