package dev.naru.broker.config;

import dev.naru.metadata.image.DynamicSetting;
import java.util.Optional;

/**
 * A setting of a node, as the record declares it that it is a part of.
 *
 * @param key the dotted name
 * @param doc one sentence: what it does
 * @param takes which values are taken; empty where the kind says it all
 * @param kind of value, with its unit: {@code ms}, {@code bytes}, {@code number}, {@code host:port}
 * @param isRequired whether it must be set, because nothing else could be meant
 * @param byDefault what holds without it, in the form that it is written in; empty: nothing, or
 *     what {@code absent} says
 * @param absent what holds without it, in words; may be empty
 */
public record NodeSetting(
    String key,
    String doc,
    String takes,
    String kind,
    boolean isRequired,
    Optional<String> byDefault,
    String absent) {

  /** How it can be changed while nodes run; empty: by a restart of the node only. */
  public Optional<DynamicSetting> dynamic() {
    return DynamicSetting.named(key);
  }

  /** Which values are taken, in words; empty where the kind says it all. */
  public String expected() {
    return dynamic().map(DynamicSetting::expected).orElse(takes);
  }
}
