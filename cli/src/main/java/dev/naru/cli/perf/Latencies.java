package dev.naru.cli.perf;

import dev.naru.cli.json.Json;
import org.HdrHistogram.Histogram;

/** How long each took, in microseconds; printed in milliseconds. */
record Latencies(Histogram micros) {

  private static final double MICROS_PER_MILLI = 1e3;

  long count() {
    return micros.getTotalCount();
  }

  private double percentile(double percentile) {
    return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }

  private double max() {
    return micros.getMaxValue() / MICROS_PER_MILLI;
  }

  /** For programs. */
  Json json() {
    return Json.object()
        .with("mean", Json.number(micros.getMean() / MICROS_PER_MILLI))
        .with("p50", Json.number(percentile(50)))
        .with("p95", Json.number(percentile(95)))
        .with("p99", Json.number(percentile(99)))
        .with("p999", Json.number(percentile(99.9)))
        .with("max", Json.number(max()))
        .build();
  }

  /** For people, in one line. */
  String text() {
    return "p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms"
        .formatted(percentile(50), percentile(95), percentile(99), percentile(99.9), max());
  }

  /** For a line of progress. */
  String brief() {
    return "p50 %.2f ms, p99 %.2f ms".formatted(percentile(50), percentile(99));
  }
}
