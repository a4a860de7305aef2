package dev.naru.log.segment;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.OpenFiles.Recognition;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
import java.util.Optional;

/**
 * One segment as it was at one moment: closed, or the part of the active one that had been written.
 * Immutable, for any thread.
 *
 * @param closing its last batch, if it is closed
 */
public record Segment(
    SegmentFiles files,
    SegmentState state,
    IndexView offsets,
    IndexView times,
    Optional<ClosingBatch> closing) {

  /** Tells the segment's file from any other, if the segment is closed. */
  public Recognition recognition() {
    return closing
        .<Recognition>map(batch -> new ClosedAs(batch, state))
        .orElse(Recognition.BY_NAME);
  }

  /** How it was closed. */
  private record ClosedAs(ClosingBatch last, SegmentState closed) implements Recognition {

    @Override
    public Optional<String> whatIsWrongWith(DiskFile file) {
      return last.whatIsWrongWith(file, closed);
    }
  }

  /** Its first offset. */
  public long base() {
    return state.base();
  }

  /** Where it ends, exclusive. */
  public long end() {
    return state.end();
  }

  /** How much of the file counts. */
  public int bytes() {
    return state.bytes();
  }

  /**
   * How much of the file lies at this offset and above, as the index knows it: a little more, where
   * the offset lies between two of its entries, and all where it cannot be read.
   */
  public int bytesFrom(long offset) {
    return offset <= base() ? bytes() : bytes() - Math.clamp(offsets.floor(offset), 0, bytes());
  }

  /** Name of the file with the batches. */
  public String log() {
    return files.name(base(), Part.LOG);
  }

  /** A walk over the batches, from the last indexed place at or before this offset. */
  public BatchWalk walkTowards(long offset) {
    return BatchWalk.over(this, offsets.floor(offset), BatchWalk.SHORT_WINDOW);
  }

  /** The same, for reading a long way from there. */
  public BatchWalk walkOnTowards(long offset) {
    return BatchWalk.over(this, offsets.floor(offset), BatchWalk.LONG_WINDOW);
  }

  /**
   * A walk over the batches that leaves out only some whose records are all earlier than this time.
   * An entry of the index that is not as it was written might lead too far, and what was left out
   * nobody would miss; so it is believed only for the batch it was made for.
   */
  public BatchWalk walkTowardsTime(long timestampMillis) {
    return timestampMillis == Long.MIN_VALUE
        ? walk()
        : times
            .floorEntry(timestampMillis - 1)
            .filter(this::isTrue)
            .map(entry -> BatchWalk.over(this, entry.position(), BatchWalk.LONG_WINDOW))
            .orElseGet(this::walk);
  }

  private boolean isTrue(IndexEntry entry) {
    return batchAt(entry.position())
        .filter(header -> entry.isFor(files.partition(), header))
        .isPresent();
  }

  /** A walk over all batches. */
  public BatchWalk walk() {
    return BatchWalk.over(this, 0, BatchWalk.LONG_WINDOW);
  }

  /** The header of the first batch, if there is one that can be read; with one small read. */
  public Optional<BatchHeader> firstBatch() {
    return batchAt(0);
  }

  /** The header of the batch that ends at this offset, if there is one. */
  public Optional<BatchHeader> batchEndingAt(long end) {
    return batchHolding(end - 1).filter(header -> header.nextOffset() == end);
  }

  /** The header of the batch at a position; empty if there is none to be read. */
  public Optional<BatchHeader> batchAt(int position) {
    var walk = BatchWalk.over(this, position, BatchHeader.SIZE);
    return walk.advance() ? Optional.of(walk.header()) : Optional.empty();
  }

  /**
   * The header of the batch that ends at this offset, where one does.
   *
   * @throws LogDamagedException if it cannot be read
   */
  public BatchHeader lastBatchBelow(long end) {
    return batchEndingAt(end).orElseThrow(() -> noBatchEndingAt(end));
  }

  private LogDamagedException noBatchEndingAt(long end) {
    var walk = walk();
    boolean isBelow = true;
    while (isBelow && walk.advance()) {
      isBelow = walk.header().nextOffset() < end;
    }
    String reason =
        "Expected a batch that ends at offset %d, but there is none to be read: %s"
            .formatted(end, walk.fault().orElse("another lies there"));
    return new LogDamagedException(new Damage(files.partition(), base(), walk.position(), reason));
  }

  /** The header of the batch that holds this offset, if there is one. */
  public Optional<BatchHeader> batchHolding(long offset) {
    return batchHolding(offset, walkTowards(offset))
        .or(() -> batchHolding(offset, walk())); // the index may have led astray
  }

  private static Optional<BatchHeader> batchHolding(long offset, BatchWalk walk) {
    while (walk.advance()) {
      if (walk.header().nextOffset() > offset) {
        return Optional.of(walk.header()).filter(header -> header.baseOffset() <= offset);
      }
    }
    return Optional.empty();
  }

  /** The same batches, found by other indexes. */
  Segment withIndexes(SegmentIndexes indexes) {
    return new Segment(files, state, indexes.offsets(), indexes.times(), closing);
  }
}
