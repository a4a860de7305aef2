package dev.naru.controller;

import dev.naru.types.MetricId;
import dev.naru.types.MetricType;
import java.util.List;

/** What the controller tells about itself and the quorum. */
public enum ControllerMetric implements MetricId {
  ACTIVE(
      "naru_controller_active",
      "controllers",
      "1 on the active controller. The sum over all nodes must be 1."),
  QUORUM_AVAILABLE(
      "naru_quorum_available",
      "quorums",
      "1 while this node knows an active controller. 0: topics cannot change, nodes are not fenced."),
  PARTITION_SKEW(
      "naru_partition_skew_ratio",
      "ratio",
      "Busiest partition of a topic to the mean of all, over half a minute, on the active controller. From 3 on: naru topics describe --load, and ask whether the key is needed.",
      "topic"),
  COMMIT(
      "naru_quorum_commit_seconds",
      "seconds",
      "From the submission of a command to its outcome, on the active controller. Slow: the metadata disk.");

  private final String id;
  private final String unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  ControllerMetric(String id, String unit, String help, String... labels) {
    this.id = id;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public MetricType type() {
    return this == COMMIT ? MetricType.HISTOGRAM : MetricId.super.type();
  }
}
