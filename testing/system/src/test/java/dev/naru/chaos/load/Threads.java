package dev.naru.chaos.load;

import java.time.Duration;

/** Ends of threads. */
public final class Threads {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Threads() {}

  /** Waits for an end that is near; fails if it does not come. */
  public static void join(Thread thread) {
    try {
      if (!thread.join(LIMIT)) {
        throw new AssertionError("Expected " + thread.getName() + " to end, but it runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while " + thread.getName() + " ends", e);
    }
  }
}
