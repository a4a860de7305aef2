package dev.naru.log.disk;

import java.io.IOException;

/**
 * Threads that have work for minutes and could keep a processor busy all that time. Whoever serves
 * somebody should not have to wait until such a thread's turn is over.
 */
public final class GivesWay {

  /** Beside a thread that serves it gets a tenth of a processor; all of one that is idle. */
  private static final int NICE = 10;

  /**
   * As short as the system allows: a thread that has waited for a socket is not to wait for more.
   */
  private static final long TURN_NANOS = 100_000;

  private GivesWay() {}

  /** Makes the calling thread one of them, for good, where the system can. */
  public static void here() {
    if (LibC.isUsable()) {
      try {
        LibC.beNice(NICE);
        LibC.beNice(NICE, TURN_NANOS); // where that is forbidden, what was said before holds
      } catch (IOException e) {
        // It works as well without; only others feel it more.
      }
    }
  }
}
