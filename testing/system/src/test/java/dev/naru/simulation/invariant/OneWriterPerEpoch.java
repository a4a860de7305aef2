package dev.naru.simulation.invariant;

import dev.naru.simulation.invariant.Truth.Reign;
import dev.naru.types.LeaderEpoch;
import java.util.List;

/** I3: a leader epoch has one leader, and what an earlier one appends late is never committed. */
public final class OneWriterPerEpoch implements Invariant {

  @Override
  public void changed(Scene scene, Replica replica) {
    if (!replica.view().isLeader()) {
      return;
    }
    scene
        .truth(replica.partition())
        .reign(replica.view().leaderEpoch())
        .filter(reign -> !isOf(reign, replica))
        .ifPresent(reign -> {
          throw violated(
              replica.partition(),
              "epoch %s was led by node %s (epoch %s), but now by %s",
              replica.view().leaderEpoch(),
              reign.node(),
              reign.nodeEpoch(),
              replica);
        });
  }

  private static boolean isOf(Reign reign, Replica replica) {
    return reign.node().equals(replica.self().id())
        && reign.nodeEpoch().equals(replica.self().epoch());
  }

  /**
   * A record of an early epoch may be committed late, by a later leader that has it: what must not
   * be is that records of the later epoch came before it, or that its own leader cannot have
   * written it.
   */
  @Override
  public void commits(Scene scene, Replica leader, List<BatchMark> more) {
    var truth = scene.truth(leader.partition());
    int newest = truth.committed().isEmpty() ? 0 : truth.committed().getLast().epoch();
    for (var mark : more) {
      var reign = truth.reign(new LeaderEpoch(mark.epoch()));
      if (mark.epoch() < newest || reign.filter(it -> mark.base() >= it.start()).isEmpty()) {
        throw violated(
            leader.partition(),
            "%s commits %s after records of epoch %d; the reign was %s",
            leader,
            mark,
            newest,
            reign);
      }
      newest = mark.epoch();
    }
  }
}
