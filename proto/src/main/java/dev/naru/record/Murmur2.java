package dev.naru.record;

/**
 * MurmurHash2 as Kafka's default partitioner uses it, so that equal keys meet in equal partitions.
 */
public final class Murmur2 {

  private static final int SEED = 0x9747b28c;
  private static final int OTHER_SEED = 0x2f5a3c71;
  private static final int MIX = 0x5bd1e995;
  private static final int SHIFT = 24;

  private Murmur2() {}

  /** The partition of a key among so many. */
  public static int partition(byte[] key, int partitions) {
    return (hash(key) & Integer.MAX_VALUE) % partitions;
  }

  /** The hash of the bytes. */
  public static int hash(byte[] bytes) {
    return hash(bytes, SEED);
  }

  /**
   * A hash by which a key is known among millions: that of the other method in the upper half, and
   * one with another seed in the lower.
   */
  public static long hash64(byte[] bytes) {
    return ((long) hash(bytes) << Integer.SIZE) | (hash(bytes, OTHER_SEED) & 0xffff_ffffL);
  }

  private static int hash(byte[] bytes, int seed) {
    int whole = bytes.length & ~3;
    int hash = seed ^ bytes.length;
    for (int i = 0; i < whole; i += 4) {
      int word = littleEndian(bytes, i, 4) * MIX;
      word = (word ^ (word >>> SHIFT)) * MIX;
      hash = (hash * MIX) ^ word;
    }
    if (whole < bytes.length) {
      hash = (hash ^ littleEndian(bytes, whole, bytes.length - whole)) * MIX;
    }
    hash = (hash ^ (hash >>> 13)) * MIX;
    return hash ^ (hash >>> 15);
  }

  private static int littleEndian(byte[] bytes, int from, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[from + i] & 0xff) << (8 * i);
    }
    return value;
  }
}
