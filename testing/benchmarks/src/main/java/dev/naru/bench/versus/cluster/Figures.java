package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.result.Measure;
import java.util.Map;
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

  /** Without latencies. */
  static Figures of(long records, double seconds) {
    return new Figures(records, OptionalDouble.of(seconds), Map.of());
  }
}
