package dev.naru.broker.flow;

import java.time.Duration;

/**
 * What consumers are sent for each byte that producers send, over five minutes. Owned by whoever
 * looks at the counters.
 */
public final class Fanout {

  private static final long SPAN_NANOS = Duration.ofMinutes(5).toNanos();
  private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

  private final RateWindow in = new RateWindow((int) (SPAN_NANOS / INTERVAL_NANOS), INTERVAL_NANOS);
  private final RateWindow out =
      new RateWindow((int) (SPAN_NANOS / INTERVAL_NANOS), INTERVAL_NANOS);

  /** The ratio, now that the counters say this; not a number while nothing came in. */
  public double look(long nowNanos, long bytesIn, long bytesOut) {
    double inRate = in.rate(SPAN_NANOS, nowNanos, bytesIn, 0).bytes();
    double outRate = out.rate(SPAN_NANOS, nowNanos, bytesOut, 0).bytes();
    in.note(nowNanos, bytesIn, 0);
    out.note(nowNanos, bytesOut, 0);
    return inRate > 0 ? outRate / inRate : Double.NaN;
  }
}
