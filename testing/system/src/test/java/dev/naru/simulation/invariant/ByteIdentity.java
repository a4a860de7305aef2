package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionRole;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * I10: below its high watermark every replica holds the same bytes, and clients are given those.
 */
public final class ByteIdentity implements Invariant {

  private int looks;

  @Override
  public void changed(Scene scene, Replica replica) {
    if (scene.isCompacted(replica.partition())) {
      return; // each replica compacts for itself
    }
    if (scene.lossUnheardBy(replica).isPresent()) {
      return; // it may hold what is lost
    }
    var committed = scene.truth(replica.partition()).committed();
    int same = Marks.howManyAreIn(committed, replica.marks(), replica.verified());
    replica.verified(same);
    long below =
        Math.min(replica.view().highWatermark(), scene.truth(replica.partition()).highWatermark());
    if (same < replica.marks().size() && firstKept(replica, replica.marks().get(same)) < below) {
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

  /** A log may begin inside a batch; what is below its start is deleted and looked at by nobody. */
  private static long firstKept(Replica replica, BatchMark mark) {
    return Math.max(mark.base(), replica.view().log().start());
  }

  @Override
  public void read(Scene scene, Replica from, BatchHeader batch, long wanted) {
    if (scene.isCompacted(from.partition())) {
      return;
    }
    var mark = BatchMark.of(batch);
    var committed = Marks.at(scene.truth(from.partition()).committed(), mark.base());
    if (committed.filter(mark::equals).isEmpty() && !scene.truth(from.partition()).isLost(mark)) {
      throw violated(
          from.partition(), "%s gave a client %s, but committed is %s", from, mark, committed);
    }
  }

  /**
   * What the files hold is what they held when it was written. What is new since the last look is
   * read again, of one replica after the other all of it.
   */
  @Override
  public void everything(Scene scene, PartitionId partition) {
    var replicas = scene.replicas(partition);
    int inTurn = replicas.isEmpty() ? 0 : looks++ % replicas.size();
    int at = 0;
    for (var replica : replicas) {
      readAgain(scene, replica, at == inTurn ? 0 : replica.readAgain());
      at++;
    }
  }

  @Override
  public void end(Scene scene, PartitionId partition) {
    scene.replicas(partition).forEach(replica -> readAgain(scene, replica, 0));
  }

  /**
   * Of a replica whose disk has changed something, what can be read of it: what was written, or
   * nothing and that it is damaged, but no other bytes.
   */
  private void readAgain(Scene scene, Replica replica, int from) {
    if (scene.isCompacted(replica.partition()) || (scene.isRotten(replica) && !isInUse(replica))) {
      return; // for others to look at; or given up, and there is nothing to read
    }
    var written = replica.marks().subList(first(replica, from), replica.marks().size());
    long readBefore = from == 0 ? 0 : replica.marks().get(from - 1).next();
    var stored = stored(scene, replica, readBefore);
    boolean isDamageTold = stored.isEmpty() && scene.isRotten(replica);
    if (!isDamageTold && stored.filter(written::equals).isEmpty()) {
      throw violated(replica.partition(), "%s stored %s, but reads %s", replica, written, stored);
    }
    replica.readAgain(isDamageTold ? from : replica.marks().size());
  }

  /** The first batch from there on that is not deleted. */
  private static int first(Replica replica, int from) {
    long start = replica.view().log().start();
    int first = from;
    while (first < replica.marks().size() && replica.marks().get(first).next() <= start) {
      first++;
    }
    return first;
  }

  private static boolean isInUse(Replica replica) {
    return replica.view().role() != PartitionRole.OFFLINE;
  }

  /** What a reader from there on gets; empty when he is told that it is damaged. */
  private static Optional<List<BatchMark>> stored(Scene scene, Replica replica, long from) {
    var log = replica.view().log();
    try {
      return Optional.of(Replica.scan(log, Math.max(log.start(), from)));
    } catch (LogDamagedException damaged) {
      if (!scene.isRotten(replica)) {
        throw damaged;
      }
      return Optional.empty();
    }
  }
}
