package dev.naru.broker.loop;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscGrowableArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way into a loop, from any thread. Two lanes: what clients ask is refused when there is no
 * room, what the protocol needs always fits, because each of its sources has few messages
 * outstanding and coalesces the rest. The protocol goes first, or a flood of requests would hold up
 * the acknowledgements that it waits for.
 *
 * <p>The reader parks when both lanes are empty. It says so before it looks a last time, and a
 * writer looks whether the reader sleeps after it has written; so one of them always sees the
 * other. The same holds for a writer and the end of the loop, which is told by {@link #close}. Only
 * what is put in quietly may lie here while the reader sleeps.
 */
final class Mailbox<T> {

  /** At 16 KiB a batch this is 64 MiB, more than the connections of a node may have unanswered. */
  static final int REQUESTS_MAX = 4_096;

  /** So many requests are worth waking the reader, and few beside those that there is room for. */
  static final int QUIET_MAX = 64;

  /**
   * Sources times what each may have outstanding, for a hundred thousand partitions; then it is a
   * bug.
   */
  private static final int PROTOCOL_MAX = 1 << 20;

  private final MpscArrayQueue<T> requests = new MpscArrayQueue<>(REQUESTS_MAX);
  private final MpscGrowableArrayQueue<T> protocol =
      new MpscGrowableArrayQueue<>(256, PROTOCOL_MAX);

  /** Written by the reader, read by writers: whether, and who, to wake. */
  private volatile @Nullable Thread sleeper;

  /** Written by the reader when it ends, read by writers: who takes what comes too late. */
  private volatile @Nullable Consumer<T> afterEnd;

  /** Puts in what a client asks; false when there is no room. */
  boolean offerRequest(T item) {
    boolean taken = requests.offer(item);
    wake();
    handOverIfEnded();
    return taken;
  }

  /**
   * The same for what the reader need not take before it wakes for something else, or of itself.
   */
  boolean offerRequestQuietly(T item) {
    boolean taken = requests.offer(item);
    if (!taken || requests.size() > QUIET_MAX) {
      wake();
    }
    handOverIfEnded();
    return taken;
  }

  /** Puts in what the protocol needs. */
  void putProtocol(T item) {
    if (!protocol.offer(item)) {
      throw new IllegalStateException(
          "Expected at most %d protocol inputs to wait, but there are more"
              .formatted(PROTOCOL_MAX));
    }
    wake();
    handOverIfEnded();
  }

  /** Lets the reader look again. */
  void wake() {
    var asleep = sleeper;
    if (asleep != null) {
      sleeper = null;
      LockSupport.unpark(asleep);
    }
  }

  /** Takes what the protocol put in, at most so many. Reader only. */
  int drainProtocol(Consumer<T> to, int limit) {
    return protocol.drain(to::accept, limit);
  }

  /** Takes what clients asked, at most so many. Reader only. */
  int drainRequests(Consumer<T> to, int limit) {
    return limit == 0 ? 0 : requests.drain(to::accept, limit);
  }

  /**
   * Ends the reading: what lies here and whatever is still put in goes there, on the thread of
   * whoever finds it. Reader only, which reads no more.
   */
  void close(Consumer<T> to) {
    afterEnd = to;
    handOverIfEnded();
  }

  private void handOverIfEnded() {
    var to = afterEnd;
    if (to != null) {
      handOver(to);
    }
  }

  /** One at a time, since the lanes allow only one to read them. */
  private synchronized void handOver(Consumer<T> to) {
    // A writer may have taken its place and not yet filled it: draining alone would stop there.
    while (!protocol.isEmpty() || !requests.isEmpty()) {
      protocol.drain(to::accept);
      requests.drain(to::accept);
    }
  }

  /** Waits until something is put in or the time has passed. Reader only. */
  void await(long nanos) {
    sleeper = Thread.currentThread();
    if (protocol.isEmpty() && requests.isEmpty()) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
  }
}
