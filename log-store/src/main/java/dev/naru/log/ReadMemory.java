package dev.naru.log;

import java.nio.ByteBuffer;

/** Where batches that are read from a log are to lie. Any thread may ask. */
@FunctionalInterface
public interface ReadMemory {

  /** On the heap, left to the garbage collector. */
  ReadMemory HEAP = bytes -> new Room(ByteBuffer.allocate(bytes), () -> {});

  /** Room for so many bytes. */
  Room lend(int bytes);

  /**
   * Memory on loan.
   *
   * @param bytes to be written: as many as were asked for
   * @param giveBack called once, when nobody holds the batches any more
   */
  record Room(ByteBuffer bytes, Runnable giveBack) {}
}
