package dev.naru.client;

import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.Map;

/** Checks of values, with the one sentence that every bad setting gets. */
final class Settings {

  /** Added to any reading of the monotonic clock, this does not overflow. */
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Settings() {}

  static void require(boolean holds, String name, String range, Object value) {
    if (!holds) {
      throw bad(name, range, value);
    }
  }

  static void requireAtLeast(String name, long value, long least) {
    require(value >= least, name, "at least " + least, value);
  }

  /** Returns the value, or the longest that nanoseconds can be counted with when it is longer. */
  static Duration requireMillis(String name, Duration value, long least, long most) {
    long millis = millisOf(value);
    String range = most == Long.MAX_VALUE ? "at least " + least : least + " to " + most;
    require(millis >= least && millis <= most, name, range, millis);
    return value.compareTo(FOR_EVER) > 0 ? FOR_EVER : value;
  }

  static NaruException bad(String name, String range, Object value) {
    return new NaruException(
        ErrorCode.INVALID_CONFIG, expected(name, range, value), Map.of("setting", name));
  }

  static String expected(String name, String range, Object value) {
    return "Expected " + name + " to be " + range + ", but was " + value;
  }

  private static long millisOf(Duration value) {
    try {
      return value.toMillis();
    } catch (ArithmeticException e) {
      return value.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
