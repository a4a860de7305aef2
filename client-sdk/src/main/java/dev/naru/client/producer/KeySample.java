package dev.naru.client.producer;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the key of one record of sixteen, which stands for them all: so that a record costs a
 * few nanoseconds. Which one is a matter of chance, because keys may come in a rhythm.
 */
final class KeySample implements KeyTap {

  /** One of so many, on average. */
  static final int EVERY = 16;

  private final FrequentKeys keys;
  private final int partition;
  private long records;
  private int dice; // of George Marsaglia: three shifts; never zero
  private int left; // until the next look

  KeySample(FrequentKeys keys, int partition, RandomGenerator seeds) {
    this.keys = keys;
    this.partition = partition;
    this.dice = seeds.nextInt() | 1;
    this.left = nextGap();
  }

  @Override
  public void appended(byte @Nullable [] key) {
    records++;
    if (--left < 0) {
      left = nextGap();
      if (key != null) {
        keys.count(partition, key, EVERY);
      }
    }
  }

  /** 0 to twice as many as are passed over on average. */
  private int nextGap() {
    dice ^= dice << 13;
    dice ^= dice >>> 17;
    dice ^= dice << 5;
    return Integer.remainderUnsigned(dice, 2 * EVERY - 1);
  }

  @Override
  public long takeRecords() {
    long taken = records;
    records = 0;
    return taken;
  }
}
