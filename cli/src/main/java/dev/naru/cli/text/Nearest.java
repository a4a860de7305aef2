package dev.naru.cli.text;

import java.util.Collection;
import java.util.Optional;

/** Finds the known word that someone probably meant. */
public final class Nearest {

  private static final int EDITS_MAX = 3; // beyond that a suggestion is a guess

  private Nearest() {}

  /** The one that takes the fewest edits, if they are few; two letters swapped are one edit. */
  public static Optional<String> to(String word, Collection<String> known) {
    String best = "";
    int bestEdits = Math.min(EDITS_MAX, Math.max(1, word.length() / 2)) + 1;
    for (String candidate : known) {
      int edits = editsBetween(word, candidate);
      if (edits < bestEdits) {
        best = candidate;
        bestEdits = edits;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** The distance of Damerau and Levenshtein in its simple form, where no part is edited twice. */
  private static int editsBetween(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : fewest(edits, from, to, i, j);
      }
    }
    return edits[from.length()][to.length()];
  }

  private static int fewest(int[][] edits, String from, String to, int i, int j) {
    boolean isSame = from.charAt(i - 1) == to.charAt(j - 1);
    int replaced = edits[i - 1][j - 1] + (isSame ? 0 : 1);
    int best = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean isSwap =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return isSwap ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
  }
}
