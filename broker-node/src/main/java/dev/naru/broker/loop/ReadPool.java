package dev.naru.broker.loop;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read log files, so that neither a loop nor an event loop ever waits for a disk. They
 * hold no state of a partition: they read immutable views and pass on what they found.
 */
public final class ReadPool implements Executor, AutoCloseable {

  /** A fetch stream and a subscription have one read each under way; more than this is a flood. */
  private static final int WAITING_MAX = 16_384;

  private static final long STOP_MILLIS_MAX = 5_000;

  private final ThreadPoolExecutor pool;

  private ReadPool(ThreadPoolExecutor pool) {
    this.pool = pool;
  }

  /** Starts with this many threads. */
  public static ReadPool start(int threads, ThreadFactory factory) {
    return new ReadPool(
        new ThreadPoolExecutor(
            threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), factory));
  }

  /**
   * Runs the read on a thread of the pool.
   *
   * @throws RejectedExecutionException if too many wait, or the node stops
   */
  @Override
  public void execute(Runnable read) {
    pool.execute(read);
  }

  /** Lets running reads end: an interrupt would close the files under everyone else. */
  @Override
  public void close() {
    pool.shutdown();
    pool.getQueue().clear();
    try {
      var _ = pool.awaitTermination(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
