package dev.naru.log;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
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

  SliceReader(LogView view, Segment segment) {
    this.view = view;
    this.segment = segment;
  }

  /** Batches from the one that holds the offset on, none above the limit. */
  FetchSlice read(long offset, int bytesMax, long limit) {
    return find(offset)
        .flatMap(walk -> bytesAt(walk, bytesMax))
        .flatMap(found -> checked(found, limit))
        .filter(slice -> !slice.isEmpty())
        .orElse(FetchSlice.nothingAt(offset));
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
      return misfit(walk.position(), "Expected a sound batch of " + size + " bytes, but was none");
    }
    int wanted = Math.min(Math.max(bytesMax, size), segment.bytes() - walk.position());
    var buffer = ByteBuffer.allocate(wanted);
    int read = segment.files().open().read(segment.log(), buffer, walk.position()).orElse(0);
    return read < size
        ? misfit(walk.position(), "Expected " + size + " bytes, but the file has " + read)
        : Optional.of(
            new Found(walk.position(), walk.header().baseOffset(), BatchBytes.of(buffer.flip())));
  }

  /** The leading batches that were read as a whole and end at or below the limit. */
  private Optional<FetchSlice> checked(Found found, long limit) {
    var raw = found.bytes.asByteBuffer();
    long next = found.firstOffset;
    int at = 0;
    while (next < limit && raw.limit() - at >= BatchHeader.SIZE) {
      var header = BatchHeader.read(raw, at);
      if (at > 0 && header.sizeInBytes() > raw.limit() - at) {
        break; // the read ended inside it; or its length is bad, which the next read will find
      }
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
    return Optional.of(new FetchSlice(found.bytes.slice(0, at), next));
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
