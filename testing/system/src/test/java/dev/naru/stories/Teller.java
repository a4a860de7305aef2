package dev.naru.stories;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells what happens while it happens, each line with the seconds since the story began. */
final class Teller {

  private static final double MILLIS_PER_SECOND = 1000;

  private final PrintStream out;
  private final long beganNanos = System.nanoTime();

  Teller(PrintStream out) {
    this.out = out;
  }

  /** One line. */
  void say(String format, Object... words) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    out.printf(
        Locale.ROOT,
        "%8.1f s  %s%n",
        millis / MILLIS_PER_SECOND,
        String.format(Locale.ROOT, format, words));
  }

  /** A line that begins a part of the story. */
  void begin(String what) {
    out.printf("%n            %s%n", what);
  }
}
