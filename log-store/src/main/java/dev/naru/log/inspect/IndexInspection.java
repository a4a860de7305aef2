package dev.naru.log.inspect;

import dev.naru.log.disk.OpenFiles;
import dev.naru.log.inspect.Detail.Field;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.IndexEntry;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads one index file, and, to verify it, the headers of the segment beside it at the same pace:
 * each entry must lead to a batch, and what it says must be so.
 */
final class IndexInspection {

  private static final int READ_BYTES = 1024 * IndexEntry.BYTES; // 16 KiB

  private final OpenFiles files;
  private final Report report;
  private final String file;
  private final long size;
  private final boolean isOfTimes;
  private final boolean isCertain;
  private final Optional<PartitionId> partition;
  private final Optional<BatchWalk> walk;
  private long latest = Long.MIN_VALUE; // of the batches the walk has left behind
  private long lastKey = Long.MIN_VALUE;
  private int lastPosition;

  /**
   * Will read this file.
   *
   * @param isCertain whether it was forced with its segment; else what does not fit is made anew
   * @param partition whose log it is, if that is known
   * @param walk over the segment, if it is there and the index is to be verified
   */
  IndexInspection(
      OpenFiles files,
      Report report,
      String file,
      long size,
      boolean isOfTimes,
      boolean isCertain,
      Optional<PartitionId> partition,
      Optional<BatchWalk> walk) {
    this.files = files;
    this.report = report;
    this.file = file;
    this.size = size;
    this.isOfTimes = isOfTimes;
    this.isCertain = isCertain;
    this.partition = partition;
    this.walk = walk;
    walk.ifPresent(BatchWalk::advance);
  }

  /** Reads it. */
  void run() {
    var block = ByteBuffer.allocate((int) Math.min(READ_BYTES, size));
    long at = 0;
    int read;
    do {
      read = files.read(file, block.clear(), at).orElse(0);
      block.flip();
      while (block.remaining() >= IndexEntry.BYTES) {
        entry(at + block.position(), IndexEntry.read(block));
      }
      at += read - block.remaining();
    } while (read == READ_BYTES);
    if (at != size) {
      wrong(
          at,
          "Expected entries of %d bytes, but %d are left".formatted(IndexEntry.BYTES, size - at));
    }
  }

  private void entry(long at, IndexEntry entry) {
    long key = entry.key();
    int position = entry.position();
    String name = isOfTimes ? "timestamp" : "offset";
    report.count();
    report.say(new Detail.Entry(at, List.of(Field.of(name, key), Field.of("position", position))));
    if (key <= lastKey || position <= lastPosition) {
      wrong(
          at,
          "Expected more than %s %d and position %d, but was %d and %d"
              .formatted(name, lastKey, lastPosition, key, position));
    } else if (walk.isPresent()) {
      againstLog(walk.get(), at, entry);
    }
    lastKey = Math.max(lastKey, key);
    lastPosition = Math.max(lastPosition, position);
  }

  private void againstLog(BatchWalk log, long at, IndexEntry entry) {
    long key = entry.key();
    int position = entry.position();
    while (log.position() < position && log.nextPosition() > log.position()) {
      latest = Math.max(latest, log.header().maxTimestamp());
      log.advance();
    }
    boolean leadsToBatch = log.position() == position && log.nextPosition() > position;
    if (!leadsToBatch) {
      wrong(at, "Expected a batch at position " + position + ", but there is none");
    } else if (!isOfTimes && log.header().baseOffset() != key) {
      wrong(
          at,
          "Expected the batch at position %d to begin at offset %d, but was %d"
              .formatted(position, key, log.header().baseOffset()));
    } else if (isOfTimes && latest > key) {
      wrong(
          at,
          "Expected no timestamp after %d before position %d, but was %d"
              .formatted(key, position, latest));
    } else if (partition.map(id -> !entry.isFor(id, log.header())).orElse(false)) {
      wrong(
          at,
          "Expected the check of an entry for the batch at position %d, but was %08x"
              .formatted(position, entry.check()));
    }
  }

  private void wrong(long at, String reason) {
    if (isCertain) {
      report.fault(file, at, reason);
    } else {
      report.note(file, at, "A start would make it anew: " + reason);
    }
  }
}
