package dev.naru.simulation.invariant;

import dev.naru.log.LogView;

/**
 * I21: only whole segments leave a log, the oldest first, and none before it is on record that the
 * log begins above it. What is not deleted is in some segment.
 */
public final class WholeSegments implements Invariant {

  @Override
  public void opened(Scene scene, Replica replica) {
    checkCovered(replica);
  }

  @Override
  public void changed(Scene scene, Replica replica) {
    var before = replica.viewBefore().log();
    var now = replica.view().log();
    if (now.activeBase() == before.activeBase() && now.closed().equals(before.closed())) {
      checkStart(replica); // the rest is as it was
      return;
    }
    checkCovered(replica);
    if (replica.hasStartedOver()) {
      return;
    }
    for (var segment : before.closed()) {
      if (segment.base() < firstBase(now) && segment.end() > now.startOnRecord()) {
        throw violated(
            replica.partition(),
            "%s no longer has the segment [%d, %d), but its start on record is %d",
            replica,
            segment.base(),
            segment.end(),
            now.startOnRecord());
      }
    }
  }

  private void checkStart(Replica replica) {
    var log = replica.view().log();
    if (firstBase(log) > log.start()) {
      throw violated(
          replica.partition(),
          "the log of %s starts at %d, but its first segment at %d",
          replica,
          log.start(),
          firstBase(log));
    }
  }

  private void checkCovered(Replica replica) {
    checkStart(replica);
    var log = replica.view().log();
    long next = firstBase(log);
    for (var segment : log.closed()) {
      if (segment.base() != next) {
        throw violated(replica.partition(), "%s lacks [%d, %d)", replica, next, segment.base());
      }
      next = segment.end();
    }
    if (log.activeBase() != next) {
      throw violated(replica.partition(), "%s lacks [%d, %d)", replica, next, log.activeBase());
    }
  }

  private static long firstBase(LogView log) {
    return log.closed().isEmpty() ? log.activeBase() : log.closed().getFirst().base();
  }
}
