package dev.naru.broker.transport;

import dev.naru.wire.BatchMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lends memory outside the heap, from Netty's pool: a file and a socket take it as it is, and what
 * was given back is used again while it is still in the processor's caches.
 *
 * <p>It lends up to a limit; what comes beyond lies on the heap, so that a burst makes a node
 * slower and does not end it.
 */
public final class PooledMemory implements BatchMemory {

  /**
   * A smaller message is copied in less time than a buffer is taken from the pool and given back.
   */
  private static final int BYTES_MIN = 2 << 10;

  private final PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
  private final long bytesMax;
  private final AtomicLong lent = new AtomicLong();

  /** Lends about so many bytes at a time. */
  public PooledMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public Optional<Room> lend(int bytes) {
    if (bytes < BYTES_MIN || lent.get() + bytes > bytesMax) {
      return Optional.empty();
    }
    ByteBuf buffer;
    try {
      buffer = pool.directBuffer(bytes, bytes);
    } catch (OutOfMemoryError e) { // outside the heap: sockets use that memory, too
      return Optional.empty();
    }
    lent.addAndGet(bytes);
    return Optional.of(
        new Room(
            buffer.nioBuffer(0, bytes),
            () -> {
              lent.addAndGet(-bytes);
              buffer.release();
            }));
  }

  /** What is not given back. */
  public long lentBytes() {
    return lent.get();
  }
}
