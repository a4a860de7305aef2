package dev.naru.log;

import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.retention.KeptSegment;
import dev.naru.log.retention.Retention;
import dev.naru.log.retention.Retention.NewStart;
import dev.naru.log.retention.RetentionLimits;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentList;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
import dev.naru.record.TimestampType;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A log as it was at one moment, for readers on any thread. Immutable; reading goes to the files.
 *
 * <p>When the log is cut, or its oldest segments are deleted, while a reader still holds an older
 * view, the reader gets nothing, never bytes that were not in the log: every batch read is checked
 * against what the view expects in its place, and a misfit in a log that was changed so meanwhile
 * says only that the view is old.
 */
public final class LogView {

  /** Compaction makes one of those that lie side by side; many in a row are none of its making. */
  private static final int EMPTY_BATCHES_MAX = 100;

  private final PartitionId id;
  private final long start;
  private final EpochHistory epochs;
  private final SegmentList closed;
  private final Segment active;
  private final LogLife life;
  private final long lifeBefore;
  private final long swapsBefore;
  private final LogConfig config;
  private final long startOnRecord;

  LogView(
      PartitionId id,
      long start,
      EpochHistory epochs,
      SegmentList closed,
      Segment active,
      LogLife life,
      LogConfig config,
      long startOnRecord) {
    this.id = id;
    this.start = start;
    this.epochs = epochs;
    this.closed = closed;
    this.active = active;
    this.life = life;
    this.lifeBefore = life.now();
    this.swapsBefore = life.swaps();
    this.config = config;
    this.startOnRecord = startOnRecord;
  }

  /** Whose log. */
  public PartitionId id() {
    return id;
  }

  /** The first offset. */
  public long start() {
    return start;
  }

  /**
   * Where the first batch begins that the log holds: a start that was asked for may lie inside it.
   */
  public long firstBatchBase() {
    if (start == end()) {
      return start;
    }
    var segment = segmentAt(start);
    return segment.base() == start
        ? start // without a read, which in the oldest segment is one from the disk
        : segment.batchHolding(start).map(BatchHeader::baseOffset).orElse(start);
  }

  /** The end, exclusive. */
  public long end() {
    return active.end();
  }

  /** Which epochs wrote what. */
  public EpochHistory epochs() {
    return epochs;
  }

  /**
   * The first offset that the next start of the node will not fall below, once the group commit
   * that this was heard from is over.
   */
  public long startOnRecord() {
    return startOnRecord;
  }

  /** What the topic had decided about the log. */
  public LogConfig config() {
    return config;
  }

  /** The closed segments, the oldest first. */
  public List<Segment> closed() {
    return closed.segments();
  }

  /**
   * Where the log is to begin by the topic's settings, if that is later than it does.
   *
   * @param committedEnd the high watermark
   * @param nowMillis a time that is not after the true one
   */
  public Optional<NewStart> newStart(long committedEnd, long nowMillis) {
    var limits = config.retention();
    if (!config.cleanup().deletes() || limits.equals(RetentionLimits.NONE)) {
      return Optional.empty();
    }
    return new Retention(limits, committedEnd, nowMillis, this::writtenMillis)
        .of(closed.segments().stream().map(LogView::kept).toList(), kept(active))
        .filter(found -> found.offset() > start);
  }

  private static KeptSegment kept(Segment segment) {
    return new KeptSegment(
        segment.base(), segment.end(), segment.bytes(), segment.state().maxTimestamp());
  }

  private OptionalLong writtenMillis(long base) {
    var files = active.files();
    return files.disk().writtenMillis(files.name(base, Part.LOG));
  }

  /** The time of the first batch in the active segment, if there is one that can be read. */
  public OptionalLong activeSinceMillis() {
    return active.firstBatch().stream().mapToLong(BatchHeader::maxTimestamp).findFirst();
  }

  /** The first offset of the active segment. */
  public long activeBase() {
    return active.base();
  }

  /** What its files of batches take, those of the indexes not counted. */
  public long bytes() {
    return closed.segments().stream().mapToLong(Segment::bytes).sum() + active.bytes();
  }

  /** The segment that is appended to, as it was. */
  public Segment active() {
    return active;
  }

  /** Reads into memory of the heap. */
  public FetchSlice read(long offset, int bytesMax, long below) {
    return read(offset, bytesMax, below, ReadMemory.HEAP);
  }

