package dev.naru.simulation.invariant;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.epoch.EpochStart;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;

/**
 * I4: leader epochs never fall as offsets rise, and the history that a log keeps of them is the one
 * that its batches tell.
 */
public final class EpochOrder implements Invariant {

  @Override
  public void opened(Scene scene, Replica replica) {
    check(scene, replica);
  }

  @Override
  public void everything(Scene scene, PartitionId partition) {
    scene.replicas(partition).forEach(replica -> check(scene, replica));
  }

  /** Looks at what is new: the rest was looked at when it was. */
  @Override
  public void changed(Scene scene, Replica replica) {
    long newFrom = replica.viewBefore().log().end();
    var marks = replica.marks();
    var history = replica.view().log().epochs();
    for (int i = marks.size() - 1; i >= 0 && marks.get(i).next() > newFrom; i--) {
      checkBatch(replica, history, marks, i);
    }
    checkLast(replica, history);
  }

  private void check(Scene scene, Replica replica) {
    var history = replica.view().log().epochs();
    checkLast(replica, history);
    if (scene.isCompacted(replica.partition()) || scene.isRotten(replica)) {
      return; // batches were merged, and epochs with them; or there may be nothing to read
    }
    var marks = replica.marks();
    for (int i = 0; i < marks.size(); i++) {
      checkBatch(replica, history, marks, i);
    }
    checkTold(replica, history);
  }

  private void checkBatch(Replica replica, EpochHistory history, List<BatchMark> marks, int at) {
    var mark = marks.get(at);
    if (at > 0 && mark.epoch() < marks.get(at - 1).epoch()) {
      throw violated(replica.partition(), "%s has %s after %s", replica, mark, marks.get(at - 1));
    }
    boolean isThere = mark.next() > replica.view().log().start(); // else it is deleted
    var known = history.epochAt(Math.max(mark.base(), replica.view().log().start()));
    if (isThere && known.filter(new LeaderEpoch(mark.epoch())::equals).isEmpty()) {
      throw violated(
          replica.partition(),
          "%s has %s, but its history says %s",
          replica,
          mark,
          history.toText());
    }
  }

  private void checkLast(Replica replica, EpochHistory history) {
    long end = replica.view().log().end();
    if (history.latest().filter(last -> last.startOffset() > end).isPresent()) {
      throw violated(
          replica.partition(),
          "%s ends at %d, but its history is %s",
          replica,
          end,
          history.toText());
    }
  }

  /** No epoch is in the history that left no batch, but one that is about to begin. */
  private void checkTold(Replica replica, EpochHistory history) {
    long start = replica.view().log().start();
    long end = replica.view().log().end();
    var told = new ArrayList<LeaderEpoch>();
    for (var mark : replica.marks()) {
      var epoch = new LeaderEpoch(mark.epoch());
      if (mark.next() > start && (told.isEmpty() || !told.getLast().equals(epoch))) {
        told.add(epoch);
      }
    }
    var kept =
        history.entries().stream()
            .filter(entry -> entry.startOffset() < end)
            .map(EpochStart::epoch)
            .toList();
    if (!kept.equals(told)) {
      throw violated(
          replica.partition(),
          "%s has batches of epochs %s, but its history is %s",
          replica,
          told,
          history.toText());
    }
  }
}
