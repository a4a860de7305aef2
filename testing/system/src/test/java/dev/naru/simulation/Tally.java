package dev.naru.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened: a run in which nothing broke proves nothing. */
final class Tally {

  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    count(what, 1);
  }

  void count(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
