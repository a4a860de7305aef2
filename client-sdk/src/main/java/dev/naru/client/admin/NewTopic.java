package dev.naru.client.admin;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic to create.
 *
 * @param partitions empty means the cluster's {@code num.partitions}
 * @param replicationFactor empty means the cluster's {@code default.replication.factor}
 * @param configs settings of the topic by name
 */
public record NewTopic(
    String name,
    OptionalInt partitions,
    OptionalInt replicationFactor,
    SortedMap<String, String> configs) {

  /** Keeps the settings in the order of their names. */
  public NewTopic {
    configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
  }

  /** A topic for which the cluster's defaults hold. */
  public static NewTopic named(String name) {
    return new NewTopic(name, OptionalInt.empty(), OptionalInt.empty(), new TreeMap<>());
  }

  /** The same with so many partitions. */
  public NewTopic partitions(int count) {
    return new NewTopic(name, OptionalInt.of(count), replicationFactor, configs);
  }

  /** The same with so many copies of each partition. */
  public NewTopic replicationFactor(int copies) {
    return new NewTopic(name, partitions, OptionalInt.of(copies), configs);
  }

  /** The same with one more setting. */
  public NewTopic config(String key, String value) {
    var more = new TreeMap<>(configs);
    more.put(key, value);
    return new NewTopic(name, partitions, replicationFactor, more);
  }
}
