package dev.naru.types;

/** What a series of a metric does over time. */
public enum MetricType {
  /** Only rises while the process runs. */
  COUNTER,
  /** Rises and falls. */
  GAUGE,
  /** Durations in buckets: a count and a sum, from which rates and quantiles are computed. */
  HISTOGRAM,
  /** Durations as a count and a sum, with the largest of the last minutes. */
  SUMMARY
}
