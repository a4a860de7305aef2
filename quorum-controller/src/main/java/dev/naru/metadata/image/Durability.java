package dev.naru.metadata.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * What topics get by one word that do not say otherwise. Each of its settings counts only where
 * that setting is set nowhere: neither on the topic nor as a default of the cluster.
 */
public enum Durability {
  /**
   * Nothing acknowledged is lost, whatever is killed; a partition without a safe replica waits.
   * What holds without a preset.
   */
  STRICT(
      TreePMap.singleton(TopicConfig.FLUSH.key(), "quorum")
          .plus(TopicConfig.RECOVERY_MODE.key(), "strict")),
  /**
   * The same on disk; but a partition without a safe replica goes on by itself after five minutes,
   * and what is lost by that is declared.
   */
  BALANCED(
      TreePMap.singleton(TopicConfig.FLUSH.key(), "quorum")
          .plus(TopicConfig.RECOVERY_MODE.key(), "bounded")
          .plus(TopicConfig.RECOVERY_WAIT_MS.key(), "300000")),
  /**
   * Acknowledged is what replicas have in memory, one of them at least, as in Kafka's defaults: a
   * loss of power may take it.
   */
  FAST(
      TreePMap.singleton(TopicConfig.FLUSH.key(), "os")
          .plus(TopicConfig.MIN_INSYNC_REPLICAS.key(), "1")
          .plus(TopicConfig.RECOVERY_MODE.key(), "bounded")
          .plus(TopicConfig.RECOVERY_WAIT_MS.key(), "300000"));

  @SuppressWarnings("ImmutableEnumChecker") // persistent
  private final TreePMap<String, String> configs;

  Durability(TreePMap<String, String> configs) {
    this.configs = configs;
  }

  /** The preset of this name, in lower case. */
  public static Optional<Durability> named(String text) {
    return Arrays.stream(values()).filter(preset -> preset.text().equals(text)).findFirst();
  }

  /** As people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it says of a setting, in canonical form; empty: nothing. */
  public Optional<String> of(TopicConfig config) {
    return Optional.ofNullable(configs.get(config.key()));
  }

  /** All that it says, by {@link TopicConfig} key, in canonical form. */
  public TreePMap<String, String> configs() {
    return configs;
  }
}
