package dev.naru.simulation;

import java.util.Optional;

/**
 * The end of a process between two changes of its disk: half of what it was about to do is done. It
 * comes out of the very operation, through whatever the process was in the middle of.
 */
final class StepCrash extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Runnable whatFollows;

  StepCrash(Runnable whatFollows) {
    super("Expected the process to go on, but it ends here", null, false, false);
    this.whatFollows = whatFollows;
  }

  /** The crash that this is, or that is behind it; empty for what is none. */
  static Optional<StepCrash> behind(RuntimeException thrown) {
    if (thrown instanceof StepCrash crash) {
      return Optional.of(crash);
    }
    return thrown.getCause() instanceof StepCrash crash ? Optional.of(crash) : Optional.empty();
  }

  /** To be called when nothing of the process is left on the stack. */
  void happens() {
    whatFollows.run();
  }
}
