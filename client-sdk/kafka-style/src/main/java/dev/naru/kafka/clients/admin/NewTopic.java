package dev.naru.kafka.clients.admin;

import java.util.Map;
import java.util.Optional;

/** A topic to create. */
public class NewTopic {

  private final String name;
  private final Optional<Integer> partitions;
  private final Optional<Short> replicationFactor;
  private Map<String, String> configs = Map.of();

  /** With so many partitions, and so many copies of each. */
  public NewTopic(String name, int partitions, short replicationFactor) {
    this(
        name,
        partitions == -1 ? Optional.empty() : Optional.of(partitions),
        replicationFactor == -1 ? Optional.empty() : Optional.of(replicationFactor));
  }

  /** With the cluster's default for what is absent. */
  public NewTopic(String name, Optional<Integer> partitions, Optional<Short> replicationFactor) {
    this.name = name;
    this.partitions = partitions;
    this.replicationFactor = replicationFactor;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** How many partitions; -1 means the default. */
  public int numPartitions() {
    return partitions.orElse(-1);
  }

  /** How many copies; -1 means the default. */
  public short replicationFactor() {
    return replicationFactor.orElse((short) -1);
  }

  /** Sets these settings of the topic. */
  public NewTopic configs(Map<String, String> settings) {
    configs = Map.copyOf(settings);
    return this;
  }

  /** The settings of the topic. */
  public Map<String, String> configs() {
    return configs;
  }

  @Override
  public String toString() {
    return "(name=" + name + ", numPartitions=" + numPartitions() + ", configs=" + configs + ")";
  }
}
