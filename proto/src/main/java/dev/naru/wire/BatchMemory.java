package dev.naru.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Memory for received messages, given back when nobody {@linkplain
 * dev.naru.record.BatchBytes#release holds} their batches any more. Any thread may ask.
 */
@FunctionalInterface
public interface BatchMemory {

  /** Lends nothing: batches lie in plain memory and are left to the garbage collector. */
  BatchMemory PLAIN = bytes -> Optional.empty();

  /** Room for a message of so many bytes; empty when it is to lie in plain memory. */
  Optional<Room> lend(int bytes);

  /**
   * Memory on loan.
   *
   * @param bytes to be written and read: as many as were asked for
   * @param giveBack to be called once; from then on it is another's
   */
  record Room(ByteBuffer bytes, Runnable giveBack) {}
}
