package dev.naru.simulation.invariant;

import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;

/**
 * I8: a leader proposes a replica for the ISR only if it knows the node for one that is neither
 * fenced nor stopping, under the epoch that it names, and if the replica follows in this leader
 * epoch and counts up to the high watermark and to where the epoch begins.
 */
public final class Expansion implements Invariant {

  @Override
  public void proposed(Scene scene, Replica leader, AlterPartition proposal) {
    var known = leader.assignment().orElseThrow();
    for (var member : proposal.isr()) {
      if (!known.entry().isr().contains(member.node())) {
        checkNode(leader, known, member);
        scene
            .replica(leader.partition(), member.node())
            .filter(live -> live.self().epoch().equals(member.epoch()))
            .filter(live -> isTheSame(scene, known, live))
            .ifPresent(live -> checkReplica(scene, leader, proposal, live));
      }
    }
  }

  private void checkNode(Replica leader, PartitionAssignment known, IsrMember member) {
    boolean isFit =
        known
            .replicaOn(member.node())
            .filter(replica -> replica.isEligible() && replica.nodeEpoch().equals(member.epoch()))
            .isPresent();
    if (!isFit) {
      throw violated(
          leader.partition(),
          "%s proposes node %s (epoch %s), but knows of %s",
          leader,
          member.node(),
          member.epoch(),
          known.replicas());
    }
  }

  /** One that was damaged is another replica since, of which this leader may not have heard. */
  private static boolean isTheSame(Scene scene, PartitionAssignment known, Replica live) {
    return scene
        .entry(live.partition())
        .flatMap(entry -> entry.replicaOn(live.self().id()))
        .filter(now ->
            known
                .replicaOn(live.self().id())
                .filter(then -> then.assignedAt().equals(now.assignedAt()))
                .isPresent())
        .isPresent();
  }

  private void checkReplica(Scene scene, Replica leader, AlterPartition proposal, Replica joining) {
    var epoch = joining.view().leaderEpoch();
    if (epoch.isBefore(proposal.leaderEpoch())) {
      throw violated(
          leader.partition(),
          "%s proposes %s in epoch %s, but that one is still in epoch %s",
          leader,
          joining,
          proposal.leaderEpoch(),
          epoch);
    }
    long counted = joining.countedEnd(scene.flush(leader.partition()));
    long needed = Math.max(leader.view().highWatermark(), leader.view().epochStart());
    boolean isFollowing = epoch.equals(proposal.leaderEpoch()); // else it may be cut by now
    if (isFollowing && counted < needed) {
      throw violated(
          leader.partition(),
          "%s proposes %s, which counts up to %d, but its high watermark is %d and its epoch"
              + " begins at %d",
          leader,
          joining,
          counted,
          leader.view().highWatermark(),
          leader.view().epochStart());
    }
  }
}
