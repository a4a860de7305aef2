package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Topic by topic, a range of neighbouring partitions for each member; the first members have one
 * more. Partitions of the same number of topics of the same size go to the same member.
 */
public final class RangeAssignor implements ClassicAssignor {

  @Override
  public String name() {
    return "range";
  }

  @Override
  public SortedMap<String, SortedSet<TopicPartition>> assign(
      SortedMap<String, Integer> partitionCounts, Collection<ClassicMember> members) {
    var assigned = ClassicAssignor.nothing(members);
    partitionCounts.forEach((topic, count) -> {
      var readers =
          members.stream().filter(member -> member.topics().contains(topic)).sorted().toList();
      for (int i = 0; i < readers.size(); i++) {
        int from = edge(i, count, readers.size());
        int end = edge(i + 1, count, readers.size());
        var own = assigned.get(readers.get(i).id());
        for (int partition = from; own != null && partition < end; partition++) {
          own.add(new TopicPartition(topic, partition));
        }
      }
    });
    return assigned;
  }

  /** Where the range of this member begins, and that of the one before it ends. */
  private static int edge(int member, int partitions, int members) {
    return partitions / members * member + Math.min(member, partitions % members);
  }
}
