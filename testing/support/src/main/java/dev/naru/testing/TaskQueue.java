package dev.naru.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * Virtual time: what is due runs in order of its time, and what is due at the same time in order of
 * arrival, all on the thread of the test. Hours pass at once, and two runs are the same run.
 *
 * <p>A task may schedule others. While a task runs, the clock shows the time it was due at.
 */
public final class TaskQueue implements Executor {

  /** Tasks in one run. More means that tasks schedule each other without time going on. */
  private static final int TASKS_MAX = 10_000_000;

  private static final Comparator<Task> IN_TIME =
      Comparator.<Task>comparingLong(task -> task.dueNanos - task.queue().originNanos)
          .thenComparingLong(task -> task.sequence);

  private final ManualClock clock;
  private final long originNanos;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>(IN_TIME);
  private long sequence;

  /** An empty queue that turns this clock. */
  public TaskQueue(ManualClock clock) {
    this.clock = clock;
    this.originNanos = clock.nanoTime();
  }

  /** The clock that it turns. */
  public ManualClock clock() {
    return clock;
  }

  /** Due now, after all else that is due now. */
  @Override
  public void execute(Runnable action) {
    schedule(Duration.ZERO, action);
  }

  /** Due once the clock has gone on by so much. */
  public Task schedule(Duration delay, Runnable action) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("Expected a delay that is not negative, but was " + delay);
    }
    var task = new Task(clock.nanoTime() + delay.toNanos(), sequence++, action);
    tasks.add(task);
    return task;
  }

  /** How long until the next task is due; empty when there is none. */
  public Optional<Duration> untilNext() {
    return Optional.ofNullable(tasks.peek())
        .map(task -> Duration.ofNanos(task.dueNanos - clock.nanoTime()));
  }

  /** Turns the clock to the next task and runs it. False when there is none. */
  public boolean runNext() {
    var task = tasks.poll();
    if (task == null) {
      return false;
    }
    // A test may have turned the clock past the task by hand; then it runs late, as in life.
    clock.advance(Duration.ofNanos(Math.max(0, task.dueNanos - clock.nanoTime())));
    task.action.run();
    return true;
  }

  /** Runs all that falls due in this time, then turns the clock to its end. */
  public void runFor(Duration time) {
    long endNanos = clock.nanoTime() + time.toNanos();
    int ran = 0;
    for (var next = tasks.peek();
        next != null && next.dueNanos - endNanos <= 0;
        next = tasks.peek()) {
      refuseEndless(++ran);
      runNext();
    }
    clock.advance(Duration.ofNanos(Math.max(0, endNanos - clock.nanoTime())));
  }

  /** Runs until nothing is left. Not for code that ticks for ever: use {@link #runFor} there. */
  public void runAll() {
    int ran = 0;
    while (runNext()) {
      refuseEndless(++ran);
    }
  }

  private void refuseEndless(int ran) {
    if (ran > TASKS_MAX) {
      throw new IllegalStateException(
          "Expected at most %d tasks in one run, but there are more: do they call each other?"
              .formatted(TASKS_MAX));
    }
  }

  /** Something that waits for its time. */
  public final class Task {

    private final long dueNanos;
    private final long sequence;
    private final Runnable action;

    private Task(long dueNanos, long sequence, Runnable action) {
      this.dueNanos = dueNanos;
      this.sequence = sequence;
      this.action = action;
    }

    /** False when it has run already or was cancelled before. */
    public boolean cancel() {
      return tasks.remove(this);
    }

    private TaskQueue queue() {
      return TaskQueue.this;
    }
  }
}
