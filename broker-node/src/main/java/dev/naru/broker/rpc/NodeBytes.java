package dev.naru.broker.rpc;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of batches that a node holds for all its produce streams together, so that many connections
 * cannot fill the heap while each keeps within its own limit. A stream that finds no room waits in
 * line and is called when there is some. For any thread; a stream waits at most once at a time.
 */
public final class NodeBytes {

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /** A budget of this many bytes for the whole node. */
  public NodeBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void take(long bytes) {
    taken.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
    callNext();
  }

  boolean hasRoom() {
    return taken.get() < bytesMax;
  }

  /** Calls back once there is room; the callback must only pass the news on. */
  void await(Runnable resume) {
    waiting.add(resume);
    callNext(); // room may have come back between the look and the line above
  }

  private void callNext() {
    while (hasRoom()) {
      var next = waiting.poll();
      if (next == null) {
        return;
      }
      next.run();
    }
  }
}
