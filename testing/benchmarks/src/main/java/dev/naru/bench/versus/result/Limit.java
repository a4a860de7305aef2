package dev.naru.bench.versus.result;

import java.util.List;
import java.util.Optional;

/**
 * What Naru must not exceed, whatever Kafka does.
 *
 * @param most in the unit of the measure
 */
public record Limit(String claim, String caseName, Measure measure, double most) {

  private static final double LIST_MILLIS_MAX = 1000;

  /** All of them. */
  public static List<Limit> all() {
    return List.of(
        new Limit(
            "naru topics list of 1,000 topics",
            "list-1000-topics",
            Measure.TIME_MILLIS,
            LIST_MILLIS_MAX),
        new Limit(
            "the same with none of its files in memory",
            "list-1000-topics",
            Measure.COLD_MILLIS,
            LIST_MILLIS_MAX));
  }

  /** The median of what was measured, if it was. */
  public Optional<Double> measured(Results results) {
    return results.spread(Contender.NARU, caseName, measure).map(Spread::median);
  }

  /** Whether this is within the limit. */
  public boolean isKept(double median) {
    return median <= most;
  }
}
