package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;

/**
 * I2: whoever is elected has everything that was ever committed before, and the same content. A
 * node that learns late of its election may find that its successor has committed more.
 */
public final class LeaderCompleteness implements Invariant {

  @Override
  public void beganToLead(Scene scene, Replica replica) {
    check(
        scene,
        replica,
        scene.truth(replica.partition()).committedBefore(replica.view().leaderEpoch()));
  }

  @Override
  public void everything(Scene scene, PartitionId partition) {
    for (var replica : scene.replicas(partition)) {
      if (scene.isPresentLeader(replica)) {
        check(scene, replica, scene.truth(partition).highWatermark());
      }
    }
  }

  private void check(Scene scene, Replica leader, long below) {
    var committed = scene.truth(leader.partition()).committed();
    int same = Marks.commonPrefix(leader.marks(), committed, 0);
    if (same < committed.size() && committed.get(same).base() < below) {
      throw violated(
          leader.partition(),
          "committed is %s, but %s, which leads epoch %s from %d on, has %s there",
          committed.get(same),
          leader,
          leader.view().leaderEpoch(),
          leader.view().epochStart(),
          same < leader.marks().size() ? leader.marks().get(same) : "nothing");
    }
  }
}
