package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A member of a classic group, as the member that leads the group sees it.
 *
 * @param id given by the coordinator
 * @param instanceId its {@code group.instance.id}, by which it keeps its place in the order
 * @param topics that it wants to read
 * @param owned what it says to have read until now
 * @param generation in which it was given that
 */
public record ClassicMember(
    String id,
    Optional<String> instanceId,
    SortedSet<String> topics,
    SortedSet<TopicPartition> owned,
    int generation)
    implements Comparable<ClassicMember> {

  private static final Comparator<ClassicMember> ORDER =
      Comparator.<ClassicMember, Boolean>comparing(member -> member.instanceId.isEmpty())
          .thenComparing(member -> member.instanceId.orElse(""))
          .thenComparing(ClassicMember::id);

  /** Keeps its own sets. */
  public ClassicMember {
    topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    owned = Collections.unmodifiableSortedSet(new TreeSet<>(owned));
  }

  /** Those with an instance id first, by it; the others by the id that they were given. */
  @Override
  public int compareTo(ClassicMember other) {
    return ORDER.compare(this, other);
  }
}
