package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What a member has in its hands, and what it should have.
 *
 * @param epoch when what it is allowed last changed; of a classic member, the generation for which
 *     it last came
 * @param held what is in its hands
 * @param target what should be in its hands
 * @param isAway it has stopped, and its place is kept for whoever comes for it in time
 * @param assignment of a classic member: what it was given to read in the group's present
 *     generation; absent until its leader has decided
 */
public record Holdings(
    int epoch,
    int attempt,
    TreePMap<PartitionId, Hold> held,
    TreePSet<PartitionId> target,
    boolean isAway,
    Optional<Opaque> assignment) {

  /** Empty hands. */
  static Holdings none(int epoch, int attempt, TreePSet<PartitionId> target) {
    return new Holdings(epoch, attempt, TreePMap.empty(), target, false, Optional.empty());
  }

  /** These as well, handed out at this epoch. */
  Holdings granted(Collection<PartitionId> partitions, int at) {
    var changed = held;
    for (var partition : partitions) {
      changed = changed.plus(partition, Hold.granted(at));
    }
    return withHeld(changed, at);
  }

  /** The same, of which these are ordered back at this epoch. */
  Holdings revoked(Collection<PartitionId> partitions, int at) {
    var changed = held;
    for (var partition : partitions) {
      var hold = held.get(partition);
      if (hold != null) {
        changed = changed.plus(partition, hold.revoked(at));
      }
    }
    return withHeld(changed, at);
  }

  Holdings withHeld(TreePMap<PartitionId, Hold> changed, int at) {
    return new Holdings(at, attempt, changed, target, isAway, assignment);
  }

  Holdings withEpoch(int changed) {
    return new Holdings(changed, attempt, held, target, isAway, assignment);
  }

  Holdings withAttempt(int changed) {
    return new Holdings(epoch, changed, held, target, isAway, assignment);
  }

  Holdings withTarget(TreePSet<PartitionId> changed) {
    return new Holdings(epoch, attempt, held, changed, isAway, assignment);
  }

  Holdings withAway(boolean changed) {
    return new Holdings(epoch, attempt, held, target, changed, assignment);
  }

  Holdings withAssignment(Optional<Opaque> changed) {
    return new Holdings(epoch, attempt, held, target, isAway, changed);
  }
}
