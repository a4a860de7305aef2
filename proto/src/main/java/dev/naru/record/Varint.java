package dev.naru.record;

/**
 * Protobuf's zigzag variable-length integers, as written: seven bits a byte, the least significant
 * first, the high bit set on all but the last.
 */
final class Varint {

  static final int BYTES_MAX = 5;
  static final int LONG_BYTES_MAX = 10;

  private Varint() {}

  static int size(int value) {
    int zigzag = (value << 1) ^ (value >> 31);
    return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
  }

  static int size(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
  }

  /** Writes at a position that has room and returns the one that follows. */
  static int write(byte[] to, int at, int value) {
    int rest = (value << 1) ^ (value >> 31);
    int position = at;
    while ((rest & ~0x7f) != 0) {
      to[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[position++] = (byte) rest;
    return position;
  }

  /** Writes at a position that has room and returns the one that follows. */
  static int write(byte[] to, int at, long value) {
    long rest = (value << 1) ^ (value >> 63);
    int position = at;
    while ((rest & ~0x7fL) != 0) {
      to[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[position++] = (byte) rest;
    return position;
  }
}
