package dev.naru.chaos.host;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Times that pass in a run. */
public final class Wait {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Wait() {}

  /** Lets a state last. */
  public static void hold(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  /** A time from the dice. */
  public static Duration between(Random dice, Duration least, Duration most) {
    return Duration.ofMillis(dice.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  /** Waits for a consequence that may fail to come; says whether it came. */
  public static boolean comes(Duration limit, Callable<Boolean> consequence) {
    long until = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < until) {
      try {
        if (consequence.call()) {
          return true;
        }
      } catch (Exception notNow) {
        // asked again
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return false;
  }
}
