package dev.naru.testing.files;

import java.nio.file.Path;
import java.util.OptionalLong;

/** That batches follow each other without a gap, and files are named by what they begin with. */
final class BatchChain {

  private OptionalLong expected = OptionalLong.empty(); // until there was a file

  void segment(Path path) {
    long base = SegmentFile.base(path);
    if (expected.isPresent() && expected.getAsLong() != base) {
      throw new NotAsDrawnException(
          "Expected a segment from offset %d on, but was %s".formatted(expected.getAsLong(), path));
    }
    expected = OptionalLong.of(base);
  }

  void batch(Path path, StoredBatch batch) {
    long wanted = expected.orElseThrow();
    if (batch.base() != wanted || batch.last() < batch.base()) {
      throw new NotAsDrawnException(
          "Expected a batch from offset %d on in %s, but was from %d to %d"
              .formatted(wanted, path, batch.base(), batch.last()));
    }
    expected = OptionalLong.of(batch.last() + 1);
  }

  /** The offset after the last one; absent while there was no file. */
  OptionalLong end() {
    return expected;
  }
}
