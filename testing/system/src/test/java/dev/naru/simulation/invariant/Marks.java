package dev.naru.simulation.invariant;

import java.util.List;
import java.util.Optional;

/** Finding batches in what is known of a log. */
final class Marks {

  private Marks() {}

  /** The batch that starts at this offset. */
  static Optional<BatchMark> at(List<BatchMark> marks, long base) {
    int low = 0;
    int high = marks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = marks.get(middle).base();
      if (found == base) {
        return Optional.of(marks.get(middle));
      }
      if (found < base) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** How far two logs are the same, in batches, looking from here on. */
  static int commonPrefix(List<BatchMark> one, List<BatchMark> other, int from) {
    int same = from;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }
}
