package dev.naru.cli.perf;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys and values, made before the clock starts; which is whose turn is a matter of counting. */
final class Payloads {

  private static final int BYTES_MAX = 1 << 20; // of values that differ
  private static final int VALUES_MAX = 1024;
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private final byte[][] values;
  private final byte[][] keys;

  Payloads(Load load) {
    var random = new SplittableRandom(1); // the same load each time
    int count = Math.clamp(BYTES_MAX / Math.max(1, load.recordBytes()), 1, VALUES_MAX);
    values = new byte[count][load.recordBytes()];
    for (byte[] value : values) {
      for (int i = 0; i < value.length; i++) {
        value[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
      }
    }
    keys = new byte[load.keys()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ("key-" + i).getBytes(StandardCharsets.US_ASCII);
    }
  }

  byte[] value(long number) {
    return values[(int) (number % values.length)];
  }

  byte @Nullable [] key(long number) {
    return keys.length == 0 ? null : keys[(int) (number % keys.length)];
  }
}
