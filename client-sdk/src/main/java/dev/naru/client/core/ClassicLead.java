package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The work of the member of a classic group that assigns: who gets what in one generation. One
 * whose wishes cannot be read wants nothing.
 *
 * @param generation it is worked out for
 * @param assignor the way that the coordinator chose among those that this member offered
 */
public record ClassicLead(int generation, ClassicAssignor assignor, List<ClassicMember> members) {

  /** What the coordinator says to the one that it elected. */
  public static ClassicLead of(
      int generation, ClassicAssignor assignor, List<ClassicCandidate> candidates) {
    var members = new ArrayList<ClassicMember>();
    for (var candidate : candidates) {
      members.add(memberOf(candidate));
    }
    return new ClassicLead(generation, assignor, List.copyOf(members));
  }

  private static ClassicMember memberOf(ClassicCandidate candidate) {
    var id = candidate.member().toString();
    try {
      var wishes = ClassicBytes.wishes(candidate.metadata());
      return new ClassicMember(
          id, candidate.instanceId(), wishes.topics(), wishes.owned(), wishes.generation());
    } catch (IllegalArgumentException e) {
      SortedSet<TopicPartition> nothing = Collections.emptySortedSet();
      return new ClassicMember(
          id, candidate.instanceId(), Collections.emptySortedSet(), nothing, -1);
    }
  }

  /** The topics whose partitions have to be counted. */
  public SortedSet<String> topics() {
    var topics = new TreeSet<String>();
    members.forEach(member -> topics.addAll(member.topics()));
    return topics;
  }

  /**
   * What each member gets.
   *
   * @param partitionCounts of the topics that exist
   */
  public SortedMap<UUID, ByteBuffer> shares(SortedMap<String, Integer> partitionCounts) {
    var shares = new TreeMap<UUID, ByteBuffer>();
    assignor
        .assign(partitionCounts, members)
        .forEach(
            (id, partitions) -> shares.put(UUID.fromString(id), ClassicBytes.write(partitions)));
    return shares;
  }
}
