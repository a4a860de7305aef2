package dev.naru.log;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchSieve;
import java.nio.ByteBuffer;

/**
 * Batches of a leader whose compaction has made one of some that a follower has in part: the
 * follower's log ends where one of them ended, which is inside the one. Nothing of it is left but
 * its header, so the rest of it is a header too.
 */
final class MergedBatches {

  private MergedBatches() {}

  /** The batches from this offset on; the very same bytes unless the first reaches back below. */
  static BatchBytes from(long end, BatchBytes sent) {
    if (sent.size() < BatchHeader.SIZE) {
      return sent; // for the checks to refuse
    }
    var first = BatchHeader.read(sent.asByteBuffer(), 0);
    boolean isPartlyKnown =
        first.sizeInBytes() == BatchHeader.SIZE
            && first.isHeaderOnly()
            && first.baseOffset() < end
            && first.lastOffset() >= end;
    // An altered header must not be given a good checksum here.
    if (!isPartlyKnown || BatchCheck.checksum(sent.slice(0, BatchHeader.SIZE)).isPresent()) {
      return sent;
    }
    var bytes = ByteBuffer.allocate(sent.size()).put(sent.asByteBuffer());
    bytes.put(0, BatchSieve.from(first, end).asByteBuffer(), 0, BatchHeader.SIZE);
    return BatchBytes.of(bytes.flip());
  }
}
