package dev.naru.client.admin;

import java.time.Instant;
import java.util.Optional;

/**
 * A setting, and where its value comes from.
 *
 * @param detail more of the source: a line of the file, a variable, the preset; may be empty
 * @param principal who set it, if it was set while nodes ran
 * @param changed when, if it was set while nodes ran
 * @param changeIndex index of the change in the metadata log; 0 if it was not set while nodes ran
 */
public record ConfigSetting(
    String key,
    String value,
    Source source,
    String detail,
    Optional<String> principal,
    Optional<Instant> changed,
    long changeIndex) {

  /** Where a value comes from; a later one wins. */
  public enum Source {
    /** It is built in. */
    DEFAULT,
    /** The node's file. */
    FILE,
    /** An environment variable of the node. */
    VARIABLE,
    /** A flag of the node's command. */
    FLAG,
    /** The preset {@code durability}. */
    PRESET,
    /** What the first controller was started with. */
    FIRST_CONTROLLER,
    /** Set of the cluster. */
    CLUSTER,
    /** Set of the node. */
    NODE,
    /** Set of the topic. */
    TOPIC
  }
}
