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

  private void checkEnd(Replica leader, long below) {
    if (leader.end() < below) {
      throw violated(
          leader.partition(),
          "committed is up to %d, but %s, which leads, ends at %d",
          below,
          leader,
          leader.end());
    }
  }

  private void check(Scene scene, Replica leader, long below) {
    if (scene.isCompacted(leader.partition())) {
      checkEnd(leader, below); // what is in it, CompactedFold looks at
      return;
    }
    long start = leader.view().log().start();
    var own = leader.marks();
    int at = -1;
    for (var mark : scene.truth(leader.partition()).committed()) {
      if (mark.base() < below && mark.next() > start) {
        at = at < 0 ? Marks.indexAt(own, mark.base()) : at + 1; // one follows the other
        if (at < 0 || at >= own.size() || !own.get(at).equals(mark)) {
          throw lacks(leader, mark);
        }
      }
    }
  }

  private Violation lacks(Replica leader, BatchMark committed) {
    return violated(
        leader.partition(),
        "committed is %s, but %s, which leads epoch %s from %d on, has %s there",
        committed,
        leader,
        leader.view().leaderEpoch(),
        leader.view().epochStart(),
        Marks.at(leader.marks(), committed.base()).map(String::valueOf).orElse("nothing"));
  }
}
