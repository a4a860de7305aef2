package dev.naru.broker.rpc;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where the time of requests goes, phase by phase. Records once a batch or a read, never once a
 * record. For any thread.
 */
final class RequestTimes {

  private RequestTimes() {}

  private static Timer timer(NodeMeters meters, String api, String phase) {
    return meters.timer(BrokerMetric.REQUEST, Tags.of("api", api, "phase", phase));
  }

  private static void record(Timer timer, long nanos) {
    timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  /** Of batches that producers send and this node takes. */
  static final class OfProduce {

    private final LongSupplier nanoClock;
    private final Timer append;
    private final Timer replicate;
    private final Timer send;

    OfProduce(NodeMeters meters, LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      append = timer(meters, "produce", "append");
      replicate = timer(meters, "produce", "replicate");
      send = timer(meters, "produce", "send");
    }

    long now() {
      return nanoClock.getAsLong();
    }

    /** A request that was taken is answered; with acks of one it waits for nobody. */
    void answered(UnderWay request, long settledNanos, long sentNanos) {
      long appendedNanos = request.appendedNanos(settledNanos);
      record(append, appendedNanos - request.arrivedNanos);
      if (settledNanos - appendedNanos > 0) {
        record(replicate, settledNanos - appendedNanos);
      }
      record(send, sentNanos - settledNanos);
    }
  }

  /** A request that a stream holds memory for. */
  static final class UnderWay {

    final int bytes;
    private final long arrivedNanos;

    /** Whether {@link #appendedNanos} says something. */
    private volatile boolean isAppended;

    /** Written by the partition's loop before the flag, read by the event loop behind it. */
    private long appendedNanos;

    UnderWay(int bytes, long arrivedNanos) {
      this.bytes = bytes;
      this.arrivedNanos = arrivedNanos;
    }

    /** The partition has dealt with it. */
    void appended(long nowNanos) {
      appendedNanos = nowNanos;
      isAppended = true;
    }

    /** An answer that needs nobody else is given before the loop says that it is done. */
    private long appendedNanos(long settledNanos) {
      return isAppended && settledNanos - appendedNanos > 0 ? appendedNanos : settledNanos;
    }
  }

  /** Of reads for consumers. */
  static final class OfReads {

    /**
     * Longer than a MiB takes to be copied from the page cache by a busy machine, and less than a
     * disk that turns takes to find it. A fast disk may be counted as memory.
     */
    private static final long COLD_NANOS_MIN = 2_000_000;

    private final LongSupplier nanoClock;
    private final NodeMeters meters;
    private final Timer queue;
    private final Timer read;

    OfReads(NodeMeters meters, LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      this.meters = meters;
      queue = timer(meters, "fetch", "queue");
      read = timer(meters, "fetch", "read");
    }

    long now() {
      return nanoClock.getAsLong();
    }

    /** A thread of the pool begins with what was asked for then. */
    void began(long askedNanos) {
      record(queue, now() - askedNanos);
    }

    /** So many bytes were read since then. */
    void read(long beganNanos, int bytes) {
      long nanos = now() - beganNanos;
      record(read, nanos);
      if (nanos >= COLD_NANOS_MIN) {
        meters.readCold(bytes);
      }
    }
  }
}
