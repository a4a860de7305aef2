package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Takes records out of a stored batch, as compaction does. What is left keeps its offsets, its
 * times and its order, and the batch the offsets that it covers, its epoch, producer and, unless it
 * would grow ({@link Packing}), codec; the record count and the checksum are new. The other side
 * can therefore tell what is missing from where, and a chain of batches has no gap afterwards.
 *
 * <p>A batch whose deletions are kept for the first time is given the moment from which on they may
 * be forgotten: its base timestamp becomes that moment, and a bit says so (KIP-534).
 */
public final class BatchSieve {

  /** Records kept from a batch that was opened once were let in by the same limit. */
  private static final InflationLimit LIMIT = InflationLimit.DEFAULT;

  /** What a batch without records has nothing to say about. */
  private static final int WITHOUT_RECORDS =
      BatchHeader.COMPRESSION_BITS | BatchHeader.DELETE_HORIZON_BIT;

  private BatchSieve() {}

  /** Says what becomes of a record. */
  public interface Judge {

    /** Whether the record that the reader stands at stays. Asked once for each, in order. */
    boolean keeps(RecordReader record);
  }

  /**
   * A batch after the sieve.
   *
   * @param batch the very same bytes if nothing had to be changed
   * @param deleteHorizon from when on a deletion in it may be forgotten, if there is one
   */
  public record Sifted(BatchBytes batch, OptionalLong deleteHorizon) {}

  /**
   * Takes out of the first batch what the judge does not keep.
   *
   * @param horizonMillis from when on deletions may be forgotten that have no such moment yet
   * @throws BatchRefusedException if the batch cannot be opened; nothing is known of its records
   */
  public static Sifted sift(BatchBytes batch, Judge judge, long horizonMillis) {
    var header = batch.header();
    var kept = new boolean[Math.max(header.recordCount(), 0)];
    var look = look(batch, judge, kept);
    var known = header.deleteHorizon();
    boolean isNewHorizon = look.hasDeletion && known.isEmpty();
    var horizon =
        look.hasDeletion ? OptionalLong.of(known.orElse(horizonMillis)) : OptionalLong.empty();
    if (look.count == header.recordCount() && !isNewHorizon) {
      return new Sifted(batch, horizon);
    }
    if (look.count == 0) {
      return new Sifted(emptied(header), OptionalLong.empty());
    }
    long base = isNewHorizon ? horizonMillis : header.baseTimestamp();
    int attributes = header.attributes() | (isNewHorizon ? BatchHeader.DELETE_HORIZON_BIT : 0);
    var records = records(batch, kept, header.baseTimestamp() - base);
    return new Sifted(packed(header, attributes, base, look, records), horizon);
  }

  /** What the judge made of the records. */
  private record Look(int count, long maxTimestamp, boolean hasDeletion) {}

  private static Look look(BatchBytes batch, Judge judge, boolean[] kept) {
    var reader = RecordReader.open(batch, LIMIT);
    int count = 0;
    long maxTimestamp = Long.MIN_VALUE;
    boolean hasDeletion = false;
    for (int i = 0; reader.advance(); i++) {
      kept[i] = judge.keeps(reader);
      if (kept[i]) {
        count++;
        maxTimestamp = Math.max(maxTimestamp, reader.timestamp());
        hasDeletion |= reader.hasKey() && !reader.hasValue();
      }
    }
    return new Look(count, maxTimestamp, hasDeletion);
  }

  /**
   * The kept records, behind the place of a header.
   *
   * @param moved how much further they are from the base timestamp than they were
   */
  private static GrowingBytes records(BatchBytes batch, boolean[] kept, long moved) {
    var target = new GrowingBytes(batch.size(), BatchHeader.SIZE, Compression.ARRAY_BYTES_MAX);
    var reader = RecordReader.open(batch, LIMIT);
    for (int i = 0; reader.advance(); i++) {
      if (!kept[i]) {
        continue;
      }
      if (moved == 0) {
        reader.copyTo(target);
      } else {
        reader.copyTo(target, reader.timestampDelta() + moved);
      }
    }
    return target;
  }

