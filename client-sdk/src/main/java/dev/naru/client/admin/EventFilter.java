package dev.naru.client.admin;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which events are wanted.
 *
 * @param since only those of this time or later; by the clocks of the nodes that asked for them
 * @param codes only those with one of these; empty: all
 */
public record EventFilter(Optional<Instant> since, SortedSet<String> codes) {

  /** All of them. */
  public static final EventFilter ALL = new EventFilter(Optional.empty(), new TreeSet<>());

  /** Keeps its own copy of the codes. */
  public EventFilter {
    codes = new TreeSet<>(codes);
  }

  /** The same, of this time or later. */
  public EventFilter since(Instant time) {
    return new EventFilter(Optional.of(time), codes);
  }

  /** The same, with one of these codes, such as {@code ISR_SHRUNK}. */
  public EventFilter withCodes(Collection<String> wanted) {
    return new EventFilter(since, new TreeSet<>(wanted));
  }
}
