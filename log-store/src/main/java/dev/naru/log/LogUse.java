package dev.naru.log;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the files of a log where they are while another thread than its owner changes them. Who
 * closes the log waits for a step that is under way; none begins afterwards. So that this does not
 * take long, a step writes one batch, or a snapshot of producers, or changes and forces names and a
 * few bytes, and never waits for a pace or for all that was written.
 */
final class LogUse {

  /** Set before the wait for the step under way, whose thread may be the next to have the lock. */
  private volatile boolean isClosing;

  /** Does a step, unless the log is closed; says whether it did. */
  synchronized boolean doStep(Runnable step) {
    if (isClosing) {
      return false;
    }
    step.run();
    return true;
  }

  /** Does a step that has a result; empty if the log is closed. */
  synchronized <T> Optional<T> resultOf(Supplier<T> step) {
    return isClosing ? Optional.empty() : Optional.of(step.get());
  }

  /** Whether there will be no more steps. */
  boolean isClosing() {
    return isClosing;
  }

  /** From now on there are no more steps. Waits for the one under way. */
  void close() {
    isClosing = true;
    awaitStep();
  }

  private synchronized void awaitStep() {
    // whoever gets here knows that there is none
  }
}
