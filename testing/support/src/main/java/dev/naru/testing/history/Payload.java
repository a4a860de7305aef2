package dev.naru.testing.history;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The payload that says which record it is and cannot be changed unseen: the value in eight bytes,
 * then noise that follows from value and length. Every byte is compared, so that nothing rests on a
 * checksum that the product uses too.
 */
public final class Payload {

  /** The value and as much noise. */
  public static final int BYTES_MIN = 2 * Long.BYTES;

  private Payload() {}

  /** The payload of this value, of this length. */
  public static byte[] of(Value value, int length) {
    if (length < BYTES_MIN) {
      throw new IllegalArgumentException(
          "Expected a payload of at least %d bytes, but was %d".formatted(BYTES_MIN, length));
    }
    byte[] payload = new byte[length];
    var bytes = ByteBuffer.wrap(payload);
    bytes.putLong(value.packed());
    long seed = seed(value.packed(), length);
    while (bytes.remaining() >= Long.BYTES) {
      bytes.putLong(noise(seed, bytes.position()));
    }
    while (bytes.hasRemaining()) {
      bytes.put((byte) noise(seed, bytes.position()));
    }
    return payload;
  }

  /** Which value this is the payload of; empty if of none. */
  public static Optional<Value> read(byte[] payload) {
    return read(ByteBuffer.wrap(payload));
  }

  /** Which value this is the payload of, from its position to its limit; empty if of none. */
  public static Optional<Value> read(ByteBuffer payload) {
    var bytes = payload.slice();
    if (bytes.remaining() < BYTES_MIN) {
      return Optional.empty();
    }
    long packed = bytes.getLong();
    if (packed < 0 || (int) packed < 0) {
      return Optional.empty();
    }
    long seed = seed(packed, bytes.capacity());
    while (bytes.remaining() >= Long.BYTES) {
      int at = bytes.position();
      if (bytes.getLong() != noise(seed, at)) {
        return Optional.empty();
      }
    }
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      if (bytes.get() != (byte) noise(seed, at)) {
        return Optional.empty();
      }
    }
    return Optional.of(Value.unpacked(packed));
  }

  private static long seed(long packed, int length) {
    return noise(packed, length);
  }

  /** The finish of SplitMix64: each bit of the result hangs on each bit that goes in. */
  private static long noise(long seed, int at) {
    long mixed = seed + (at + 1) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
