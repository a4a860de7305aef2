package dev.naru.broker.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;

/** Finds the known name that someone probably meant. */
public final class Suggestion {

  /** A name further away than a third of its length is another word, not a slip of the finger. */
  private static final int LENGTH_PER_SLIP = 3;

  private Suggestion() {}

  /** The known name that is nearest, if it is near. */
  public static Optional<String> nearest(String written, SortedSet<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .filter(name -> distance(written, name) <= Math.max(1, written.length() / LENGTH_PER_SLIP));
  }

  /** How many characters must be added, dropped or replaced to make one of the other. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
