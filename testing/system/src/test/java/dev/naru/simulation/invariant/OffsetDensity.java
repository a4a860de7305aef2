package dev.naru.simulation.invariant;

import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.HashMap;
import java.util.Map;

/**
 * I12: batches follow each other without a gap; what a leader epoch has once put at an offset is
 * the same in every log, committed or not; and a reader gets what follows on what he had.
 */
public final class OffsetDensity implements Invariant {

  private final Map<PartitionId, Map<Place, BatchMark>> assigned = new HashMap<>();

  /** Nobody but the leader of the epoch gives it out, and only once. */
  private record Place(int epoch, long base) {}

  @Override
  public void opened(Scene scene, Replica replica) {
    check(scene, replica, 0);
  }

  @Override
  public void changed(Scene scene, Replica replica) {
    check(scene, replica, replica.hasStartedOver() ? 0 : replica.viewBefore().log().end());
  }

  private void check(Scene scene, Replica replica, long newFrom) {
    if (scene.isCompacted(replica.partition())) {
      return; // each replica merges batches for itself
    }
    var known = assigned.computeIfAbsent(replica.partition(), _ -> new HashMap<>());
    var marks = replica.marks();
    for (int i = marks.size() - 1; i >= 0 && marks.get(i).next() > newFrom; i--) {
      var mark = marks.get(i);
      if (i > 0 && marks.get(i - 1).next() != mark.base()) {
        throw violated(replica.partition(), "%s has %s after %s", replica, mark, marks.get(i - 1));
      }
      var first = known.putIfAbsent(new Place(mark.epoch(), mark.base()), mark);
      if (first != null && !first.equals(mark)) {
        throw violated(
            replica.partition(), "%s has %s, but elsewhere that is %s", replica, mark, first);
      }
    }
  }

  @Override
  public void read(Scene scene, Replica from, BatchHeader batch, long wanted) {
    if (batch.baseOffset() > wanted || batch.nextOffset() <= wanted) {
      throw violated(
          from.partition(),
          "%s gave a client %s that wanted what follows on %d",
          from,
          BatchMark.of(batch),
          wanted);
    }
  }
}
