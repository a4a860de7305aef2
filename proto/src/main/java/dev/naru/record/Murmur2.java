package dev.naru.record;

/**
 * MurmurHash2 as Kafka's default partitioner uses it, so that equal keys meet in equal partitions.
 */
public final class Murmur2 {

  private static final int SEED = 0x9747b28c;
  private static final int MIX = 0x5bd1e995;
  private static final int SHIFT = 24;

  private Murmur2() {}

  /** The partition of a key among so many. */
  public static int partition(byte[] key, int partitions) {
    return (hash(key) & Integer.MAX_VALUE) % partitions;
  }

  /** The hash of the bytes. */
  public static int hash(byte[] bytes) {
    int whole = bytes.length & ~3;
    int hash = SEED ^ bytes.length;
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
