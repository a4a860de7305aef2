package dev.naru.types;

import java.util.List;

/** A metric: one enum constant each, in the module that counts it. */
public interface MetricId {

  /** The Prometheus name, such as {@code naru_fsync_seconds}. */
  String id();

  /** What is counted: seconds, bytes, records, partitions. */
  String unit();

  /** What the number tells and what to do about it. */
  String help();

  /** By what its series differ, beside the node; none by default. */
  default List<String> labels() {
    return List.of();
  }

  /** Counters have the ending of counters; who is a histogram says so. */
  default MetricType type() {
    return id().endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE;
  }
}
