package dev.naru.client;

import java.util.Collection;
import java.util.Optional;

/** Finds the known name that someone probably meant. */
final class Likeness {

  private static final int EDITS_MAX = 3; // beyond that a suggestion is a guess

  private Likeness() {}

  static Optional<String> nearest(String name, Collection<String> known) {
    String best = "";
    int bestEdits = Math.min(EDITS_MAX, name.length() / 2) + 1;
    for (String candidate : known) {
      int edits = editsBetween(name, candidate);
      if (edits < bestEdits) {
        best = candidate;
        bestEdits = edits;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Levenshtein's distance, row by row. */
  private static int editsBetween(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
