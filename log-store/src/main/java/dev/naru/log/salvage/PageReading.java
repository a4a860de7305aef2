package dev.naru.log.salvage;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.salvage.SetAsidePage.Piece;
import dev.naru.log.salvage.SetAsidePage.Place;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads from batch to batch until there is enough for a page. Each batch stands for itself: these
 * are the leftovers of a log, and need not go on where the one before ends. After a frame that
 * makes no sense, or cannot be read, nobody can say where the next one begins, so the rest of that
 * file is passed over; of a batch that cannot be read only that batch.
 */
final class PageReading {

  private final int bytesMax;
  private final int batchBytesMax;
  private final List<Piece> pieces = new ArrayList<>();
  private long fileBytes; // of the file that is read now
  private long read; // also what was in vain: a page costs no more than it may

  PageReading(int bytesMax, int batchBytesMax) {
    this.bytesMax = bytesMax;
    this.batchBytesMax = batchBytesMax;
  }

  boolean isFull() {
    return read >= bytesMax;
  }

  SetAsidePage page(Optional<Place> next) {
    return new SetAsidePage(pieces, next);
  }

  /** Reads on in this file; returns where the next page begins, if that is still in it. */
  Optional<Place> read(DiskFile opened, String file, long from) {
    fileBytes = opened.size();
    long position = from;
    while (position < fileBytes) {
      var place = new Place(file, position);
      if (isFull()) {
        return Optional.of(place);
      }
      position += take(opened, place, fileBytes - position);
    }
    return Optional.empty();
  }

  /** Takes what lies there; returns how many bytes that is. */
  private long take(DiskFile opened, Place place, long left) {
    try {
      var head = bytes(opened, place, (int) Math.min(left, BatchHeader.SIZE));
      if (head.limit() < BatchHeader.SIZE) {
        return bad(place, left, "Expected a batch, but " + head.limit() + " bytes are left");
      }
      var header = BatchHeader.read(head, 0);
      var nonsense = whatIsWrongWith(header, left);
      if (nonsense.isPresent()) {
        return bad(place, left, nonsense.get());
      }
      return header.sizeInBytes() > batchBytesMax
          ? tooLarge(place, header)
          : batch(opened, place, header);
    } catch (UnreadableException e) {
      return bad(place, left, e.reason());
    }
  }

  private static Optional<String> whatIsWrongWith(BatchHeader header, long left) {
    if (header.magic() != BatchHeader.MAGIC) {
      return Optional.of("Expected magic 2, but was " + header.magic());
    }
    if (header.sizeInBytes() < BatchHeader.SIZE || header.sizeInBytes() > left) {
      return Optional.of(
          "Expected a batch of %d to %d bytes, but was %d"
              .formatted(BatchHeader.SIZE, left, header.sizeInBytes()));
    }
    if (header.baseOffset() < 0
        || header.lastOffsetDelta() < 0
        || header.leaderEpoch() < 0
        || header.nextOffset() < 0) {
      return Optional.of(
          "Expected no negative offset or epoch, but was %d, %d and %d"
              .formatted(header.baseOffset(), header.lastOffsetDelta(), header.leaderEpoch()));
    }
    return Optional.empty();
  }

  private long batch(DiskFile opened, Place place, BatchHeader header) {
    int size = header.sizeInBytes();
    ByteBuffer bytes;
    try {
      bytes = bytes(opened, place, size);
    } catch (UnreadableException e) { // its header was read, so the next one can be found
      read += size;
      pieces.add(new Piece.Bad(place, fileBytes, size, Optional.of(header), e.reason()));
      return size;
    }
    if (bytes.limit() < size) {
      return bad(place, size, "Expected " + size + " bytes, but the file has " + bytes.limit());
    }
    var batch = BatchBytes.of(bytes);
    var wrong = BatchCheck.checksum(batch);
    pieces.add(
        wrong.isPresent()
            ? new Piece.Bad(place, fileBytes, size, Optional.of(header), wrong.get().reason())
            : new Piece.Batch(place, fileBytes, batch));
    return size;
  }

  private long tooLarge(Place place, BatchHeader header) {
    int size = header.sizeInBytes();
    String reason =
        "Expected a batch of at most %d bytes, but was %d".formatted(batchBytesMax, size);
    pieces.add(new Piece.Bad(place, fileBytes, size, Optional.of(header), reason));
    read += BatchHeader.SIZE;
    return size;
  }

  private long bad(Place place, long size, String reason) {
    pieces.add(new Piece.Bad(place, fileBytes, size, Optional.empty(), reason));
    return size;
  }

  /** At most so many bytes: fewer where the file ends. */
  private ByteBuffer bytes(DiskFile opened, Place place, int size) {
    var bytes = ByteBuffer.allocate(size);
    opened.read(bytes, place.position());
    read += bytes.position();
    return bytes.flip();
  }
}
