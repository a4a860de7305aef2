package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records whose keys are drawn at random, and what must be left of them. Each says which record it
 * is: the offset that it must have, as the only producer writes them in order. Owned by one thread.
 */
final class KeyedRecords {

  static final int KEY_BYTES = 16;

  private static final int NOISE_BYTES = 1 << 20; // a power of two
  private static final int NOISE_STEP = 509; // so that no two neighbours are alike
  private static final int NONE = -1;

  private final int keys;
  private final int valueBytes;
  private final SplittableRandom random;
  private final byte[] noise;
  private final int[] newest; // number of the newest record of each key
  private int count;

  KeyedRecords(int keys, int valueBytes, long seed) {
    this.keys = keys;
    this.valueBytes = valueBytes;
    this.random = new SplittableRandom(seed);
    this.noise = new byte[NOISE_BYTES + valueBytes];
    this.random.nextBytes(noise);
    this.newest = new int[keys];
    Arrays.fill(newest, NONE);
  }

  /** One of them. */
  static final class Keyed {
    private final byte[] key;
    private final byte[] value;

    private Keyed(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    byte[] key() {
      return key;
    }

    byte[] value() {
      return value;
    }
  }

  /** Makes one more. */
  Keyed next() {
    int key = nextKey();
    newest[key] = count;
    return new Keyed(key(key), value(count++));
  }

  /** How many there are so far. */
  int count() {
    return count;
  }

  /**
   * Writes so many, to the one partition of a topic.
   *
   * @param times of each record
   */
  void write(NaruClient client, String topic, int records, IntFunction<Instant> times) {
    var failure = new AtomicReference<@Nullable NaruException>();
    try (var producer = client.producer(Codec.bytes(), Codec.bytes()).build()) {
      for (int i = 0; i < records; i++) {
        var next = next();
        producer.send(
            ProducerRecord.of(topic, next.key, next.value).withTimestamp(times.apply(i)),
            (ack, why) -> {
              if (why != null) {
                failure.compareAndSet(null, why);
              }
            });
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new BenchmarkFailure("Expected every record to be taken, but: " + failure.get());
    }
  }

  /** Each once, so that there are as many as it says, and then any. */
  private int nextKey() {
    return count < keys ? count : random.nextInt(keys);
  }

  private static byte[] key(int number) {
    var key = new byte[KEY_BYTES];
    Arrays.fill(key, (byte) '0');
    for (int i = KEY_BYTES - 1, left = number; left > 0; i--, left /= 10) {
      key[i] = (byte) ('0' + left % 10);
    }
    return key;
  }

  private byte[] value(int number) {
    int from = noiseOf(number);
    var value = Arrays.copyOfRange(noise, from, from + valueBytes);
    ByteBuffer.wrap(value).putInt(0, number);
    return value;
  }

  private static int noiseOf(int number) {
    return (number * NOISE_STEP) & (NOISE_BYTES - 1);
  }

  /** Reads all that a topic has, and refuses what is not the newest of each key. */
  Left check(NaruClient client, String topic, long cleanEnd) {
    var partition = new TopicPartition(topic, 0);
    var left = new Left(cleanEnd);
    var reading = client.consumer(Codec.bytes(), Codec.bytes());
    try (var consumer = reading.autoOffsetReset(OffsetReset.EARLIEST).build()) {
      consumer.assign(List.of(partition));
      while (consumer.position(partition) < count) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          left.add(record.offset(), record.key(), record.value());
        }
      }
    }
    left.requireNewest();
    return left;
  }

  /** What a consumer finds. */
  final class Left {

    private final long cleanEnd;
    private final BitSet clean = new BitSet(keys);
    private final int[] last = new int[keys];
    private int records;
    private long twice;

    Left(long cleanEnd) {
      this.cleanEnd = cleanEnd;
      Arrays.fill(last, NONE);
    }

    /** One record after the other. */
    void add(long offset, byte @Nullable [] key, byte @Nullable [] value) {
      int number = Math.toIntExact(offset);
      int of = key == null ? NONE : number(key);
      if (of == NONE || !Arrays.equals(value, value(number))) {
        throw new BenchmarkFailure(
            "Expected record %d at its offset, but it is not".formatted(number));
      }
      if (offset < cleanEnd) {
        twice += clean.get(of) ? 1 : 0;
        clean.set(of);
      }
      last[of] = number;
      records++;
    }

    private static int number(byte[] key) {
      int number = 0;
      for (byte digit : key) {
        number = number * 10 + digit - '0';
      }
      return number;
    }

    int records() {
      return records;
    }

    /** How many keys occur below the clean end. */
    int cleanKeys() {
      return clean.cardinality();
    }

    void requireNewest() {
      int wrong = Arrays.mismatch(last, newest);
      if (wrong >= 0 || twice > 0) {
        throw new BenchmarkFailure(
            "Expected the newest record of each key and no key twice below %d, but %s, %d twice"
                .formatted(
                    cleanEnd,
                    wrong < 0
                        ? "all are there"
                        : "of %d found %d, not %d".formatted(wrong, last[wrong], newest[wrong]),
                    twice));
      }
    }
  }
}
