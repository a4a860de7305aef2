package dev.naru.simulation.invariant;

import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * I34: what was committed and is lost lies in what was declared, before it is cut; a loss that is
 * called exact is not exceeded.
 */
public final class LossDeclared implements Invariant {

  @Override
  public void decided(Scene scene, PartitionId partition) {
    var truth = scene.truth(partition);
    if (truth.lost().isEmpty()) {
      return;
    }
    scene
        .entry(partition)
        .ifPresent(entry -> entry.losses().all().forEach(loss -> check(truth, loss)));
  }

  private void check(Truth truth, DeclaredLoss loss) {
    for (var lost : truth.lost()) {
      var mark = lost.mark();
      boolean isOfThis = lost.loss().equals(loss.leaderEpoch());
      if (isOfThis && (lost.from() < loss.from() || (loss.isExact() && mark.next() > loss.to()))) {
        throw violated(truth.partition(), "declared is %s, but lost is %s", loss, mark);
      }
    }
  }

  @Override
  public void cut(Scene scene, Replica replica, List<BatchMark> cut) {
    var truth = scene.truth(replica.partition());
    for (var mark : cut) {
      if (truth.isLost(mark) && !truth.isDeclared(mark)) {
        throw violated(
            replica.partition(),
            "%s cut %s, which was committed and is not declared lost: declared is %s",
            replica,
            mark,
            scene.entry(replica.partition()).map(entry -> entry.losses().all()));
      }
    }
  }
}
