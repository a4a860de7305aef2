package dev.naru.types;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What happens to a topic's old records. */
public enum CleanupPolicy {
  /** Whole segments go when they are too old, or when there are too many. */
  DELETE("delete"),
  /** Only the newest record of each key is kept. */
  COMPACT("compact"),
  /** Both. */
  COMPACT_AND_DELETE("compact,delete");

  private final String text;

  CleanupPolicy(String text) {
    this.text = text;
  }

  /** The policy that is written like this; the order of two words means nothing. */
  public static Optional<CleanupPolicy> parse(String text) {
    var words = List.of(text.split(",", 3)).stream().map(String::strip).sorted().toList();
    String sorted = String.join(",", words);
    return Arrays.stream(values()).filter(policy -> policy.text.equals(sorted)).findFirst();
  }

  /** The one way it is written. */
  public String text() {
    return text;
  }

  /** Whether segments are deleted for their age and for their number. */
  public boolean deletes() {
    return this != COMPACT;
  }

  /** Whether records go for which there is a newer one with their key. */
  public boolean compacts() {
    return this != DELETE;
  }
}
