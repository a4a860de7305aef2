package dev.naru.client.core;

import dev.naru.record.Murmur2;
import java.nio.ByteBuffer;

/** Where a key goes: by murmur2, as Kafka's default partitioner has it. */
public final class KeyPartitioner {

  private KeyPartitioner() {}

  /** The partition of a key among so many. */
  public static int partition(byte[] key, int partitions) {
    return Murmur2.partition(key, partitions);
  }

  /** The partition of a key among so many. */
  public static int partition(ByteBuffer key, int partitions) {
    return Murmur2.partition(bytesOf(key), partitions);
  }

  /** Most codecs wrap an array of just the key: then nothing is copied. */
  private static byte[] bytesOf(ByteBuffer key) {
    if (key.hasArray() && key.arrayOffset() == 0 && key.remaining() == key.array().length) {
      return key.array();
    }
    byte[] copy = new byte[key.remaining()];
    key.get(key.position(), copy);
    return copy;
  }
}
