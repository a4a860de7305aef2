package dev.naru.client.core;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which topics a consumer wants to read: these, or all whose whole name a pattern matches. Topics
 * that nodes keep for themselves are matched by none; who names one gets it.
 */
public final class Subscription {

  private static final String INTERNAL_PREFIX = "__";

  private final SortedSet<String> names;
  private final Optional<Pattern> pattern;

  private Subscription(SortedSet<String> names, Optional<Pattern> pattern) {
    this.names = names;
    this.pattern = pattern;
  }

  /** To these topics, whether they exist yet or not. */
  public static Subscription to(Collection<String> names) {
    return new Subscription(
        Collections.unmodifiableSortedSet(new TreeSet<>(names)), Optional.empty());
  }

  /** To all topics with such a name, also those that come later. */
  public static Subscription matching(Pattern pattern) {
    return new Subscription(Collections.emptySortedSet(), Optional.of(pattern));
  }

  /** The pattern; empty if topics are named. */
  public Optional<Pattern> pattern() {
    return pattern;
  }

  /** The topics that are wanted, while these exist. */
  public SortedSet<String> topics(Collection<String> existing) {
    if (pattern.isEmpty()) {
      return names;
    }
    var matched = new TreeSet<String>();
    for (var name : existing) {
      if (!name.startsWith(INTERNAL_PREFIX) && pattern.get().matcher(name).matches()) {
        matched.add(name);
      }
    }
    return Collections.unmodifiableSortedSet(matched);
  }

  @Override
  public String toString() {
    return pattern.map(each -> "topics that match " + each).orElseGet(() -> "topics " + names);
  }
}
