package dev.naru.cli.perf;

import dev.naru.cli.json.Json;
import dev.naru.cli.output.Table;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a load came to, without its warm-up. Megabytes are millions of bytes of values.
 *
 * @param recordBytes of a value, in the mean
 * @param latencies from the moment a record was due until it was acknowledged
 */
public record LoadReport(
    String topic,
    long failed,
    double seconds,
    double recordBytes,
    Latencies latencies,
    Optional<Throwable> firstFailure) {

  static LoadReport of(Load load, Payloads payloads, Tally tally, long nanos) {
    return new LoadReport(
        load.topic(),
        tally.failedCount(),
        nanos / (double) TimeUnit.SECONDS.toNanos(1),
        payloads.meanBytes(),
        tally.all(),
        tally.firstFailure());
  }

  private long records() {
    return latencies.count();
  }

  private double recordsPerSecond() {
    return records() / seconds;
  }

  private double megabytesPerSecond() {
    return recordsPerSecond() * recordBytes / 1e6;
  }

  /** For programs. */
  public Json json() {
    return Json.object()
        .with("topic", topic)
        .with("records", records())
        .with("failed", failed)
        .with("seconds", Json.number(seconds))
        .with("recordsPerSecond", Json.number(recordsPerSecond()))
        .with("megabytesPerSecond", Json.number(megabytesPerSecond()))
        .with("latencyMs", latencies.json())
        .build();
  }

  /** For people. */
  public List<String> text() {
    return new Table("records", "%,d acknowledged, %,d failed".formatted(records(), failed))
        .row("time", "%.2f s".formatted(seconds))
        .row(
            "rate",
            "%,.0f records/s, %.1f MB/s".formatted(recordsPerSecond(), megabytesPerSecond()))
        .row("latency", latencies.text())
        .lines();
  }
}
