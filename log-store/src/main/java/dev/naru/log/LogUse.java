package dev.naru.log;

/**
 * Keeps the files of a log where they are while another thread than its owner works on them. Who
 * closes the log waits for a step that is under way; none begins afterwards. Such steps are short,
 * or look whether the log is still open.
 */
final class LogUse {

  private boolean isClosed; // guarded by this, which is held while a step is under way

  /** Does a step, unless the log is closed; says whether it did. */
  synchronized boolean doStep(Runnable step) {
    if (!isClosed) {
      step.run();
    }
    return !isClosed;
  }

  /** From now on there are no more steps. */
  synchronized void close() {
    isClosed = true;
  }
}
