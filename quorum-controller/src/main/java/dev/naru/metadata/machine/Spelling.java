package dev.naru.metadata.machine;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what somebody may have meant. */
final class Spelling {

  /** Names are shorter; a longer text is no slip of the finger and not worth the comparison. */
  private static final int CHARS_MAX = 64;

  private Spelling() {}

  /** The known word that is nearest, if it is near: at most a third of the letters differ. */
  static Optional<String> nearest(String word, Stream<String> known) {
    if (word.length() > CHARS_MAX) {
      return Optional.empty();
    }
    return known
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** How many letters must be inserted, removed or replaced (Levenshtein, one row at a time). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
