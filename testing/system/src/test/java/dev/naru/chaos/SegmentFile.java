package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A segment as any program can read it that knows the format: written from the drawings in {@code
 * docs/formats}, without help from the code that wrote the file. Refuses whatever is not as drawn.
 *
 * @param base the first offset, as the file is named
 * @param batches all that it holds
 */
record SegmentFile(Path path, long base, long sizeInBytes, List<Batch> batches) {

  private static final String SUFFIX = ".log";
  private static final int NAME_DIGITS = 20;

  // Of a batch: places and sizes.
  private static final int LENGTH_AT = 8;
  private static final int MAGIC_AT = 16;
  private static final int CHECKSUM_AT = 17;
  private static final int CHECKED_FROM = 21;
  private static final int ATTRIBUTES_AT = 21;
  private static final int CODEC_MASK = 7;
  private static final int LAST_DELTA_AT = 23;
  private static final int RECORDS_AT = 57;
  private static final int HEADER_BYTES = 61;
  private static final int BEFORE_LENGTH_COUNTS = 12;

  SegmentFile {
    batches = List.copyOf(batches);
  }

  /** One batch, with its bytes. */
  record Batch(long base, long last, int records, ByteBuffer bytes) {

    /** Its records, which must fill it and be as many as it says. */
    List<StoredRecord> read() {
      if ((bytes.getShort(ATTRIBUTES_AT) & CODEC_MASK) != 0) {
        throw new AssertionError("Expected the batch at offset %d to be plain".formatted(base));
      }
      var body = bytes.slice(HEADER_BYTES, bytes.capacity() - HEADER_BYTES);
      var read = new ArrayList<StoredRecord>();
      while (body.hasRemaining()) {
        read.add(StoredRecord.next(base, body));
      }
      if (read.size() != records) {
        throw new AssertionError(
            "Expected %d records in the batch at offset %d, but were %d"
                .formatted(records, base, read.size()));
      }
      return read;
    }
  }

  static boolean isOne(Path path) {
    return String.valueOf(path.getFileName()).matches("\\d{" + NAME_DIGITS + "}\\" + SUFFIX);
  }

  static SegmentFile read(Path path) throws IOException {
    var name = String.valueOf(path.getFileName());
    long base = Long.parseLong(name.substring(0, NAME_DIGITS));
    var bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    var batches = new ArrayList<Batch>();
    while (bytes.hasRemaining()) {
      batches.add(batch(path, bytes));
    }
    return new SegmentFile(path, base, bytes.capacity(), batches);
  }

  private static Batch batch(Path path, ByteBuffer bytes) {
    int at = bytes.position();
    expect(bytes.remaining() >= HEADER_BYTES, path, at, "a batch's header, but the file ends");
    int size = BEFORE_LENGTH_COUNTS + bytes.getInt(at + LENGTH_AT);
    expect(size >= HEADER_BYTES && size <= bytes.remaining(), path, at, "a whole batch");
    expect(bytes.get(at + MAGIC_AT) == 2, path, at, "magic 2");
    var checksum = new CRC32C();
    checksum.update(bytes.slice(at + CHECKED_FROM, size - CHECKED_FROM));
    expect(
        (int) checksum.getValue() == bytes.getInt(at + CHECKSUM_AT), path, at, "a sound checksum");
    long base = bytes.getLong(at);
    bytes.position(at + size);
    return new Batch(
        base,
        base + bytes.getInt(at + LAST_DELTA_AT),
        bytes.getInt(at + RECORDS_AT),
        bytes.slice(at, size));
  }

  private static void expect(boolean holds, Path path, int at, String what) {
    if (!holds) {
      throw new AssertionError("Expected %s at byte %d of %s".formatted(what, at, path));
    }
  }

  /**
   * The batches of a log, which must be one chain from the name of the first file to the end of the
   * last one.
   */
  static List<Batch> chain(List<SegmentFile> segments) {
    var batches = new ArrayList<Batch>();
    long expected = segments.getFirst().base();
    for (var segment : segments) {
      assertThat(segment.base()).as("name of " + segment.path()).isEqualTo(expected);
      for (var batch : segment.batches()) {
        assertThat(batch.base()).as("a batch of " + segment.path()).isEqualTo(expected);
        batches.add(batch);
        expected = batch.last() + 1;
      }
    }
    return batches;
  }

  /** The offset after the last one. */
  long end() {
    return batches.isEmpty() ? base : batches.getLast().last() + 1;
  }
}
