package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePSet;

/**
 * What a target is computed from.
 *
 * @param members in the order of their ids
 * @param topics those that any member wants, in the order of their ids
 */
public record AssignorInput(List<Subscriber> members, List<TopicSeen> topics) {

  /** Keeps its own copies. */
  public AssignorInput {
    members = List.copyOf(members);
    topics = List.copyOf(topics);
  }

  /**
   * A member that partitions can be given to.
   *
   * @param place the instance id, or the member id of a member without one: stays the same when a
   *     static member restarts
   * @param topics those of the input that it wants
   * @param present its target until now
   * @param isAway it does not read now: it keeps what it has for when it is back, and is given
   *     nothing more, unless nobody else wants it
   */
  public record Subscriber(
      MemberId id,
      String place,
      Optional<String> rack,
      TreePSet<TopicId> topics,
      TreePSet<PartitionId> present,
      boolean isAway) {}

  /** Of a group, with its topics as they are. */
  static AssignorInput of(GroupImage image, TopicsSeen seen) {
    var topics = new TreeMap<TopicId, TopicSeen>();
    var subscribers = new ArrayList<Subscriber>();
    for (var member : image.members().values()) {
      var wanted = TreePSet.<TopicId>empty();
      for (var name : member.topics()) {
        var topic = seen.named(name);
        if (topic.isPresent()) {
          topics.put(topic.get().id(), topic.get());
          wanted = wanted.plus(topic.get().id());
        }
      }
      subscribers.add(subscriber(member, wanted));
    }
    return new AssignorInput(subscribers, withinLimit(image, List.copyOf(topics.values())));
  }

  /**
   * What has grown beyond the limit is not shared out beyond it: first everybody keeps what there
   * is a reader for, then there is room for the first of the rest.
   */
  private static List<TopicSeen> withinLimit(GroupImage image, List<TopicSeen> topics) {
    if (topics.stream().mapToInt(TopicSeen::partitions).sum() <= GroupLimits.PARTITIONS_MAX) {
      return topics;
    }
    var present = new TreeMap<TopicId, Integer>();
    for (var partition : image.targets().keySet()) {
      present.merge(partition.topic(), partition.partition() + 1, Math::max);
    }
    int room = GroupLimits.PARTITIONS_MAX;
    for (var topic : topics) {
      room -= Math.min(topic.partitions(), present.getOrDefault(topic.id(), 0));
    }
    var cut = new ArrayList<TopicSeen>();
    for (var topic : topics) {
      int kept = Math.min(topic.partitions(), present.getOrDefault(topic.id(), 0));
      int added = Math.clamp(room, 0, topic.partitions() - kept);
      cut.add(topic.withPartitions(kept + added));
      room -= added;
    }
    return cut;
  }

  private static Subscriber subscriber(Member member, TreePSet<TopicId> topics) {
    return new Subscriber(
        member.id(),
        member.profile().instance().orElseGet(() -> member.id().toString()),
        member.profile().rack(),
        topics,
        member.target(),
        member.isAway());
  }
}
