package dev.naru.broker.peer;

import java.time.Duration;

/**
 * How long to wait before the next try: doubles with each failure, and begins anew after a success.
 */
final class Backoff {

  private final Duration least;
  private final Duration most;
  private Duration next;

  Backoff(Duration least, Duration most) {
    this.least = least;
    this.most = most;
    this.next = least;
  }

  /** The wait after another failure. */
  Duration failed() {
    var wait = next;
    next = next.multipliedBy(2).compareTo(most) < 0 ? next.multipliedBy(2) : most;
    return wait;
  }

  void succeeded() {
    next = least;
  }
}
