package dev.naru.cli.perf;

import dev.naru.cli.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys and values, made before the clock starts; which is whose turn is a matter of counting. */
final class Payloads {

  private static final int BYTES_MAX = 1 << 20; // of values that differ
  private static final int VALUES_MAX = 1024;
  private static final long FILE_BYTES_MAX = 256L << 20; // it is held in memory
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private final byte[][] values;
  private final byte[][] keys;

  private Payloads(byte[][] values, int keyCount) {
    this.values = values;
    keys = new byte[keyCount][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ("key-" + i).getBytes(StandardCharsets.US_ASCII);
    }
  }

  static Payloads of(Load load) {
    return new Payloads(
        load.values().map(Payloads::linesOf).orElseGet(() -> random(load.recordBytes())),
        load.keys());
  }

  /** The same each time. */
  static byte[][] random(int bytes) {
    var random = new SplittableRandom(1);
    int count = Math.clamp(BYTES_MAX / Math.max(1, bytes), 1, VALUES_MAX);
    var values = new byte[count][bytes];
    for (byte[] value : values) {
      for (int i = 0; i < value.length; i++) {
        value[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
      }
    }
    return values;
  }

  private static byte[][] linesOf(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw CommandFailure.usage(
            "Expected %s to have at most %d bytes, but it has %d"
                .formatted(file, FILE_BYTES_MAX, Files.size(file)));
      }
      // Each byte becomes one character and the same byte again, whatever the text's encoding.
      var lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines();
      byte[][] values =
          lines.map(line -> line.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
      if (values.length == 0) {
        throw CommandFailure.usage("Expected lines in " + file + ", but it is empty");
      }
      return values;
    } catch (NoSuchFileException e) {
      throw CommandFailure.usage("Expected a file of values, but there is no " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double meanBytes() {
    return Arrays.stream(values).mapToInt(value -> value.length).average().orElse(0);
  }

  int valueCount() {
    return values.length;
  }

  byte[] value(long number) {
    return values[(int) (number % values.length)];
  }

  boolean hasKeys() {
    return keys.length > 0;
  }

  byte @Nullable [] key(long number) {
    return hasKeys() ? keys[(int) (number % keys.length)] : null;
  }
}
