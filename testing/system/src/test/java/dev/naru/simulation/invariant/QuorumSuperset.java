package dev.naru.simulation.invariant;

import dev.naru.broker.replica.IsrState;
import dev.naru.broker.replica.IsrState.Stable;
import dev.naru.types.PartitionId;

/**
 * I6: a leader that may commit waits for everybody whom the controller counts on, or may elect. As
 * long as nothing is proposed, it waits for nobody else.
 */
public final class QuorumSuperset implements Invariant {

  @Override
  public void assumes(Scene scene, Replica leader, IsrState isr) {
    check(scene, leader, isr);
  }

  @Override
  public void decided(Scene scene, PartitionId partition) {
    for (var replica : scene.replicas(partition)) {
      replica.isr().ifPresent(isr -> check(scene, replica, isr));
    }
  }

  private void check(Scene scene, Replica leader, IsrState isr) {
    if (isr instanceof Stable && !isr.maximal().equals(isr.committed())) {
      throw violated(
          leader.partition(), "%s proposes nothing, but waits for %s", leader, isr.maximal());
    }
    var entry = scene.entry(leader.partition());
    boolean leads = entry.isPresent() && scene.isPresentLeader(leader);
    int minInsync =
        leader.assignment().map(known -> known.settings().minInsync()).orElse(Integer.MAX_VALUE);
    if (!leads || isr.committed().size() < minInsync) {
      return;
    }
    boolean isSuperset =
        isr.maximal().containsAll(entry.get().isr())
            && isr.maximal().containsAll(entry.get().elr().keySet());
    if (!isSuperset) {
      throw violated(
          leader.partition(),
          "%s waits for %s, but the ISR is %s and the ELR %s",
          leader,
          isr.maximal(),
          entry.get().isr(),
          entry.get().elr().keySet());
    }
  }
}