  /**
   * Whole batches from the one that holds the offset on: as many as fit, but at least one, and none
   * that reaches above {@code below}. From one segment at most, so there may be more to read at
   * once.
   *
   * @param memory where the batches are to lie
   * @throws IllegalArgumentException if the offset is outside [start, end]
   * @throws LogDamagedException if what lies there is not what was written
   */
  public FetchSlice read(long offset, int bytesMax, long below, ReadMemory memory) {
    if (offset < start || offset > end()) {
      throw new IllegalArgumentException(
          "Expected an offset in [%d, %d] of %s, but was %d".formatted(start, end(), id, offset));
    }
    long limit = Math.min(below, end());
    return offset >= limit
        ? FetchSlice.nothingAt(offset)
        : new SliceReader(this, segmentAt(offset), memory).read(offset, bytesMax, limit);
  }

  /**
   * The first record below an offset whose timestamp is this one or later.
   *
   * @throws LogDamagedException as in {@link #read}
   */
  public TimeAnswer firstAtOrAfter(long timestampMillis, long below) {
    return new TimeLookup(this, timestampMillis, Math.min(below, end())).find();
  }

  /** The time of the batch that holds this offset; empty at the end of the log. */
  OptionalLong timeAt(long offset) {
    long from = Math.max(offset, start);
    return from >= end()
        ? OptionalLong.empty()
        : segmentAt(from).batchHolding(from).stream()
            .mapToLong(BatchHeader::maxTimestamp)
            .findFirst();
  }

  /**
   * The time of the oldest record from this offset on: that of the first record of its batch, which
   * may lie before it; of a batch that compaction has worked on or the topic stamps, that of the
   * last one. Empty if there is none below the limit, and if the log has changed since, so that a
   * newer view must be asked. Reads a few headers, and checks no record: the answer is for people.
   *
   * @param below offsets from here on are not looked at
   */
  public OptionalLong oldestTimeFrom(long offset, long below) {
    long limit = Math.min(below, end());
    long from = Math.max(offset, start);
    for (int i = 0; i < EMPTY_BATCHES_MAX && from < limit; i++) {
      var header = segmentAt(from).batchHolding(from);
      if (header.isEmpty()) {
        return OptionalLong.empty();
      }
      if (!header.get().isHeaderOnly()) {
        return OptionalLong.of(timeOf(header.get()));
      }
      from = header.get().nextOffset();
    }
    return OptionalLong.empty();
  }

  /** What compaction writes in place of the base timestamp is no time of a record. */
  private static long timeOf(BatchHeader header) {
    boolean isBaseOwn =
        header.timestampType() == TimestampType.CREATE_TIME && header.deleteHorizon().isEmpty();
    return isBaseOwn ? header.baseTimestamp() : header.maxTimestamp();
  }

  /**
   * The checksum of the batch that ends at this offset, if the log holds one, and holds it as its
   * leader wrote it.
   */
  public OptionalInt crcAt(long end) {
    return batchEndingAt(end).stream()
        .filter(header -> !header.isCompacted())
        .mapToInt(BatchHeader::crc)
        .findFirst();
  }

  /**
   * The edge of a batch at or below this offset where the log can be cut. It is below where
   * compaction has made one batch of some: an edge that a peer knows may be inside it.
   */
  long edgeUpTo(long offset) {
    return offset == end()
        ? offset
        : segmentAt(offset)
            .batchHolding(offset)
            .filter(BatchHeader::isHeaderOnly)
            .map(BatchHeader::baseOffset)
            .orElse(offset);
  }

  /** The header of the batch that ends at this offset, if the log holds one. */
  Optional<BatchHeader> batchEndingAt(long end) {
    return end > end()
        ? Optional.empty()
        : holding(end - 1).flatMap(segment -> segment.batchEndingAt(end));
  }

  /**
   * The header of the last batch of the log if it ended here. There is one, unless all below has
   * gone.
   *
   * @throws LogDamagedException if it cannot be read
   */
  Optional<BatchHeader> lastBatchBelow(long end) {
    return end > start ? Optional.of(segmentAt(end - 1).lastBatchBelow(end)) : batchEndingAt(end);
  }

  /** Whether the log has been cut or closed since. */
  boolean isCut() {
    return life.now() != lifeBefore;
  }

  /** Whether the log has been cut or closed since, or closed segments have gone. */
  public boolean isOld() {
    return isCut() || life.swaps() != swapsBefore;
  }

  /** Where the segment begins that holds this offset; the offset itself if none does any more. */
  public long segmentBaseAt(long offset) {
    return holding(offset).map(Segment::base).orElse(offset);
  }

  /** The segment that holds an offset of the log. */
  Segment segmentAt(long offset) {
    return holding(offset).orElseThrow();
  }

  private Optional<Segment> holding(long offset) {
    return offset >= active.base() ? Optional.of(active) : closed.holding(offset);
  }
}
