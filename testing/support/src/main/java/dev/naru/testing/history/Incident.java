package dev.naru.testing.history;

import java.util.Optional;

/**
 * A fault that was to be made.
 *
 * @param kind what it is: {@code kill}, {@code one-way cut}
 * @param target whom it hit
 * @param proof how one knows that it happened; without one the run counts for nothing
 */
public record Incident(
    String kind, String target, long fromNanos, long toNanos, Optional<String> proof) {

  public Incident {
    if (fromNanos > toNanos) {
      throw new IllegalArgumentException(
          "Expected %s of %s to end after it begins, but were %d and %d"
              .formatted(kind, target, toNanos, fromNanos));
    }
  }

  /** How far it is from this time; 0 while it lasts. */
  long distanceNanos(long atNanos) {
    if (atNanos < fromNanos) {
      return fromNanos - atNanos;
    }
    return Math.max(0, atNanos - toNanos);
  }
}
