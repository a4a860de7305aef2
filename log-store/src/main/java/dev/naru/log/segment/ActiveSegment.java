package dev.naru.log.segment;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The segment that is appended to. Owned by the log's owner, and before that by its recovery. */
public final class ActiveSegment {

  private static final int COPY_BYTES = 256 << 10;

  private final SegmentFiles files;
  private final DiskFile file;
  private final SegmentIndexes indexes;
  private SegmentState state;
  private Optional<ClosingBatch> last; // empty while nobody has looked
  private boolean isClosed;

  private ActiveSegment(
      SegmentFiles files, DiskFile file, SegmentIndexes indexes, SegmentState state) {
    this.files = files;
    this.file = file;
    this.indexes = indexes;
    this.state = state;
    this.last = state.isEmpty() ? Optional.of(ClosingBatch.NONE) : Optional.empty();
  }

  /** A new segment, with a file of its own. */
  public static ActiveSegment create(SegmentFiles files, long base) {
    var file = files.disk().create(files.name(base, Part.LOG));
    return reopen(files, file, SegmentState.empty(base), KeptEntries.NONE);
  }

  /**
   * Goes on after what is known of a segment that has a file already. What the file holds beyond
   * that is not looked at: it is taken in by {@link #note}, or cut off.
   */
  public static ActiveSegment reopen(
      SegmentFiles files, DiskFile file, SegmentState known, KeptEntries kept) {
    return new ActiveSegment(files, file, SegmentIndexes.keeping(files, known.base(), kept), known);
  }

  /** Appends batches that begin at its end, with one write. */
  public void append(BatchBytes batches) {
    file.write(batches.asByteBuffer(), state.bytes());
    int from = 0;
    while (from < batches.size()) {
      var header = batches.headerAt(from);
      note(header);
      from += header.sizeInBytes();
    }
  }

  /** Indexes a batch that was part of what was known when it was reopened. */
  public void index(BatchHeader header, int position, long maxTimestampBefore) {
    indexes.note(header, position, maxTimestampBefore);
  }

  /** Takes in a batch that is in the file already. */
  public void note(BatchHeader header) {
    indexes.note(header, state.bytes(), state.maxTimestamp());
    state = state.with(header);
    last = Optional.of(ClosingBatch.of(header));
  }

  /**
   * Whether a batch fits, after some others that are not yet written. A large one gets a segment to
   * itself.
   */
  boolean hasRoomFor(BatchHeader header, int unwritten, int segmentBytesMax) {
    long before = (long) state.bytes() + unwritten;
    // Invariant: places and relative offsets within a segment are ints.
    return before == 0
        || (before + header.sizeInBytes() <= segmentBytesMax
            && header.lastOffset() - state.base() <= Integer.MAX_VALUE);
  }

  /**
   * Ends it: the rest of its indexes and a seal are written.
   *
   * @return the files that are to be forced, and after that closed
   */
  public List<DiskFile> seal() {
    indexes.flush();
    end();
    var seal = SegmentSeal.of(snapshot()).write(files);
    return Stream.concat(files().stream(), Stream.of(seal)).toList();
  }

  /** From now on it is told from other files by its last batch. */
  void end() {
    last = Optional.of(lastBatch());
    isClosed = true;
  }

  private ClosingBatch lastBatch() {
    return last.or(() -> snapshot().batchEndingAt(state.end()).map(ClosingBatch::of))
        .orElseThrow(() ->
            new LogDamagedException(
                new Damage(
                    files.partition(),
                    state.base(),
                    state.bytes(),
                    "Expected a batch that ends at offset %d, but there is none to be read"
                        .formatted(state.end()))));
  }

  /**
   * As {@link #seal}, then forces and closes what was written. For recovery, which waits for it.
   */
  public void sealDurably() {
    for (DiskFile written : seal()) {
      written.force();
      written.close();
    }
    files.disk().forceDirectory(files.directory());
  }

  /** Removes the seal of a segment that is to be appended to again. */
  public void unseal() {
    files.deleteIfPresent(files.name(state.base(), Part.SEAL));
  }

  /** Cuts off what the file holds beyond the segment. */
  public void cutOffRest() {
    file.truncate(state.bytes());
  }

  /**
   * Writes the batches from this place on over themselves. After a force that failed, in a process
   * before this one, the system may hold them in its cache and call them clean: no force would
   * bring them to the disk.
   */
  public void writeAgain(int from) {
    var buffer = ByteBuffer.allocate(Math.min(COPY_BYTES, state.bytes() - from));
    for (int at = from; at < state.bytes(); at += buffer.capacity()) {
      buffer.clear().limit(Math.min(buffer.capacity(), state.bytes() - at));
      file.read(buffer, at);
      file.write(buffer.flip(), at);
    }
  }

  /** Has the system begin to write the batches from this place on. */
  void startWriting(int from) {
    file.startWriting(from, (long) state.bytes() - from);
  }

  /** Forces the batches. */
  public void force() {
    file.force();
  }

  /** Closes its files. */
  public void close() {
    files().forEach(DiskFile::close);
  }

  /** Cuts the file to what it was earlier. */
  void cutTo(SegmentState earlier) {
    file.truncate(earlier.bytes());
    indexes.cutTo(earlier.bytes());
    state = earlier;
    last = earlier.isEmpty() ? Optional.of(ClosingBatch.NONE) : Optional.empty();
  }

  /** Writes what the indexes have gathered, so that the next start has less to do. */
  void flushIndexes() {
    indexes.flush();
  }

  /** All files it has open. */
  List<DiskFile> files() {
    return Stream.concat(Stream.of(file), indexes.files().stream()).toList();
  }

  /** The file of the batches. */
  DiskFile file() {
    return file;
  }

  /** What it amounts to now. */
  public SegmentState state() {
    return state;
  }

  /** What it is now, for any thread. */
  public Segment snapshot() {
    return new Segment(
        files, state, indexes.offsets(), indexes.times(), isClosed ? last : Optional.empty());
  }
}
