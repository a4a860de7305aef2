package dev.naru.cli.perf;

import dev.naru.cli.json.Json;
import dev.naru.cli.output.Table;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What records sent one at a time came to.
 *
 * @param latencies from the moment a record was sent until the consumer returned it
 */
public record RoundTripReport(String topic, double seconds, Latencies latencies) {

  static RoundTripReport of(String topic, Latencies latencies, long nanos) {
    return new RoundTripReport(topic, nanos / (double) TimeUnit.SECONDS.toNanos(1), latencies);
  }

  /** For programs. */
  public Json json() {
    return Json.object()
        .with("topic", topic)
        .with("records", latencies.count())
        .with("seconds", Json.number(seconds))
        .with("latencyMs", latencies.json())
        .build();
  }

  /** For people. */
  public List<String> text() {
    return new Table("records", "%,d".formatted(latencies.count()))
        .row("time", "%.2f s".formatted(seconds))
        .row("latency", latencies.text())
        .lines();
  }
}
