package dev.naru.metadata.image;

import java.util.Optional;

/**
 * One place that says a value for a setting.
 *
 * @param detail more about the place, for people; may be empty
 * @param origin who set it, if it was set while the cluster ran
 */
public record ConfigLayer(
    Source source, String value, String detail, Optional<ConfigOrigin> origin) {

  /** Where a value can come from. */
  public enum Source {
    /** It is built in. */
    DEFAULT,
    /** The node's file. */
    FILE,
    /** A variable of the node's environment. */
    VARIABLE,
    /** A flag of the node's command. */
    FLAG,
    /** {@link Durability}. */
    PRESET,
    /** What the cluster was initialized with. */
    FIRST_CONTROLLER,
    /** Set of the cluster while it ran. */
    CLUSTER,
    /** Set of the node while it ran. */
    NODE,
    /** Set of the topic. */
    TOPIC
  }

  /** A value that nobody set while the cluster ran. */
  public static ConfigLayer of(Source source, String value, String detail) {
    return new ConfigLayer(source, value, detail, Optional.empty());
  }
}
