package dev.naru.broker.events;

import java.util.OptionalLong;

/**
 * Lets one log line a minute through and counts the others, so that a caller cannot fill the disk
 * with its mistakes. Called by any thread; the lock guards two numbers and nothing is done under
 * it.
 */
public final class RepeatLimit {

  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private boolean hasLogged;
  private long loggedNanos;
  private long suppressed;

  /** Present when a line is due: how many were suppressed since the last one. */
  public synchronized OptionalLong next(long nowNanos) {
    if (hasLogged && nowNanos - loggedNanos < INTERVAL_NANOS) {
      suppressed++;
      return OptionalLong.empty();
    }
    long since = suppressed;
    hasLogged = true;
    loggedNanos = nowNanos;
    suppressed = 0;
    return OptionalLong.of(since);
  }
}
