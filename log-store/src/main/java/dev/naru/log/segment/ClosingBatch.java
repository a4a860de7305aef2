package dev.naru.log.segment;

import dev.naru.log.disk.DiskFile;
import dev.naru.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The last batch of a closed segment. No other file has it in this place, so one small read tells
 * whether a file of the segment's name is the segment.
 *
 * @param bytes how many it has
 * @param crc its checksum
 */
public record ClosingBatch(int bytes, int crc) {

  /** Of a segment without batches. */
  static final ClosingBatch NONE = new ClosingBatch(0, 0);

  static ClosingBatch of(BatchHeader header) {
    return new ClosingBatch(header.sizeInBytes(), header.crc());
  }

  /** Why a file is not the one that was closed as this, if it is not. */
  Optional<String> whatIsWrongWith(DiskFile file, SegmentState closed) {
    var header = ByteBuffer.allocate(BatchHeader.SIZE);
    long at = (long) closed.bytes() - bytes;
    int read = file.read(header, at);
    boolean isIt = read == BatchHeader.SIZE && of(BatchHeader.read(header.flip(), 0)).equals(this);
    return isIt
        ? Optional.empty()
        : Optional.of(
            "Expected the batch with the checksum %08x at byte %d, where the segment was closed, but there is another"
                .formatted(crc, at));
  }
}
