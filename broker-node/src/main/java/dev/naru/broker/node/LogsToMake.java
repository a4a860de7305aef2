package dev.naru.broker.node;

import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * New partitions that have come by the hundreds and whose logs are made a little later: all nodes
 * learn of them at the same moment, and whoever wanted them waits for the answer meanwhile, which
 * needs the same processors. One that somebody asks for is made at once.
 *
 * <p>That a log is made late loses nothing: nothing is acknowledged that needs it, and a node that
 * ends before has a partition in which nothing was ever written. Nor is it late enough for a
 * follower to leave an ISR, which takes seconds.
 *
 * <p>Any thread may call; logs are made on that of the chores, in the order of their partitions,
 * which is the same at leaders and followers. What it holds is bounded by the partitions of the
 * node.
 */
final class LogsToMake {

  /** As long as 1,000 topics take until their answer is there, on nodes that share two cores. */
  static final Duration PAUSE = Duration.ofMillis(400);

  /** Made in one turn, after which other chores have theirs: some milliseconds. */
  static final int TURN = 16;

  private final Executor chores;
  private final Executor afterPause;
  private final ConcurrentSkipListMap<PartitionId, Runnable> waiting =
      new ConcurrentSkipListMap<>();

  /** Whether a turn is due or under way, so that there is never more than one. */
  private final AtomicBoolean isTurnDue = new AtomicBoolean();

  /**
   * None yet.
   *
   * @param chores runs one after the other, on one thread
   * @param afterPause the same, but each only {@link #PAUSE} from now
   */
  LogsToMake(Executor chores, Executor afterPause) {
    this.chores = chores;
    this.afterPause = afterPause;
  }

  /** Does this for the partition when it is its turn, unless it is removed before. */
  void add(PartitionId partition, Runnable making) {
    waiting.put(partition, making);
    scheduleTurn();
  }

  /** Does it next, if it is to be done. */
  void hurry(PartitionId partition) {
    if (waiting.containsKey(partition)) {
      chores.execute(() -> make(partition));
    }
  }

  /** Whether it was to be done and will not be; else it has been done, or is under way. */
  boolean remove(PartitionId partition) {
    return waiting.remove(partition) != null;
  }

  private void make(PartitionId partition) {
    var making = waiting.remove(partition);
    if (making != null) {
      making.run();
    }
  }

  private void scheduleTurn() {
    if (isTurnDue.compareAndSet(false, true)) {
      afterPause.execute(this::turn);
    }
  }

  private void turn() {
    try {
      var next = waiting.pollFirstEntry();
      for (int made = 1; next != null; made++) {
        next.getValue().run();
        next = made < TURN ? waiting.pollFirstEntry() : null;
      }
    } finally {
      goOn();
    }
  }

  private void goOn() {
    if (!waiting.isEmpty()) {
      chores.execute(this::turn);
      return;
    }
    isTurnDue.set(false);
    if (!waiting.isEmpty()) { // has come since
      scheduleTurn();
    }
  }
}
