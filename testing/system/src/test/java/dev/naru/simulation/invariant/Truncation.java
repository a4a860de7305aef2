package dev.naru.simulation.invariant;

import java.util.List;

/** I11: no cut takes what was committed, and a leader cuts nothing. */
public final class Truncation implements Invariant {

  @Override
  public void cut(Scene scene, Replica replica, List<BatchMark> cut) {
    if (replica.view().isLeader()) {
      throw violated(replica.partition(), "%s leads, and cut %s", replica, cut.getFirst());
    }
    var committed = scene.truth(replica.partition()).committed();
    for (var mark : cut) {
      if (Marks.at(committed, mark.base()).filter(mark::equals).isPresent()) {
        throw violated(replica.partition(), "%s cut %s, which is committed", replica, mark);
      }
    }
  }
}
