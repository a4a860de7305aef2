package dev.naru.cli.perf;

import dev.naru.cli.json.Json;
import dev.naru.cli.output.Table;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a load came to. Megabytes are millions of bytes of values.
 *
 * @param latencyMicros from the moment a record was due until it was acknowledged
 */
public record LoadReport(
    String topic,
    long records,
    long failed,
    double seconds,
    int recordBytes,
    Histogram latencyMicros,
    Optional<Throwable> firstFailure) {

  static LoadReport of(Load load, Tally tally, long nanos) {
    var latencies = tally.all();
    return new LoadReport(
        load.topic(),
        latencies.getTotalCount(),
        tally.failedCount(),
        nanos / (double) TimeUnit.SECONDS.toNanos(1),
        load.recordBytes(),
        latencies,
        tally.firstFailure());
  }

  private double recordsPerSecond() {
    return records / seconds;
  }

  private double megabytesPerSecond() {
    return recordsPerSecond() * recordBytes / 1e6;
  }

  private double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1e3;
  }

  /** For programs. */
  public Json json() {
    return Json.object()
        .with("topic", topic)
        .with("records", records)
        .with("failed", failed)
        .with("seconds", Json.number(seconds))
        .with("recordsPerSecond", Json.number(recordsPerSecond()))
        .with("megabytesPerSecond", Json.number(megabytesPerSecond()))
        .with(
            "latencyMs",
            Json.object()
                .with("p50", Json.number(latencyMillis(50)))
                .with("p95", Json.number(latencyMillis(95)))
                .with("p99", Json.number(latencyMillis(99)))
                .with("p999", Json.number(latencyMillis(99.9)))
                .with("max", Json.number(latencyMicros.getMaxValue() / 1e3))
                .build())
        .build();
  }

  /** For people. */
  public List<String> text() {
    return new Table("records", "%,d acknowledged, %,d failed".formatted(records, failed))
        .row("time", "%.2f s".formatted(seconds))
        .row(
            "rate",
            "%,.0f records/s, %.1f MB/s".formatted(recordsPerSecond(), megabytesPerSecond()))
        .row(
            "latency",
            "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms"
                .formatted(
                    latencyMillis(50),
                    latencyMillis(95),
                    latencyMillis(99),
                    latencyMillis(99.9),
                    latencyMicros.getMaxValue() / 1e3))
        .lines();
  }
}
