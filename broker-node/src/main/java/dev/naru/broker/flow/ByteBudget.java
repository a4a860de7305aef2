package dev.naru.broker.flow;

/**
 * Counts bytes that were taken in and are not yet answered for. Owned by the event loop of its
 * connection.
 *
 * <p>Invariant: taken >= 0. It may pass the limit by one request: whoever was let in is never
 * turned away halfway, the next one waits.
 */
public final class ByteBudget {

  private final long bytesMax;
  private long taken;

  /** A budget of this many bytes. */
  public ByteBudget(long bytesMax) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException(
          "Expected a budget of at least 1 byte, but was " + bytesMax);
    }
    this.bytesMax = bytesMax;
  }

  /** Counts a request in. */
  public void take(long bytes) {
    taken += bytes;
  }

  /** Counts a request out. */
  public void giveBack(long bytes) {
    if (bytes > taken) {
      throw new IllegalStateException(
          "Expected at most " + taken + " bytes back, but was " + bytes);
    }
    taken -= bytes;
  }

  /** Bytes until the limit; zero when it is passed. */
  public long room() {
    return Math.max(0, bytesMax - taken);
  }

  /** Whether the next request may come in. */
  public boolean hasRoom() {
    return taken < bytesMax;
  }
}
