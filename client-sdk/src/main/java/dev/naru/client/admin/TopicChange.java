package dev.naru.client.admin;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Other settings for a topic. Those that are not named stay as they are.
 *
 * @param set new values by name
 * @param unset names of settings that the cluster's default is to hold for again
 * @param etag the topic must have it still, or nothing changes; empty: it may have changed
 */
public record TopicChange(
    String topic, SortedMap<String, String> set, SortedSet<String> unset, Optional<String> etag) {

  /** Keeps the settings in the order of their names. */
  public TopicChange {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    unset = Collections.unmodifiableSortedSet(new TreeSet<>(unset));
  }

  /** A change of nothing yet. */
  public static TopicChange of(String topic) {
    return new TopicChange(topic, new TreeMap<>(), new TreeSet<>(), Optional.empty());
  }

  /** The same with one more new value. */
  public TopicChange set(String key, String value) {
    var more = new TreeMap<>(set);
    more.put(key, value);
    return new TopicChange(topic, more, unset, etag);
  }

  /** The same with one more setting that the cluster's default is to hold for again. */
  public TopicChange unset(String key) {
    var more = new TreeSet<>(unset);
    more.add(key);
    return new TopicChange(topic, set, more, etag);
  }

  /** The same, if the topic is still as it was when it was described. */
  public TopicChange ifStill(TopicDescription seen) {
    return new TopicChange(topic, set, unset, Optional.of(seen.etag()));
  }
}