  private static BatchBytes packed(
      BatchHeader header, int attributes, long baseTimestamp, Look look, GrowingBytes records) {
    var packing = Packing.of(records, header.compression().orElseThrow(), header.sizeInBytes());
    int shown = (attributes & ~BatchHeader.COMPRESSION_BITS) | packing.codec().id();
    var packed = packing.bytes();
    var buffer = draft(header, Arrays.copyOf(packed.array(), packed.size()));
    buffer.putShort(BatchHeader.ATTRIBUTES, (short) shown);
    buffer.putLong(BatchHeader.BASE_TIMESTAMP, baseTimestamp);
    if (header.timestampType() == TimestampType.CREATE_TIME) {
      buffer.putLong(BatchHeader.MAX_TIMESTAMP, look.maxTimestamp);
    }
    buffer.putInt(BatchHeader.RECORD_COUNT, look.count);
    return finish(buffer);
  }

  /** What is left of a batch of which nothing stays: its offsets. */
  public static BatchBytes emptied(BatchHeader header) {
    int attributes = header.attributes() & ~WITHOUT_RECORDS;
    var buffer = draft(header, new byte[BatchHeader.SIZE]);
    buffer.putShort(BatchHeader.ATTRIBUTES, (short) attributes);
    buffer.putLong(BatchHeader.BASE_TIMESTAMP, header.maxTimestamp());
    buffer.putInt(BatchHeader.RECORD_COUNT, 0);
    return finish(buffer);
  }

  /**
   * Whether two batches without records that follow each other can be one: written by one leader,
   * and, where a producer's numbers are kept, by one producer without a gap in its numbers.
   */
  public static boolean canMerge(BatchHeader first, BatchHeader next) {
    return first.isHeaderOnly()
        && next.isHeaderOnly()
        && first.nextOffset() == next.baseOffset()
        && first.leaderEpoch() == next.leaderEpoch()
        && first.attributes() == next.attributes()
        && first.producerId() == next.producerId()
        && first.producerEpoch() == next.producerEpoch()
        && (!first.hasProducer()
            || first.baseSequence() + first.lastOffsetDelta() + 1 == next.baseSequence())
        && next.lastOffset() - first.baseOffset() <= Integer.MAX_VALUE;
  }

  /** One batch without records in place of two that {@linkplain #canMerge can merge}. */
  public static BatchBytes merge(BatchHeader first, BatchHeader next) {
    long maxTimestamp = Math.max(first.maxTimestamp(), next.maxTimestamp());
    var buffer = draft(first, new byte[BatchHeader.SIZE]);
    buffer.putInt(BatchHeader.LAST_OFFSET_DELTA, (int) (next.lastOffset() - first.baseOffset()));
    buffer.putLong(BatchHeader.BASE_TIMESTAMP, maxTimestamp);
    buffer.putLong(BatchHeader.MAX_TIMESTAMP, maxTimestamp);
    return finish(buffer);
  }

  /**
   * The part of a batch without records from this offset on, which must be inside it: where another
   * replica's log ends at what was the edge of a batch before some became one.
   */
  public static BatchBytes from(BatchHeader header, long offset) {
    if (!header.isHeaderOnly() || offset < header.baseOffset() || offset > header.lastOffset()) {
      throw new IllegalArgumentException(
          "Expected a batch without records that holds offset " + offset + ", but was " + header);
    }
    int cut = (int) (offset - header.baseOffset());
    var buffer = draft(header, new byte[BatchHeader.SIZE]);
    buffer.putLong(BatchHeader.BASE_OFFSET, offset);
    buffer.putInt(BatchHeader.LAST_OFFSET_DELTA, header.lastOffsetDelta() - cut);
    if (header.hasProducer()) {
      int sequence =
          (header.baseSequence() + cut) & Integer.MAX_VALUE; // begins anew after the last
      buffer.putInt(BatchHeader.BASE_SEQUENCE, sequence);
    }
    return finish(buffer);
  }

  /** An array that holds a whole batch but for its header, with a header to be changed. */
  private static ByteBuffer draft(BatchHeader header, byte[] whole) {
    var buffer = ByteBuffer.wrap(whole);
    header.write(buffer, 0);
    buffer.putInt(BatchHeader.BATCH_LENGTH, whole.length - BatchHeader.BYTES_BEFORE_LENGTH_COUNTS);
    return buffer;
  }

  private static BatchBytes finish(ByteBuffer buffer) {
    buffer.putInt(BatchHeader.CRC, Crc32c.of(buffer, BatchHeader.ATTRIBUTES, buffer.limit()));
    return BatchBytes.of(buffer);
  }
}
