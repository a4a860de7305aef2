package dev.naru.log;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.Segment;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads batches of one segment and checks what comes back: frame, place, epoch, checksum. Reading
 * twice costs little beside sending a consumer bytes that nobody wrote.
 */
final class SliceReader {

  private final LogView view;
  private final Segment segment;
  private final ReadMemory memory;

  SliceReader(LogView view, Segment segment, ReadMemory memory) {
    this.view = view;
    this.segment = segment;
    this.memory = memory;
  }

  /** Batches from the one that holds the offset on, none above the limit. */
  FetchSlice read(long offset, int bytesMax, long limit) {
    var found = find(offset).flatMap(walk -> bytesAt(walk, bytesMax));
    if (found.isEmpty()) {
      return FetchSlice.nothingAt(offset);
    }
    var bytes = found.get().bytes;
    boolean isReturned = false;
    try {
      var slice = checked(found.get(), limit).filter(read -> !read.isEmpty());
      isReturned = slice.isPresent();
      return slice.orElse(FetchSlice.nothingAt(offset));
    } finally {
      if (!isReturned) {
        bytes.release();
      }
    }
  }

  /** A walk that stands at the batch that holds the offset; empty when the view is old. */
  private Optional<BatchWalk> find(long offset) {
    var walk = segment.walkTowards(offset);
    if (!stopsAt(walk, offset)) { // The index led astray; the segment's beginning cannot.
      walk = segment.walk();
      if (!stopsAt(walk, offset)) {
        String none = "Expected a batch with offset " + offset + ", but there is none";
        return misfit(walk.position(), walk.fault().orElse(none));
      }
    }
    return Optional.of(walk);
  }

  private static boolean stopsAt(BatchWalk walk, long offset) {
    while (walk.advance()) {
      if (walk.header().nextOffset() > offset) {
        return walk.header().baseOffset() <= offset;
      }
    }
    return false;
  }

  /** What was read, where, and the offset with which it has to begin. */
  private record Found(int position, long firstOffset, BatchBytes bytes) {}

  private Optional<Found> bytesAt(BatchWalk walk, int bytesMax) {
    int size = walk.header().sizeInBytes();
    if (size > bytesMax && !walk.checksumFits()) { // before so much memory is taken for it
      String unsound = "Expected a sound batch of " + size + " bytes, but was none";
      return misfit(walk.position(), walk.fault().orElse(unsound));
    }
    int wanted = Math.min(Math.max(bytesMax, size), segment.bytes() - walk.position());
    BatchBytes bytes;
    try {
      bytes = read(walk.position(), wanted);
    } catch (UnreadableException e) {
      return misfit(walk.position(), e.reason());
    }
    if (bytes.size() < size) {
      bytes.release();
      return misfit(
          walk.position(), "Expected " + size + " bytes, but the file has " + bytes.size());
    }
    return Optional.of(new Found(walk.position(), walk.header().baseOffset(), bytes));
  }

  /** So many bytes, or fewer when the file ends before. */
  private BatchBytes read(int position, int wanted) {
    var room = memory.lend(wanted);
    boolean isRead = false;
    try {
      var bytes = readInto(room.bytes(), position);
      isRead = true;
      return BatchBytes.leased(bytes, room.giveBack());
    } finally {
      if (!isRead) {
        room.giveBack().run();
      }
    }
  }

  private ByteBuffer readInto(ByteBuffer buffer, int position) {
    int from = buffer.position();
    var open = segment.files().open();
    int read = open.read(segment.log(), buffer, position, segment.recognition()).orElse(0);
    return buffer.limit(from + read).position(from);
  }

  /** The leading batches that were read as a whole and end at or below the limit. */
  private Optional<FetchSlice> checked(Found found, long limit) {
    var raw = found.bytes.asByteBuffer();
    long next = found.firstOffset;
    int at = 0;
    boolean isFull = false;
    while (next < limit && at < raw.limit()) {
      // The read ended inside a batch; or its length is bad, which the next read will find.
      isFull = at > 0 && !isWholeAt(raw, at);
      if (isFull) {
        break;
      }
      var header = BatchHeader.read(raw, at);
      Optional<String> wrong = whatIsWrongWith(header, next, found.bytes, at);
      if (wrong.isPresent()) {
        return misfit(found.position + at, wrong.get());
      }
      if (header.nextOffset() > limit) {
        break;
      }
      at += header.sizeInBytes();
      next = header.nextOffset();
    }
    return Optional.of(new FetchSlice(found.bytes.slice(0, at), next, isFull));
  }

  private static boolean isWholeAt(ByteBuffer raw, int at) {
    int left = raw.limit() - at;
    return left >= BatchHeader.SIZE && BatchHeader.read(raw, at).sizeInBytes() <= left;
  }

  private Optional<String> whatIsWrongWith(
      BatchHeader header, long expectedOffset, BatchBytes bytes, int at) {
    if (header.baseOffset() != expectedOffset || header.lastOffsetDelta() < 0) {
      return Optional.of(
          "Expected a batch at offset %d, but was [%d, %d]"
              .formatted(expectedOffset, header.baseOffset(), header.lastOffset()));
    }
    int left = bytes.size() - at;
    if (header.sizeInBytes() < BatchHeader.SIZE || header.sizeInBytes() > left) {
      return Optional.of(
          "Expected a batch of %d to %d bytes, but was %d"
              .formatted(BatchHeader.SIZE, left, header.sizeInBytes()));
    }
    // Not its first, which may lie below the start of the log, and of the history.
    long last = header.lastOffset();
    int expectedEpoch = view.epochs().epochAt(last).map(LeaderEpoch::value).orElse(-1);
    if (header.leaderEpoch() != expectedEpoch) {
      return Optional.of(
          "Expected leader epoch %d at offset %d, but was %d"
              .formatted(expectedEpoch, last, header.leaderEpoch()));
    }
    var batch = bytes.slice(at, header.sizeInBytes());
    return BatchCheck.frame(batch, batch.size())
        .or(() -> BatchCheck.checksum(batch))
        .map(Refused::reason);
  }

  /** Nothing, when the log was cut under this reader; else this is damage. */
  private <T> Optional<T> misfit(int position, String reason) {
    if (view.isOld()) {
      return Optional.empty();
    }
    throw new LogDamagedException(new Damage(view.id(), segment.base(), position, reason));
  }
}
