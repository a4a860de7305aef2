package dev.naru.simulation;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Code of the product that waits for others, run in the simulation: on a thread of its own, which
 * moves only while the world waits for it. So there is still one thing that happens at a time, and
 * the same seed is the same run.
 */
final class Fiber {

  private final Thread thread;
  private final Semaphore mayRun = new Semaphore(0);
  private final Semaphore hasStopped = new Semaphore(0);
  private Optional<RuntimeException> thrown = Optional.empty();
  private boolean isOver;
  private boolean isAbandoned;

  /** What waits will never go on: an end that no product code takes for a fault of its own. */
  private static final class Abandoned extends Error {

    private static final long serialVersionUID = 1;

    Abandoned() {
      super("Expected to go on, but the process is gone", null, false, false);
    }
  }

  Fiber(Runnable code) {
    thread = Thread.ofVirtual().unstarted(() -> run(code));
    thread.start();
  }

  private void run(Runnable code) {
    mayRun.acquireUninterruptibly();
    try {
      if (!isAbandoned) {
        code.run();
      }
    } catch (Abandoned end) {
      // the process took it along
    } catch (RuntimeException e) {
      thrown = Optional.of(e);
    } finally {
      isOver = true;
      hasStopped.release();
    }
  }

  boolean isOver() {
    return isOver;
  }

  /** The world lets it go on until it waits again, or is over; throws what it threw. */
  void goOn() {
    mayRun.release();
    hasStopped.acquireUninterruptibly();
    var failure = thrown;
    thrown = Optional.empty();
    failure.ifPresent(e -> {
      throw e;
    });
  }

  /** It waits until the world lets it go on. To be called by its own code. */
  void waitForTheWorld() {
    hasStopped.release();
    mayRun.acquireUninterruptibly();
    if (isAbandoned) {
      throw new Abandoned();
    }
  }

  /** Its process is gone: it ends where it waits. */
  void abandon() {
    if (!isOver) {
      isAbandoned = true;
      goOn();
    }
  }
}
