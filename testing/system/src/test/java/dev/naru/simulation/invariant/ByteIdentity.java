package dev.naru.simulation.invariant;

import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;

/**
 * I10: below its high watermark every replica holds the same bytes, and clients are given those.
 */
public final class ByteIdentity implements Invariant {

  @Override
  public void changed(Scene scene, Replica replica) {
    var committed = scene.truth(replica.partition()).committed();
    int same = Marks.commonPrefix(replica.marks(), committed, replica.verified());
    replica.verified(same);
    if (same < Math.min(replica.marks().size(), committed.size())
        && replica.marks().get(same).base() < replica.view().highWatermark()) {
      throw violated(
          replica.partition(),
          "committed is %s, but %s has %s below its high watermark %d",
          committed.get(same),
          replica,
          replica.marks().get(same),
          replica.view().highWatermark());
    }
  }

  @Override
  public void read(Scene scene, Replica from, BatchHeader batch) {
    var mark = BatchMark.of(batch);
    var committed = Marks.at(scene.truth(from.partition()).committed(), mark.base());
    if (committed.filter(mark::equals).isEmpty()) {
      throw violated(
          from.partition(), "%s gave a client %s, but committed is %s", from, mark, committed);
    }
  }

  /** What the files hold is what they held when it was written. */
  @Override
  public void everything(Scene scene, PartitionId partition) {
    for (var replica : scene.replicas(partition)) {
      if (scene.isRotten(replica)) {
        continue; // whoever reads it must say so, which is for others to look at
      }
      var stored = Replica.scan(replica.view().log(), replica.view().log().start());
      if (!stored.equals(replica.marks())) {
        throw violated(partition, "%s stored %s, but reads %s", replica, replica.marks(), stored);
      }
    }
  }
}
