package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;

/** The partitions of all topics, one after the other, to one member after the other. */
public final class RoundRobinAssignor implements ClassicAssignor {

  @Override
  public String name() {
    return "roundrobin";
  }

  @Override
  public SortedMap<String, SortedSet<TopicPartition>> assign(
      SortedMap<String, Integer> partitionCounts, Collection<ClassicMember> members) {
    var assigned = ClassicAssignor.nothing(members);
    var order = members.stream().sorted().toList();
    int next = 0;
    for (var topic : partitionCounts.entrySet()) {
      if (order.stream().noneMatch(member -> member.topics().contains(topic.getKey()))) {
        continue;
      }
      for (int partition = 0; partition < topic.getValue(); partition++) {
        while (!order.get(next).topics().contains(topic.getKey())) {
          next = (next + 1) % order.size();
        }
        var own = assigned.get(order.get(next).id());
        if (own != null) {
          own.add(new TopicPartition(topic.getKey(), partition));
        }
        next = (next + 1) % order.size();
      }
    }
    return assigned;
  }
}
