package dev.naru.testing.history;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the checker found.
 *
 * @param anomalies the first ones of each kind
 * @param counts how many there are of each kind
 * @param whyInvalid why this run proves nothing
 * @param figures what was checked, by name, and what is counted without being an anomaly
 */
public record Verdict(
    Outcome outcome,
    List<Anomaly> anomalies,
    Map<Anomaly.Kind, Long> counts,
    List<String> whyInvalid,
    SortedMap<String, Long> figures) {

  /** How a run ends. */
  public enum Outcome {
    /** Enough was done, every fault has its proof, and nothing is wrong. */
    CLEAN,
    /** Something is wrong, whatever the proofs are. */
    ANOMALIES,
    /** Nothing is wrong, but the run proves nothing. */
    INVALID
  }

  public Verdict {
    anomalies = List.copyOf(anomalies);
    whyInvalid = List.copyOf(whyInvalid);
  }

  static Verdict of(
      List<Anomaly> anomalies,
      EnumMap<Anomaly.Kind, Long> counts,
      List<String> whyInvalid,
      SortedMap<String, Long> figures) {
    var outcome =
        !counts.isEmpty()
            ? Outcome.ANOMALIES
            : whyInvalid.isEmpty() ? Outcome.CLEAN : Outcome.INVALID;
    return new Verdict(outcome, anomalies, counts, whyInvalid, figures);
  }

  /** For people: the outcome, a line for each anomaly, why the run is invalid, the figures. */
  public String report() {
    var report = new StringBuilder().append(outcome).append('\n');
    counts.forEach((kind, count) -> report.append(kind).append(' ').append(count).append('\n'));
    anomalies.forEach(anomaly -> report.append(anomaly).append('\n'));
    whyInvalid.forEach(why -> report.append("INVALID ").append(why).append('\n'));
    figures.forEach((name, figure) -> report.append(name).append('=').append(figure).append('\n'));
    return report.toString();
  }
}
