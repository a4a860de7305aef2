package dev.naru.cli;

/** What a command still does when its process is told to end, by Ctrl-C or SIGTERM. */
public final class Interruption {

  private Interruption() {}

  /**
   * Works, and runs the other thing on another thread if a signal comes meanwhile. The process then
   * ends once that has returned, with the exit status that belongs to the signal: 130 for Ctrl-C.
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
    } catch (IllegalStateException e) {
      // It runs already; this thread may go on until it is stopped with the process.
    }
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {

    /** Does it. */
    T run() throws E;
  }
}
