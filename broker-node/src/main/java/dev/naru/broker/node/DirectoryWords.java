package dev.naru.broker.node;

import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** What people call the data directories of a node: the first digits of their ids. */
final class DirectoryWords {

  /** Enough to tell the few directories of a node apart, but for one time in many millions. */
  private static final int DIGITS_MIN = 8;

  private static final int DIGITS = 32;

  private DirectoryWords() {}

  /** A word for each, in their order: no two alike, and no longer than that takes. */
  static List<String> of(List<UUID> ids) {
    for (int digits = DIGITS_MIN; ; digits++) {
      int length = digits;
      var words =
          ids.stream().map(id -> id.toString().replace("-", "").substring(0, length)).toList();
      if (digits == DIGITS || new HashSet<>(words).size() == words.size()) {
        return words;
      }
    }
  }
}
