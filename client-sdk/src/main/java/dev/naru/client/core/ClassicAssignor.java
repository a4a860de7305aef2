package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Spreads the partitions of a classic group over its members: at the member that leads it. Gives
 * the same for the same members, in whatever order they are listed.
 */
public interface ClassicAssignor {

  /** As {@code partition.assignment.strategy} has it. */
  String name();

  /**
   * What each member is to read, by its id. Each partition of a topic that anybody wants goes to
   * one who wants it.
   *
   * @param partitionCounts of the topics that exist
   */
  SortedMap<String, SortedSet<TopicPartition>> assign(
      SortedMap<String, Integer> partitionCounts, Collection<ClassicMember> members);

  /** All there are. */
  static List<ClassicAssignor> all() {
    return List.of(new RangeAssignor(), new RoundRobinAssignor(), new StickyAssignor());
  }

  /** The one of this name. */
  static Optional<ClassicAssignor> named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** An assignment of nothing to anybody. */
  static SortedMap<String, SortedSet<TopicPartition>> nothing(Collection<ClassicMember> members) {
    var assigned = new TreeMap<String, SortedSet<TopicPartition>>();
    members.forEach(member -> assigned.put(member.id(), new TreeSet<>()));
    return assigned;
  }
}
