package dev.naru.chaos;

/**
 * The longest time without an acknowledgement while some were expected. Any thread may note one.
 */
final class AckGap {

  private long lastNanos;
  private long longestNanos;
  private long acknowledged;
  private long failed;

  /** Acknowledgements are expected from now on: time before this is in no gap. */
  synchronized void expectFrom(long nowNanos) {
    lastNanos = nowNanos;
  }

  synchronized void acknowledged(long nowNanos) {
    longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
    lastNanos = nowNanos;
    acknowledged++;
  }

  synchronized void failed() {
    failed++;
  }

  synchronized long longestMillis() {
    return longestNanos / 1_000_000;
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized long failures() {
    return failed;
  }
}
