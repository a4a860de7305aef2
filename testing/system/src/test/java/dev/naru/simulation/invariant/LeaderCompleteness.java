package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;
import java.util.Optional;

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
    var committed = scene.truth(leader.partition()).committed();
    for (var mark : committed) {
      boolean isWanted = mark.base() < below && mark.next() > leader.view().log().start();
      var own = Marks.at(leader.marks(), mark.base());
      if (isWanted && !own.equals(Optional.of(mark))) {
        throw violated(
            leader.partition(),
            "committed is %s, but %s, which leads epoch %s from %d on, has %s there",
            mark,
            leader,
            leader.view().leaderEpoch(),
            leader.view().epochStart(),
            own.map(String::valueOf).orElse("nothing"));
      }
    }
  }
}
