package dev.naru.simulation;

import dev.naru.simulation.invariant.BatchMark;
import dev.naru.simulation.invariant.Invariant;
import dev.naru.simulation.invariant.Replica;
import dev.naru.simulation.invariant.Scene;
import dev.naru.simulation.invariant.Truth.Reign;
import dev.naru.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;

/** What leaders have below their high watermarks becomes part of the truth, unless it is lost. */
final class ObservedCommits {

  private final SimCluster cluster;
  private final Scene scene;
  private final List<Invariant> invariants;

  ObservedCommits(SimCluster cluster, Scene scene, List<Invariant> invariants) {
    this.cluster = cluster;
    this.scene = scene;
    this.invariants = invariants;
  }

  /** It leads, and an event has changed it. */
  void changed(Replica leader) {
    noteReign(leader);
    commit(leader);
  }

  private void noteReign(Replica leader) {
    var truth = scene.truth(leader.partition());
    if (truth.reign(leader.view().leaderEpoch()).isEmpty()) {
      truth.began(
          leader.view().leaderEpoch(),
          new Reign(leader.self().id(), leader.self().epoch(), leader.view().epochStart()));
      invariants.forEach(each -> each.beganToLead(scene, leader));
    }
  }

  private void commit(Replica leader) {
    var truth = scene.truth(leader.partition());
    long highWatermark = leader.view().highWatermark();
    var unheard = scene.lossUnheardBy(leader);
    if (unheard.isPresent()) {
      commitTooLate(leader, unheard.get().leaderEpoch());
      return;
    }
    if (highWatermark <= truth.highWatermark()) {
      return;
    }
    var more = new ArrayList<BatchMark>();
    for (int i = leader.marks().size() - 1; i >= 0; i--) {
      var mark = leader.marks().get(i);
      if (mark.next() <= truth.highWatermark()) {
        break;
      }
      if (mark.next() <= highWatermark) {
        more.addFirst(mark);
      }
    }
    invariants.forEach(each -> each.commits(scene, leader, more));
    truth.commit(leader.view().leaderEpoch(), more, highWatermark);
  }

  /** Somebody else was taken for all there is: what this leader commits now is lost already. */
  private void commitTooLate(Replica leader, LeaderEpoch loss) {
    var truth = scene.truth(leader.partition());
    for (int i = leader.marks().size() - 1; i >= 0; i--) {
      var mark = leader.marks().get(i);
      if (truth.committed().contains(mark) || truth.isLost(mark)) {
        break;
      }
      if (mark.next() <= leader.view().highWatermark()) {
        truth.committedTooLate(loss, mark);
        cluster.tally().count("committed too late");
      }
    }
  }
}
