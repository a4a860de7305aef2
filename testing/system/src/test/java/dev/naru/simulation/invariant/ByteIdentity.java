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
    int same = Marks.howManyAreIn(committed, replica.marks(), replica.verified());
    replica.verified(same);
    long below =
        Math.min(replica.view().highWatermark(), scene.truth(replica.partition()).highWatermark());
    if (same < replica.marks().size() && replica.marks().get(same).base() < below) {
      var other = replica.marks().get(same);
      throw violated(
          replica.partition(),
          "committed is %s, but %s has %s below its high watermark %d",
          Marks.at(committed, other.base()),
          replica,
          other,
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
      long start = replica.view().log().start();
      var stored = Replica.scan(replica.view().log(), start);
      var written = replica.marks().stream().filter(mark -> mark.next() > start).toList();
      if (!stored.equals(written)) {
        throw violated(partition, "%s stored %s, but reads %s", replica, written, stored);
      }
    }
  }
}
