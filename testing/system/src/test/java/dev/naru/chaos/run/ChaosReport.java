package dev.naru.chaos.run;

import dev.naru.testing.history.Incident;
import dev.naru.testing.history.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run was and how it ended.
 *
 * @param longestHealMillis from the end of a fault until all replicas were in sync and each
 *     partition took records again
 */
record ChaosReport(
    ChaosPlan plan,
    Duration wall,
    long acknowledged,
    long unknown,
    long read,
    long longestGapMillis,
    long longestHealMillis,
    Map<String, Long> told,
    List<Incident> incidents,
    List<String> surprises,
    Verdict verdict) {

  private static final double NANOS_PER_SECOND = 1e9;

  ChaosReport {
    incidents = List.copyOf(incidents);
    surprises = List.copyOf(surprises);
  }

  boolean isClean() {
    return verdict.outcome() == Verdict.Outcome.CLEAN && surprises.isEmpty();
  }

  /** The line for a table. */
  String line() {
    return "seed=%d seconds=%d acknowledged=%d unknown=%d read=%d longest_gap_ms=%d"
            .formatted(plan.seed(), wall.toSeconds(), acknowledged, unknown, read, longestGapMillis)
        + " longest_heal_ms="
        + longestHealMillis
        + " faults=%d proven=%d outcome=%s"
            .formatted(
                incidents.size(),
                incidents.stream().filter(incident -> incident.proof().isPresent()).count(),
                isClean() || surprises.isEmpty() ? verdict.outcome() : "SURPRISES");
  }

  /** All of it. */
  String text() {
    var text = new StringBuilder(line()).append('\n').append(verdict.report());
    var fired = new TreeMap<String, Long>();
    incidents.stream()
        .filter(incident -> incident.proof().isPresent())
        .forEach(incident -> fired.merge(incident.kind(), 1L, Long::sum));
    text.append("fired ").append(fired).append('\n');
    surprises.forEach(surprise -> text.append("SURPRISE ").append(surprise).append('\n'));
    told.forEach((what, times) ->
        text.append("clients were told ")
            .append(times)
            .append(" times: ")
            .append(what)
            .append('\n'));
    long origin = incidents.isEmpty() ? 0 : incidents.getFirst().fromNanos();
    for (var incident : incidents) {
      text.append(
          "%8.3f %8.3f %s %s: %s%n"
              .formatted(
                  (incident.fromNanos() - origin) / NANOS_PER_SECOND,
                  (incident.toNanos() - origin) / NANOS_PER_SECOND,
                  incident.kind(),
                  incident.target(),
                  incident.proof().map(proof -> "proven: " + proof).orElse("NOT PROVEN")));
    }
    return text.toString();
  }
}
