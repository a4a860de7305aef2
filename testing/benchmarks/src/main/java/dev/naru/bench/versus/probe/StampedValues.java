package dev.naru.bench.versus.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Values that say of themselves which they are and when they were to be sent.
 *
 * <pre>
 *  0  number, 8 bytes
 *  8  when it was to be sent, 8 bytes: System.nanoTime of the sender
 * 16  the rest of a line of the file of values
 * </pre>
 *
 * The reader is another process on the same machine. On Linux the JVM's {@code nanoTime} is the
 * machine's monotonic clock, which is the same for both and never set.
 */
public final class StampedValues {

  private static final int STAMP_BYTES = 2 * Long.BYTES;

  private final List<byte[]> lines;

  private StampedValues(List<byte[]> lines) {
    this.lines = lines;
  }

  /** The lines of this file, one after the other, over and over. */
  public static StampedValues of(Path file) {
    try (var all = Files.lines(file, StandardCharsets.US_ASCII)) {
      return new StampedValues(
          all.map(line -> line.getBytes(StandardCharsets.US_ASCII))
              .filter(line -> line.length >= STAMP_BYTES)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A value of its own for this record. */
  public byte[] value(long number, long dueNanos) {
    var value = lines.get((int) (number % lines.size())).clone();
    ByteBuffer.wrap(value).putLong(number).putLong(dueNanos);
    return value;
  }

  static long numberOf(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  static long dueNanosOf(byte[] value) {
    return ByteBuffer.wrap(value).getLong(Long.BYTES);
  }
}
