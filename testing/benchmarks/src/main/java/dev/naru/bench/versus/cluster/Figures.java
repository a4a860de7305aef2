package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.result.Measure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a tool says of its own run.
 *
 * @param seconds how long records were counted; empty if it does not say
 */
public record Figures(long records, OptionalDouble seconds, Map<Measure, Double> latencies) {

  /** Keeps a copy. */
  public Figures {
    latencies = Measure.copyOf(latencies);
  }

  /**
   * Of a line of JSON that sums a run up, as Naru's tools and ours print it; empty if it is none.
   */
  public static Optional<Figures> read(String line) {
    return JsonLine.read(line)
        .filter(run -> run.number("seconds").isPresent())
        .map(run ->
            new Figures(
                (long) run.number("records").orElse(0), run.number("seconds"), latencies(run)));
  }

  private static Map<Measure, Double> latencies(JsonLine run) {
    var latencies = new LinkedHashMap<Measure, Double>();
    run.object("latencyMs")
        .ifPresent(all -> {
          put(latencies, Measure.MEAN_MILLIS, all.number("mean"));
          put(latencies, Measure.P50_MILLIS, all.number("p50"));
          put(latencies, Measure.P99_MILLIS, all.number("p99"));
          put(latencies, Measure.P999_MILLIS, all.number("p999"));
          put(latencies, Measure.MAX_MILLIS, all.number("max"));
        });
    return latencies;
  }

  private static void put(Map<Measure, Double> to, Measure measure, OptionalDouble value) {
    value.ifPresent(number -> to.put(measure, number));
  }

  /** Without latencies. */
  static Figures of(long records, double seconds) {
    return new Figures(records, OptionalDouble.of(seconds), Map.of());
  }
}
