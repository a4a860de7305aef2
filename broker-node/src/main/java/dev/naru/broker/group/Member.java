package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A member of a group.
 *
 * @param topics names of those it wants to read from
 * @param epoch when what it is {@linkplain #allowed() allowed} last changed; of a classic member,
 *     the generation for which it last came
 * @param held what is in its hands
 * @param target what should be in its hands
 * @param isAway it has stopped, and its place is kept for whoever comes for it in time
 * @param classic in a classic group only
 */
public record Member(
    MemberId id,
    MemberProfile profile,
    TreePSet<String> topics,
    int epoch,
    TreePMap<PartitionId, Hold> held,
    TreePSet<PartitionId> target,
    boolean isAway,
    Optional<ClassicMember> classic) {

  /** A member with empty hands. */
  static Member joining(
      MemberId id,
      MemberProfile profile,
      TreePSet<String> topics,
      int epoch,
      TreePSet<PartitionId> target) {
    return new Member(
        id, profile, topics, epoch, TreePMap.empty(), target, false, Optional.empty());
  }

  /** What it is told to read: held, and not to be given back. */
  public TreePSet<PartitionId> allowed() {
    var allowed = TreePSet.<PartitionId>empty();
    for (var entry : held.entrySet()) {
      if (!entry.getValue().isRevoked()) {
        allowed = allowed.plus(entry.getKey());
      }
    }
    return allowed;
  }

  /** The partition in its hands, if it is. */
  public Optional<Hold> hold(PartitionId partition) {
    return Optional.ofNullable(held.get(partition));
  }

  /** Whether it has yet to give something back. */
  public boolean owesSomething() {
    return held.values().stream().anyMatch(Hold::isRevoked);
  }

  /** Whether it is here only to step in for another one. */
  public boolean isStandby() {
    return classic.isEmpty() && held.isEmpty() && target.isEmpty();
  }

  /** The same member, handed these at this epoch. */
  Member granted(Collection<PartitionId> partitions, int at) {
    var changed = held;
    for (var partition : partitions) {
      changed = changed.plus(partition, Hold.granted(at));
    }
    return withHeld(changed, at);
  }

  /** The same member, told at this epoch to give these back. */
  Member revoked(Collection<PartitionId> partitions, int at) {
    var changed = held;
    for (var partition : partitions) {
      var hold = hold(partition);
      if (hold.isPresent()) {
        changed = changed.plus(partition, hold.get().revoked(at));
      }
    }
    return withHeld(changed, at);
  }

  /** The same member without these in its hands. What it is allowed is told by others. */
  Member without(Collection<PartitionId> partitions) {
    return withHeld(held.minusAll(partitions), epoch);
  }

  /** The same member with nothing in its hands. */
  Member emptyHanded(int at) {
    return withHeld(TreePMap.empty(), at);
  }

  Member withTarget(TreePSet<PartitionId> changed) {
    return new Member(id, profile, topics, epoch, held, changed, isAway, classic);
  }

  Member withTopics(TreePSet<String> changed) {
    return new Member(id, profile, changed, epoch, held, target, isAway, classic);
  }

  Member withProfile(MemberProfile changed) {
    return new Member(id, changed, topics, epoch, held, target, isAway, classic);
  }

  Member withEpoch(int changed) {
    return new Member(id, profile, topics, changed, held, target, isAway, classic);
  }

  Member withAway(boolean changed) {
    return new Member(id, profile, topics, epoch, held, target, changed, classic);
  }

  Member withClassic(ClassicMember changed) {
    return new Member(id, profile, topics, epoch, held, target, isAway, Optional.of(changed));
  }

  private Member withHeld(TreePMap<PartitionId, Hold> changed, int at) {
    return new Member(id, profile, topics, at, changed, target, isAway, classic);
  }
}
