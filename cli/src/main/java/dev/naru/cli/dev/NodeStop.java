package dev.naru.cli.dev;

import dev.naru.cli.output.Notes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Asks processes to end, and makes them end. */
final class NodeStop {

  private static final Duration DRAIN_MAX = Duration.ofSeconds(30);
  private static final Duration KILL_MAX = Duration.ofSeconds(5); // the system frees their memory
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final ProcessTable table;
  private final Notes notes;

  NodeStop(ProcessTable table, Notes notes) {
    this.table = table;
    this.notes = notes;
  }

  /** Returns when all of them have ended. */
  void all(List<Long> pids) {
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
    for (long pid : awaitEnd(pids, DRAIN_MAX)) {
      notes.say(
          "process %d did not end within %d s, and is killed"
              .formatted(pid, DRAIN_MAX.toSeconds()));
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    awaitEnd(pids, KILL_MAX);
  }

  /** Returns those that have not ended. */
  private List<Long> awaitEnd(List<Long> pids, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    var left = left(pids);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      left = left(left);
    }
    return left;
  }

  private List<Long> left(List<Long> pids) {
    return pids.stream().filter(pid -> table.find(pid).isPresent()).toList();
  }
}
