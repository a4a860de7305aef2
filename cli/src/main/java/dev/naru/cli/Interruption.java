package dev.naru.cli;

import java.util.concurrent.locks.LockSupport;

/** What a command still does when its process is told to end, by Ctrl-C or SIGTERM. */
public final class Interruption {

  private Interruption() {}

  /**
   * Works, and runs the other thing on another thread if a signal comes meanwhile. The process then
   * ends once that has returned, with the exit status that belongs to the signal: 130 for Ctrl-C.
   * What becomes of the work after a signal nobody hears: it was told to end, and may well fail.
   */
  public static <T, E extends Exception> T during(Work<T, E> work, Runnable onSignal) throws E {
    var hook = new Thread(onSignal, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.run();
    } finally {
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // it runs, or has run
      awaitEndOfProcess();
    }
  }

  private static void awaitEndOfProcess() {
    while (true) {
      LockSupport.park();
    }
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {

    /** Does it. */
    T run() throws E;
  }
}
