package dev.naru.simulation.invariant;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Map;
import java.util.TreeMap;

/**
 * I21: the start of a log never falls, but when the log is set aside as a whole; also not over a
 * restart, once it is on record. It is never above what is committed, and never later than a leader
 * was told.
 */
public final class LogStart implements Invariant {

  private final Map<PartitionId, Map<NodeId, Long>> onRecord = new TreeMap<>();

  @Override
  public void opened(Scene scene, Replica replica) {
    long start = replica.view().log().start();
    long recorded = starts(replica).getOrDefault(replica.self().id(), 0L);
    if (start < recorded) {
      throw violated(
          replica.partition(),
          "%s had %d on record for the start of its log, and came back with %d",
          replica,
          recorded,
          start);
    }
    check(scene, replica);
    record(replica);
  }

  @Override
  public void changed(Scene scene, Replica replica) {
    long before = replica.viewBefore().log().start();
    if (replica.view().log().start() < before && !replica.hasStartedOver()) {
      throw violated(
          replica.partition(),
          "fell from %d to %d on %s",
          before,
          replica.view().log().start(),
          replica);
    }
    check(scene, replica);
    record(replica);
  }

  /** What somebody was told to be deleted is not there again at the next leader. */
  @Override
  public void beganToLead(Scene scene, Replica replica) {
    long deleted = scene.truth(replica.partition()).deletedBelow();
    if (scene.isPresentLeader(replica) && replica.view().log().start() < deleted) {
      throw violated(
          replica.partition(),
          "%s leads from %d on, but all below %d was told to be deleted",
          replica,
          replica.view().log().start(),
          deleted);
    }
  }

  private Map<NodeId, Long> starts(Replica replica) {
    return onRecord.computeIfAbsent(replica.partition(), _ -> new TreeMap<>());
  }

  private void record(Replica replica) {
    starts(replica).put(replica.self().id(), replica.view().log().startOnRecord());
  }

  private void check(Scene scene, Replica replica) {
    var truth = scene.truth(replica.partition());
    long start = replica.view().log().start();
    if (start > truth.highestEver()) { // also where what is committed ends lower now
      throw violated(
          replica.partition(),
          "%s starts at %d, but committed was never more than %d",
          replica,
          start,
          truth.highestEver());
    }
    if (start > truth.startMax()) {
      throw violated(
          replica.partition(),
          "%s starts at %d, but no leader was told to start after %d",
          replica,
          start,
          truth.startMax());
    }
  }
}
