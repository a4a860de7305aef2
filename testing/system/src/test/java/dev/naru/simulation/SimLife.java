package dev.naru.simulation;

import java.util.ArrayList;
import java.util.List;

/** Whether a process is alive, and whether it moves. What is due while it stands still waits. */
final class SimLife {

  private final List<Runnable> whenResumed = new ArrayList<>();
  private boolean isEnded;
  private boolean isPaused;

  void end() {
    isEnded = true;
  }

  void pause() {
    isPaused = true;
  }

  void resume() {
    isPaused = false;
    var waiting = List.copyOf(whenResumed);
    whenResumed.clear();
    waiting.forEach(Runnable::run);
  }

  boolean isEnded() {
    return isEnded;
  }

  boolean isRunning() {
    return !isEnded && !isPaused;
  }

  /** Now, or when it moves again; never once it has ended. */
  void asSoonAsRunning(Runnable action) {
    if (isPaused && !isEnded) {
      whenResumed.add(() -> asSoonAsRunning(action));
    } else if (!isEnded) {
      action.run();
    }
  }
}
