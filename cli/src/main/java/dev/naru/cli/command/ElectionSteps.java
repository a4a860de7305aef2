package dev.naru.cli.command;

import java.util.ArrayList;
import java.util.List;

/**
 * In which steps many leaderships change hands. A node that has just started meets the work of a
 * leader for the first time, and whoever waits for an acknowledgement waits for that: so it gets a
 * few partitions at a time. However many there are, it is over soon.
 */
final class ElectionSteps {

  static final int TOGETHER_MIN = 4;

  static final int STEPS_MAX = 50;

  private ElectionSteps() {}

  /** All of them, in their order. */
  static <T> List<List<T>> of(List<T> all) {
    int together = Math.max(TOGETHER_MIN, Math.ceilDiv(all.size(), STEPS_MAX));
    var steps = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += together) {
      steps.add(List.copyOf(all.subList(from, Math.min(all.size(), from + together))));
    }
    return steps;
  }
}
