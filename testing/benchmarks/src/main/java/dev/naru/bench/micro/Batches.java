package dev.naru.bench.micro;

import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import java.util.List;
import java.util.SplittableRandom;

/** Batches of records without keys, the same each time. */
final class Batches {

  private static final long TIMESTAMP = 1_800_000_000_000L;
  private static final int LETTERS = 26;

  private Batches() {}

  /** Random lower-case letters. */
  static byte[] value(int bytes) {
    var random = new SplittableRandom(1);
    var value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) ('a' + random.nextInt(LETTERS));
    }
    return value;
  }

  static BatchBytes batch(BatchBuilder builder, byte[] value, int records, Compression type) {
    for (int i = 0; i < records; i++) {
      builder.append(TIMESTAMP, (byte[]) null, value, List.of());
    }
    return builder.build(type);
  }
}
