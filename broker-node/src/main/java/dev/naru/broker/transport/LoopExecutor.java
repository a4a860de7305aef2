package dev.naru.broker.transport;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One event loop as the single owner of some state: tasks run on its thread, in order, and at once
 * when the caller is that thread already. When the loop has ended, so has what it owned: tasks are
 * dropped.
 */
public final class LoopExecutor implements Executor {

  private final EventLoop loop;

  LoopExecutor(EventLoop loop) {
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  @Override
  public void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      later(task);
    }
  }

  /** Runs the task after what the loop does now, also for the loop itself. */
  public void later(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended.
    }
  }

  /** Runs the task once the time has passed. */
  public void after(Duration delay, Runnable task) {
    try {
      var _ = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The loop has ended.
    }
  }
}
