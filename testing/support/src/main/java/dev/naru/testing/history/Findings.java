package dev.naru.testing.history;

import dev.naru.testing.history.FinalState.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the checks have found so far. */
final class Findings {

  /** Of each kind, and of reasons: who reads more learns no more. */
  static final int LISTED_MAX = 20;

  private final List<Incident> incidents;
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final EnumMap<Anomaly.Kind, Long> counts = new EnumMap<>(Anomaly.Kind.class);
  private final List<String> whyInvalid = new ArrayList<>();
  private final TreeMap<String, Long> figures = new TreeMap<>();

  Findings(List<Incident> incidents) {
    this.incidents = incidents;
  }

  /**
   * Something is wrong at this offset, or it follows from a loss that is no anomaly there.
   *
   * @param atNanos when, if that is known
   */
  void add(
      Anomaly.Kind kind,
      PartitionAccount partition,
      OptionalLong offset,
      OptionalLong atNanos,
      Supplier<String> what) {
    if (kind.followsFromLoss() && isExcused(partition.end(), offset)) {
      count("counted." + kind.name().toLowerCase(Locale.ROOT));
      return;
    }
    if (counts.merge(kind, 1L, Long::sum) <= LISTED_MAX) {
      anomalies.add(
          new Anomaly(
              kind,
              partition.name(),
              offset,
              offset.isPresent() ? partition.epochAt(offset.getAsLong()) : OptionalInt.empty(),
              what.get(),
              atNanos.isPresent() ? nearest(atNanos.getAsLong()) : Optional.empty()));
    }
  }

  private static boolean isExcused(FinalState.PartitionEnd end, OptionalLong offset) {
    return end.promise() == Promise.LOSSES_ARE_COUNTED
        || (offset.isPresent() && end.isDeclaredLost(offset.getAsLong()));
  }

  private Optional<String> nearest(long atNanos) {
    return incidents.stream()
        .min(Comparator.comparingLong(incident -> incident.distanceNanos(atNanos)))
        .map(incident ->
            "%s of %s, %s".formatted(incident.kind(), incident.target(), when(incident, atNanos)));
  }

  private static String when(Incident incident, long atNanos) {
    long distance = incident.distanceNanos(atNanos);
    if (distance == 0) {
      return "while it lasted";
    }
    return "%d ms %s it"
        .formatted(
            TimeUnit.NANOSECONDS.toMillis(distance),
            atNanos < incident.fromNanos() ? "before" : "after");
  }

  /** The run proves nothing, for this reason. */
  void invalid(String why) {
    if (whyInvalid.size() < LISTED_MAX) {
      whyInvalid.add(why);
    }
  }

  /** One more of these. */
  void count(String figure) {
    count(figure, 1);
  }

  void count(String figure, long more) {
    figures.merge(figure, more, Long::sum);
  }

  Verdict verdict() {
    return Verdict.of(anomalies, counts, whyInvalid, figures);
  }
}
