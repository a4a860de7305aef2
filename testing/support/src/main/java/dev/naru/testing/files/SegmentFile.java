package dev.naru.testing.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment, read whole.
 *
 * @param base the first offset, as the file is named
 * @param batches all that it holds
 */
public record SegmentFile(Path path, long base, long sizeInBytes, List<StoredBatch> batches) {

  private static final String SUFFIX = ".log";
  private static final int NAME_DIGITS = 20;

  public SegmentFile {
    batches = List.copyOf(batches);
  }

  /** Whether this is the name of one. */
  static boolean isOne(Path path) {
    return String.valueOf(path.getFileName()).matches("\\d{" + NAME_DIGITS + "}\\" + SUFFIX);
  }

  /** The first offset, of which a segment's file has its name. */
  static long base(Path path) {
    return Long.parseLong(String.valueOf(path.getFileName()).substring(0, NAME_DIGITS));
  }

  /** Reads it all. */
  public static SegmentFile read(Path path) throws IOException {
    var batches = new ArrayList<StoredBatch>();
    try (var reader = SegmentReader.open(path)) {
      for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
        batches.add(batch.get());
      }
    }
    return new SegmentFile(path, base(path), Files.size(path), batches);
  }

  /**
   * The batches of a log, which must be one chain from the name of the first file to the end of the
   * last one.
   */
  public static List<StoredBatch> chain(List<SegmentFile> segments) {
    var batches = new ArrayList<StoredBatch>();
    var chain = new BatchChain();
    for (var segment : segments) {
      chain.segment(segment.path());
      for (var batch : segment.batches()) {
        chain.batch(segment.path(), batch);
        batches.add(batch);
      }
    }
    return batches;
  }

  /** The offset after the last one. */
  public long end() {
    return batches.isEmpty() ? base : batches.getLast().last() + 1;
  }
}
