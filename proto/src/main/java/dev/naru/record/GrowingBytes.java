package dev.naru.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A byte array that grows with what is written and refuses to pass its limit. Owned by one codec
 * call.
 */
final class GrowingBytes extends OutputStream {

  private final int limit;
  private byte[] array;
  private int size;

  /**
   * Begins with so many bytes of room, of which the first {@code reserved} are left to the caller.
   */
  GrowingBytes(int room, int reserved, int limit) {
    this.array = new byte[Math.min(room, limit)];
    this.size = reserved;
    this.limit = limit;
  }

  /** Begins anew in the same array. */
  void restart(int reserved) {
    size = reserved;
  }

  byte[] array() {
    return array;
  }

  int size() {
    return size;
  }

  /** The bytes so far. */
  ByteBuffer view() {
    return ByteBuffer.wrap(array, 0, size).slice();
  }

  /** Makes room for so many bytes more, to be written into {@link #array} at {@link #size}. */
  void ensureRoom(int wanted) {
    if (wanted > limit - size) {
      throw tooLarge();
    }
    if (wanted > array.length - size) {
      long doubled = Math.min(2L * array.length, limit);
      byte[] larger = new byte[(int) Math.max(doubled, size + wanted)];
      System.arraycopy(array, 0, larger, 0, size);
      array = larger;
    }
  }

  /** Makes room for so many bytes more, or as many as the limit still admits, and says how many. */
  int makeRoomUpTo(int wanted) {
    int room = Math.min(wanted, limit - size);
    ensureRoom(room);
    return room;
  }

  /** Counts bytes that were written into the array. */
  void wrote(int count) {
    size += count;
  }

  /** Takes everything that a stream still has. */
  void fillFrom(InputStream in) throws IOException {
    while (true) {
      if (size == limit) {
        if (in.read() >= 0) {
          throw tooLarge();
        }
        return;
      }
      ensureRoom(1);
      int count = in.read(array, size, array.length - size);
      if (count < 0) {
        return;
      }
      size += count;
    }
  }

  @Override
  public void write(int oneByte) {
    ensureRoom(1);
    array[size++] = (byte) oneByte;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    ensureRoom(length);
    System.arraycopy(from, offset, array, size, length);
    size += length;
  }

  BatchRefusedException tooLarge() {
    return BatchRefusedException.corrupt(
        "Expected records of at most " + limit + " bytes when inflated, but they are more");
  }
}
