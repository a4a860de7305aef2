package dev.naru.log.disk;

import java.io.IOException;

/**
 * Threads that have work for minutes and could keep a processor busy all that time. Whoever serves
 * somebody should not have to wait until such a thread's turn is over.
 */
public final class GivesWay {

  /** Beside a thread that serves it gets a tenth of a processor; all of one that is idle. */
  private static final int NICE = 10;

  private GivesWay() {}

  /** Makes the calling thread one of them, for good, where the system can. */
  public static void here() {
    if (LibC.isUsable()) {
      try {
        LibC.beNice(NICE);
      } catch (IOException e) {
        // It works as well without; only others feel it more.
      }
    }
  }
}
