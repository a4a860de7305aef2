package dev.naru.simulation.invariant;

import java.util.List;

/** I11: no cut takes what was committed, and a leader cuts nothing. */
public final class Truncation implements Invariant {

  @Override
  public void cut(Scene scene, Replica replica, List<BatchMark> cut) {
    if (replica.view().isLeader()) {
      throw violated(replica.partition(), "%s leads, and cut %s", replica, cut.getFirst());
    }
    if (scene.isCompacted(replica.partition())) {
      boolean mayBeginAnew = replica.hasStartedOver() && !scene.isComplete(replica);
      if (mayBeginAnew) {
        return; // deletions are gone that it has not met, so all of it goes
      }
      checkEnd(replica); // compacted batches are other ones than those that were committed
    }
    var committed = scene.truth(replica.partition()).committed();
    for (var mark : cut) {
      if (Marks.at(committed, mark.base()).filter(mark::equals).isPresent()) {
        throw violated(replica.partition(), "%s cut %s, which is committed", replica, mark);
      }
    }
  }

  private void checkEnd(Replica replica) {
    long highWatermark = replica.viewBefore().highWatermark();
    if (replica.end() < highWatermark) {
      throw violated(
          replica.partition(),
          "%s cut to %d, but its high watermark is %d",
          replica,
          replica.end(),
          highWatermark);
    }
  }
}
