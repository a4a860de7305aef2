package dev.naru.simulation.invariant;

import java.util.List;
import java.util.Optional;

/** Finding batches in what is known of a log. */
public final class Marks {

  private Marks() {}

  /** The batch that starts at this offset. */
  public static Optional<BatchMark> at(List<BatchMark> marks, long base) {
    int found = indexAt(marks, base);
    return found < 0 ? Optional.empty() : Optional.of(marks.get(found));
  }

  /** The place of the batch that starts at this offset; below 0 if there is none. */
  static int indexAt(List<BatchMark> marks, long base) {
    int low = 0;
    int high = marks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = marks.get(middle).base();
      if (found == base) {
        return middle;
      }
      if (found < base) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /**
   * How many batches of a log are those that another has in their places, looking from here on. The
   * one log may begin later than the other.
   */
  static int howManyAreIn(List<BatchMark> other, List<BatchMark> one, int from) {
    if (from == one.size()) {
      return from;
    }
    int at = indexAt(other, one.get(from).base());
    int same = from;
    while (at >= 0
        && at < other.size()
        && same < one.size()
        && one.get(same).equals(other.get(at))) {
      same++;
      at++;
    }
    return same;
  }
}
