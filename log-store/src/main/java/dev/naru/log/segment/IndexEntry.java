package dev.naru.log.segment;

import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * An entry of a sparse index: a key, and the position of the batch it leads to.
 *
 * <p>The check ties both to that very batch of that very log. So whoever has the batch's header can
 * tell an entry as it was written from any other: one with a bit too many, one of another segment,
 * one of before a cut. What an entry says of the records before its position stays true for as long
 * as that batch lies there, because what lies before a batch never changes but by losing records.
 *
 * @param key of the batch, or of what lies before it
 * @param position where the batch begins
 */
public record IndexEntry(long key, int position, int check) {

  /** How many bytes it has in a file: a page holds 256. */
  public static final int BYTES = 16;

  static IndexEntry of(PartitionId partition, long key, int position, BatchHeader there) {
    return of(partition, key, position, HeaderSum.of(there));
  }

  static IndexEntry of(PartitionId partition, long key, int position, long headerSum) {
    var id = partition.topic().value();
    var checked =
        ByteBuffer.allocate(40)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .putInt(partition.partition())
            .putLong(headerSum)
            .putLong(key)
            .putInt(position);
    var crc = new CRC32C();
    crc.update(checked.flip());
    return new IndexEntry(key, position, (int) crc.getValue());
  }

  /** The next one of these bytes. */
  public static IndexEntry read(ByteBuffer from) {
    return new IndexEntry(from.getLong(), from.getInt(), from.getInt());
  }

  void write(ByteBuffer into) {
    into.putLong(key).putInt(position).putInt(check);
  }

  /** Whether it is as it was written, for the batch with this header of this log. */
  public boolean isFor(PartitionId partition, BatchHeader there) {
    return equals(of(partition, key, position, there));
  }
}
