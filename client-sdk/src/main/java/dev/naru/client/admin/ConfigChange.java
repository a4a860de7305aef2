package dev.naru.client.admin;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Other settings for the cluster, a node or a topic. Those that are not named stay as they are.
 *
 * @param set new values by key
 * @param unset keys for which what lies below is to hold again
 * @param etag the subject must have it still, or nothing changes; empty: it may have changed
 */
public record ConfigChange(
    ConfigSubject subject,
    SortedMap<String, String> set,
    SortedSet<String> unset,
    Optional<String> etag) {

  /** Keeps the settings in the order of their keys. */
  public ConfigChange {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    unset = Collections.unmodifiableSortedSet(new TreeSet<>(unset));
  }

  /** A change of nothing yet. */
  public static ConfigChange of(ConfigSubject subject) {
    return new ConfigChange(subject, new TreeMap<>(), new TreeSet<>(), Optional.empty());
  }

  /** The same with one more new value. */
  public ConfigChange set(String key, String value) {
    var more = new TreeMap<>(set);
    more.put(key, value);
    return new ConfigChange(subject, more, unset, etag);
  }

  /** The same with one more key for which what lies below is to hold again. */
  public ConfigChange unset(String key) {
    var more = new TreeSet<>(unset);
    more.add(key);
    return new ConfigChange(subject, set, more, etag);
  }

  /** The same, if the subject is still as it was when it was described. */
  public ConfigChange ifStill(ConfigDescription seen) {
    return new ConfigChange(subject, set, unset, Optional.of(seen.etag()));
  }
}
