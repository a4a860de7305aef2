package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;

/** I1: what was acknowledged for all in-sync replicas is in the leader's log. */
public final class NoCommittedLoss implements Invariant {

  @Override
  public void acknowledged(Scene scene, PartitionId partition, BatchMark batch) {
    var truth = scene.truth(partition);
    boolean isCommitted =
        Marks.at(truth.committed(), batch.base())
            .filter(mark -> mark.crc() == batch.crc() && mark.next() == batch.next())
            .isPresent();
    if (truth.isLost(batch.base(), batch.crc())) {
      return; // by a recovery of which the leader had not heard
    }
    if (!isCommitted) {
      throw violated(
          partition,
          "acknowledged at %d with checksum %08x, but committed there is %s",
          batch.base(),
          batch.crc(),
          Marks.at(truth.committed(), batch.base()));
    }
    truth.acknowledged(batch.next());
  }

  @Override
  public void changed(Scene scene, Replica replica) {
    if (scene.isPresentLeader(replica)) {
      long acknowledged = scene.truth(replica.partition()).acknowledgedEnd();
      if (replica.end() < acknowledged) {
        throw violated(
            replica.partition(),
            "acknowledged up to %d, but the log of the leader, %s, ends at %d",
            acknowledged,
            replica,
            replica.end());
      }
    }
  }
}
