package dev.naru.testing.history;

import java.util.Comparator;

/** A time in which nothing was broken, and the time to recover was over: writes must succeed. */
public record HealthyWindow(long fromNanos, long toNanos) {

  static final Comparator<HealthyWindow> BY_BEGINNING =
      Comparator.comparingLong(HealthyWindow::fromNanos).thenComparingLong(HealthyWindow::toNanos);

  public HealthyWindow {
    if (fromNanos >= toNanos) {
      throw new IllegalArgumentException(
          "Expected a window that lasts, but was from %d to %d".formatted(fromNanos, toNanos));
    }
  }

  boolean contains(long atNanos) {
    return fromNanos <= atNanos && atNanos < toNanos;
  }
}
