package dev.naru.broker.replica;

import dev.naru.broker.replica.PartitionAssignment.AssignedReplica;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The followers of one leader in one leader epoch, in the order of the replica list. */
final class Followers implements Iterable<FollowerProgress> {

  private final NodeId leader;
  private final SafetyRules rules;
  private List<FollowerProgress> all = List.of();

  Followers(NodeId leader, SafetyRules rules, PartitionAssignment assignment) {
    this.leader = leader;
    this.rules = rules;
    reassign(assignment);
  }

  /**
   * Takes the replicas of a newer image. One that was removed and added again, or whose node
   * registered anew, is another replica: nothing is known of it.
   *
   * @return subscriptions that the image contradicts
   */
  List<SubscriptionId> reassign(PartitionAssignment assignment) {
    var next = new ArrayList<FollowerProgress>();
    var ended = new ArrayList<SubscriptionId>();
    for (var replica : assignment.replicas()) {
      if (!replica.node().equals(leader)) {
        next.add(
            on(replica.node())
                .filter(known -> isSame(known.replica(), replica))
                .orElseGet(() -> new FollowerProgress(rules, replica)));
        next.getLast().refresh(replica);
      }
    }
    for (var known : all) {
      if (!next.contains(known)) {
        known.subscription().ifPresent(ended::add);
      }
    }
    all = next;
    return ended;
  }

  private static boolean isSame(AssignedReplica known, AssignedReplica now) {
    return known.nodeEpoch().equals(now.nodeEpoch()) && known.assignedAt().equals(now.assignedAt());
  }

  Optional<FollowerProgress> on(NodeId node) {
    for (var follower : all) {
      if (follower.node().equals(node)) {
        return Optional.of(follower);
      }
    }
    return Optional.empty();
  }

  Optional<FollowerProgress> with(SubscriptionId subscription) {
    return on(subscription.follower()).filter(follower -> follower.has(subscription));
  }

  @Override
  public Iterator<FollowerProgress> iterator() {
    return all.iterator();
  }
}
