package dev.naru.types;

/** A metric: one enum constant each, in the module that counts it. */
public interface MetricId {

  /** The Prometheus name, such as {@code naru_fsync_seconds}. */
  String id();

  /** What is counted: seconds, bytes, records, partitions. */
  String unit();

  /** What the number tells and what to do about it. */
  String help();
}
