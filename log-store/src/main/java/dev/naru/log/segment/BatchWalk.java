package dev.naru.log.segment;

import dev.naru.log.disk.OpenFiles;
import dev.naru.log.disk.OpenFiles.Recognition;
import dev.naru.log.disk.UnreadableException;
import dev.naru.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Walks from batch to batch through a segment's file, in bounded memory, trusting nothing: each
 * batch must have a plausible header, fit the file and begin at the offset where the one before
 * ends. Owned by one thread.
 */
public final class BatchWalk {

  /** Enough to find a batch from its index entry, mostly with one read. */
  public static final int SHORT_WINDOW = SegmentIndexes.INTERVAL_BYTES + BatchHeader.SIZE;

  /** For reading a long way. */
  public static final int LONG_WINDOW = 256 << 10;

  /**
   * Behind batches of this size and more, as at the beginning, the next header is had by a short
   * read, since a long one would bring few more and much that nobody looks at. Whoever does look
   * reads on with the whole window.
   */
  private static final int LARGE_BATCH = 32 << 10;

  /** The attributes; what lies before is the leader's to write. */
  private static final int CRC_FROM = 21;

  private final OpenFiles files;
  private final Recognition recognition;
  private final String name;
  private final int limit;
  private final ByteBuffer window;
  private int windowStart;
  private int position;
  private Optional<BatchHeader> current = Optional.empty();
  private Optional<Long> expectedOffset;
  private Optional<String> fault = Optional.empty();
  private boolean isUnreadable;

  /**
   * A walk through a file.
   *
   * @param from where a batch begins
   * @param limit where the last one must end, or end before
   * @param expectedOffset what the first one begins with, where that is known
   */
  public BatchWalk(
      OpenFiles files,
      String name,
      int from,
      int limit,
      Optional<Long> expectedOffset,
      int window) {
    this(files, name, from, limit, expectedOffset, window, Recognition.BY_NAME);
  }

  private BatchWalk(
      OpenFiles files,
      String name,
      int from,
      int limit,
      Optional<Long> expectedOffset,
      int window,
      Recognition recognition) {
    this.files = files;
    this.recognition = recognition;
    this.name = name;
    this.position = from;
    this.limit = limit;
    this.expectedOffset = expectedOffset;
    int needed = Math.max(limit - from, BatchHeader.SIZE);
    this.window = ByteBuffer.allocate(Math.min(window, needed)).limit(0);
  }

  /**
   * A walk through a segment.
   *
   * @param hint where an index says that a batch begins; where none can, the walk begins at 0
   */
  static BatchWalk over(Segment segment, int hint, int window) {
    int from = hint < 0 || hint > segment.bytes() ? 0 : hint;
    Optional<Long> expected = from == 0 ? Optional.of(segment.base()) : Optional.empty();
    return new BatchWalk(
        segment.files().open(),
        segment.log(),
        from,
        segment.bytes(),
        expected,
        window,
        segment.recognition());
  }

  /**
   * Goes to the next batch; false at the end, and where something is wrong, which {@link #fault}
   * then tells.
   */
  public boolean advance() {
    int before = position;
    position = nextPosition();
    current = Optional.empty();
    if (position == limit || fault.isPresent()) {
      return false;
    }
    int size = position - before; // 0 for none
    int wanted = size > 0 && size < LARGE_BATCH ? window.capacity() : SHORT_WINDOW;
    if (!isInWindow(position, BatchHeader.SIZE) && !fill(position, wanted)) {
      return false;
    }
    var header = BatchHeader.read(window, position - windowStart);
    fault = whatIsWrongWith(header);
    if (fault.isPresent()) {
      return false;
    }
    current = Optional.of(header);
    expectedOffset = Optional.of(header.nextOffset());
    return true;
  }

  private Optional<String> whatIsWrongWith(BatchHeader header) {
    if (header.magic() != BatchHeader.MAGIC) {
      return Optional.of("Expected magic 2, but was " + header.magic());
    }
    long left = (long) limit - position;
    if (header.sizeInBytes() < BatchHeader.SIZE || header.sizeInBytes() > left) {
      return Optional.of(
          "Expected a batch of %d to %d bytes, but was %d"
              .formatted(BatchHeader.SIZE, left, header.sizeInBytes()));
    }
    if (expectedOffset.isPresent() && header.baseOffset() != expectedOffset.get()) {
      return Optional.of(
          "Expected a batch at offset %d, but was %d"
              .formatted(expectedOffset.get(), header.baseOffset()));
    }
    if (header.lastOffsetDelta() < 0 || header.leaderEpoch() < 0 || header.nextOffset() < 0) {
      return Optional.of(
          "Expected no negative offset or epoch, but was %d and %d"
              .formatted(header.lastOffsetDelta(), header.leaderEpoch()));
    }
    return Optional.empty();
  }

  /** Where the present batch begins; after the last, where it ends; at a fault, where that is. */
  public int position() {
    return position;
  }

  /** The present batch's header. */
  public BatchHeader header() {
    return current.orElseThrow();
  }

  /** Where the present batch ends. */
  public int nextPosition() {
    return current.map(header -> position + header.sizeInBytes()).orElse(position);
  }

  /** Why the walk ended before the limit, if it did. */
  public Optional<String> fault() {
    return fault;
  }

  /** Whether that is because the disk could not give the bytes back, whatever they are. */
  public boolean isUnreadable() {
    return isUnreadable;
  }

  /**
   * Whether the present batch's bytes are those its checksum was taken of. Reads all of it; if that
   * is not possible, {@link #fault} tells why.
   */
  public boolean checksumFits() {
    var crc = new CRC32C();
    int at = position + CRC_FROM;
    int end = nextPosition();
    while (at < end) {
      if (!isInWindow(at, 1) && !fill(at, window.capacity())) {
        return false;
      }
      int length = Math.min(end, windowStart + window.limit()) - at;
      crc.update(window.slice(at - windowStart, length));
      at += length;
    }
    return (int) crc.getValue() == header().crc();
  }

  private boolean isInWindow(int from, int length) {
    return from >= windowStart && from + (long) length <= windowStart + (long) window.limit();
  }

  /**
   * Reads so much from here on; false with a fault when the file is gone or has not even a header's
   * bytes more.
   */
  private boolean fill(int from, int wanted) {
    window.clear().limit(Math.min(Math.min(window.capacity(), wanted), limit - from));
    windowStart = from;
    int read;
    try {
      read = files.read(name, window, from, recognition).orElse(0);
    } catch (UnreadableException e) {
      window.limit(0);
      fault = Optional.of(e.reason());
      isUnreadable = true;
      return false;
    }
    window.flip();
    int needed = Math.min(BatchHeader.SIZE, limit - from);
    if (read < needed) {
      fault = Optional.of("Expected " + needed + " bytes or more, but the file has " + read);
      return false;
    }
    if (limit - from < BatchHeader.SIZE && current.isEmpty()) {
      fault = Optional.of("Expected a batch header, but " + (limit - from) + " bytes are left");
      return false;
    }
    return true;
  }
}
