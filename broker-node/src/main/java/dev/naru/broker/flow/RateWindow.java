package dev.naru.broker.flow;

/**
 * What a counter said at some times, an interval or more apart, the oldest of which are
 * overwritten. A rate is taken from a time that lies as far back as is asked for, or from the
 * beginning.
 */
final class RateWindow {

  private final long intervalNanos;
  private final long[] nanos;
  private final long[] bytes;
  private final long[] records;
  private int count;
  private int next;

  /** Looks back so many intervals at most. */
  RateWindow(int intervals, long intervalNanos) {
    this.intervalNanos = intervalNanos;
    this.nanos = new long[intervals + 1];
    this.bytes = new long[intervals + 1];
    this.records = new long[intervals + 1];
  }

  /** The counter says this now. */
  void note(long nowNanos, long bytesNow, long recordsNow) {
    // A little early is due: the next look would be late by more.
    if (count == 0 || nowNanos - nanos[newest()] >= intervalNanos - intervalNanos / 10) {
      nanos[next] = nowNanos;
      bytes[next] = bytesNow;
      records[next] = recordsNow;
      next = (next + 1) % nanos.length;
      count = Math.min(count + 1, nanos.length);
    }
  }

  /** The rate of about so long a time, until now, when the counter says this. */
  Rate rate(long spanNanos, long nowNanos, long bytesNow, long recordsNow) {
    for (int back = count; back >= 1; back--) {
      int i = Math.floorMod(next - back, nanos.length);
      long age = nowNanos - nanos[i];
      boolean isLastResort = back == 1;
      if (age > 0 && (age <= spanNanos + intervalNanos / 2 || isLastResort)) {
        double seconds = age / 1e9;
        return new Rate((bytesNow - bytes[i]) / seconds, (recordsNow - records[i]) / seconds);
      }
    }
    return Rate.ZERO;
  }

  private int newest() {
    return Math.floorMod(next - 1, nanos.length);
  }
}
