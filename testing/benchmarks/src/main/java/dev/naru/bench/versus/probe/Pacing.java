package dev.naru.bench.versus.probe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady rate. Who is late catches up and is not forgiven: the time that counts is the one at
 * which a record was to be sent, or a system would look the better the longer it holds up its
 * sender.
 */
public final class Pacing {

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private Pacing() {}

  /** Takes so many turns; returns when the last one has. */
  public static void run(double perSecond, long turns, Turn turn) {
    long begun = System.nanoTime();
    for (long number = 0; number < turns; number++) {
      long dueNanos = begun + (long) (number * NANOS_PER_SECOND / perSecond);
      for (long left = dueNanos - System.nanoTime(); left > 0; ) {
        LockSupport.parkNanos(left);
        left = dueNanos - System.nanoTime();
      }
      turn.take(number, dueNanos);
    }
  }

  /** What is done each time. */
  @FunctionalInterface
  public interface Turn {

    /**
     * Does it.
     *
     * @param number from 0
     * @param dueNanos when it was to be done, by {@link System#nanoTime}
     */
    void take(long number, long dueNanos);
  }
}
