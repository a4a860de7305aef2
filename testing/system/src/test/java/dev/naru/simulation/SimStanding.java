package dev.naru.simulation;

import dev.naru.broker.coordinator.Standing;
import java.util.ArrayDeque;
import java.util.Deque;

/** Since when a node's image is known to be current, by the answers to its heartbeats. */
final class SimStanding implements Standing {

  private final SimProcess process;
  private final Deque<Told> ahead = new ArrayDeque<>();
  private boolean isHeard;
  private long currentNanos;

  /** What the answer to a heartbeat said was committed, when the image had not come so far. */
  private record Told(long index, long sentNanos) {}

  SimStanding(SimProcess process) {
    this.process = process;
  }

  /** The controller has answered. */
  void heard(long committedIndex, long sentNanos) {
    ahead.addLast(new Told(committedIndex, sentNanos));
  }

  @Override
  public boolean isCurrent() {
    while (!ahead.isEmpty() && ahead.getFirst().index() <= process.appliedIndex()) {
      currentNanos = ahead.removeFirst().sentNanos();
      isHeard = true;
    }
    return isHeard
        && process.world().nowNanos() - currentNanos < process.cluster().scenario().livenessNanos();
  }
}
