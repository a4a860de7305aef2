package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionRole;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I18: what a replica knows of producers is what the batches in its log say, however it came by it;
 * and no replica that counts has forgotten one whose batches are gone.
 */
public final class LedgerEquality implements Invariant {

  @Override
  public void everything(Scene scene, PartitionId partition) {
    var replicas =
        scene.replicas(partition).stream()
            .filter(replica -> replica.view().role() != PartitionRole.OFFLINE)
            .filter(replica -> !scene.isRotten(replica))
            .toList();
    replicas.forEach(replica -> compareWithItsLog(scene, replica));
    if (!ExactlyOnce.isAnythingLost(scene, partition)) {
      replicas.stream()
          .filter(scene::isPresentLeader)
          .findFirst()
          .ifPresent(leader ->
              replicas.stream()
                  .filter(scene::isComplete)
                  .filter(replica -> hasTheLogOf(leader, replica))
                  .forEach(replica -> compareWithItsLeader(replica, leader)));
    }
  }

  private void compareWithItsLog(Scene scene, Replica replica) {
    var log = replica.view().log();
    var read = ProducerLedger.emptyAt(log.start());
    Replica.headers(log, log.start()).forEach(read::note);
    boolean isExact = log.start() == 0 && !scene.isCompacted(replica.partition());
    for (var expected : read.states()) {
      var known = replica.producers().state(expected.id());
      boolean isSame =
          isExact
              ? known.map(ProducerState::runs).equals(Optional.of(expected.runs()))
              : known.map(ProducerState::nextSequence).equals(Optional.of(expected.nextSequence()));
      if (!isSame || known.orElseThrow().epoch() != expected.epoch()) {
        throw violated(
            replica.partition(),
            "%s has the batches %s in its log, but knows %s",
            replica,
            expected,
            known);
      }
    }
  }

  /**
   * Who ends where the leader does may still hold what an earlier leader wrote there, and learns of
   * the new epoch only when it subscribes. The same end in the same epoch is the same log.
   */
  private static boolean hasTheLogOf(Replica leader, Replica replica) {
    return replica.end() == leader.end() && newestEpoch(replica) == newestEpoch(leader);
  }

  private static int newestEpoch(Replica replica) {
    return replica.marks().isEmpty() ? LeaderEpoch.ZERO.value() : replica.marks().getLast().epoch();
  }

  private void compareWithItsLeader(Replica replica, Replica leader) {
    if (!idsOf(replica).equals(idsOf(leader))) {
      throw violated(
          replica.partition(),
          "%s knows the producers %s, but its leader, whose log ends there too, %s",
          replica,
          idsOf(replica),
          idsOf(leader));
    }
  }

  private static Set<Long> idsOf(Replica replica) {
    return replica.producers().states().stream().map(ProducerState::id).collect(Collectors.toSet());
  }
}
