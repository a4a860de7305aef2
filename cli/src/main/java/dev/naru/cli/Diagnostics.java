package dev.naru.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What the client and its libraries log: nothing, or warnings on stderr with {@code -v}. */
final class Diagnostics {

  /** Held, because the JDK forgets the level of a logger that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  private Diagnostics() {}

  /** Must come before the first logger of the process is made. */
  static void configure(boolean isVerbose) {
    if (isVerbose) {
      System.setProperty("log4j2.configurationFile", "classpath:dev/naru/cli/log4j2.xml");
      ROOT.setLevel(Level.WARNING);
    } else {
      // Log4j's start would take longer than most commands.
      System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
      System.setProperty("slf4j.internal.verbosity", "ERROR");
      ROOT.setLevel(Level.OFF);
    }
  }
}
