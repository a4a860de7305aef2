package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds batches one after the other, at the producer. Owned by one thread. A record is encoded
 * into the very array that is sent, and nothing is allocated for it; so an absent key or value is a
 * null here, as nowhere else.
 */
public final class BatchBuilder {

  /** No batch holds more, so that every reader can open it after it was compressed. */
  public static final int BATCH_BYTES_MAX = InflationLimit.DEFAULT.bytesMax();

  private static final int FIRST_BYTES_MAX = 64 << 10; // then it doubles: few batches grow so large

  private int batchBytesMax;
  private final RecordWriter records;
  private int recordCount;
  private long baseTimestamp;
  private long maxTimestamp;
  private long producerId = BatchHeader.NO_PRODUCER;
  private short producerEpoch = BatchHeader.NO_PRODUCER;
  private int baseSequence = BatchHeader.NO_PRODUCER;

  /**
   * Builds batches of at most so many bytes before compression, if callers ask {@link #hasRoomFor}.
   */
  public BatchBuilder(int batchBytesMax) {
    this.batchBytesMax = batchBytesMax;
    this.records = new RecordWriter(Math.min(batchBytesMax, FIRST_BYTES_MAX), BATCH_BYTES_MAX);
  }

  /**
   * Builds one batch in an array that is lent to it. There is room for what fits in it, and no
   * array is made.
   */
  public BatchBuilder(byte[] lent) {
    this.batchBytesMax = lent.length;
    this.records = new RecordWriter(lent);
  }

  /** Goes on in another array that is lent to it, which begins with the same bytes. */
  public void moveTo(byte[] lent) {
    batchBytesMax = lent.length;
    records.moveTo(lent);
  }

  /**
   * The most bytes that a batch of this one record can take; a length is zero for what is absent.
   */
  public static long sizeMaxOf(int keyBytes, int valueBytes, List<RecordHeader> headers) {
    return BatchHeader.SIZE + RecordWriter.sizeMaxOf(keyBytes, valueBytes, headers);
  }

  /** Whether such a record surely fits. An empty batch takes any: a large record goes alone. */
  public boolean hasRoomFor(int keyBytes, int valueBytes, List<RecordHeader> headers) {
    return isEmpty()
        || records.end() + RecordWriter.sizeMaxOf(keyBytes, valueBytes, headers) <= batchBytesMax;
  }

  /** Whether the batch has no record yet. */
  public boolean isEmpty() {
    return recordCount == 0;
  }

  /** How many records the batch has. */
  public int recordCount() {
    return recordCount;
  }

  /** Bytes of the batch before compression. */
  public int sizeInBytes() {
    return records.end();
  }

  /** The greatest timestamp in the batch; zero while it is empty. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /**
   * Appends a record and returns its place in the batch, from zero.
   *
   * @param timestamp milliseconds of the epoch
   * @throws IllegalArgumentException if the timestamp is negative or the batch passes {@link
   *     #BATCH_BYTES_MAX}; the batch stays as it was
   */
  public int append(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
    records.append(deltaOf(timestamp), recordCount, key, value, headers);
    return count(timestamp);
  }

  /** Appends a record like the other method of this name; the buffers' positions stay. */
  public int append(
      long timestamp,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers) {
    records.append(deltaOf(timestamp), recordCount, key, value, headers);
    return count(timestamp);
  }

  private long deltaOf(long timestamp) {
    if (timestamp < 0) {
      throw new IllegalArgumentException("Expected a timestamp >= 0, but was " + timestamp);
    }
    return isEmpty() ? 0 : timestamp - baseTimestamp;
  }

  private int count(long timestamp) {
    if (isEmpty()) {
      baseTimestamp = timestamp;
    }
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    return recordCount++;
  }

  /**
   * Marks the batch as this producer's, by which the leader knows it again when it is sent twice.
   */
  public void producer(long id, short epoch, int sequence) {
    producerId = id;
    producerEpoch = epoch;
    baseSequence = sequence;
  }

  /**
   * Ends the batch and begins the next one, empty and without a producer. A batch that shrinks by
   * more than the ratio of {@link InflationLimit#DEFAULT} stays uncompressed: readers would refuse
   * it.
   *
   * @throws BatchRefusedException if the codec's library is missing; the batch stays as it was
   */
  public BatchBytes build(Compression compression) {
    if (isEmpty()) {
      throw new IllegalStateException("Expected at least one record, but the batch is empty");
    }
    int end = records.end();
    if (compression != Compression.NONE) {
      var packed = compression.deflate(records.bytes(), BatchHeader.SIZE, end, BatchHeader.SIZE);
      if (isOpened(packed, end)) {
        byte[] exact = Arrays.copyOf(packed.array(), packed.size());
        return finish(exact, packed.size(), compression);
      }
    }
    return finish(records.bytes(), end, Compression.NONE);
  }

  /**
   * Ends a batch in an array that is lent: compressed, it takes the place of what it was. Stays as
   * it is as in the other method of this name, and if it would not fit.
   *
   * @throws BatchRefusedException if the codec's library is missing; the batch stays as it was
   */
  public BatchBytes build(BatchDeflater deflater) {
    int end = records.end();
    var compression = deflater.compression();
    if (isEmpty() || compression == Compression.NONE) {
      return build(Compression.NONE);
    }
    byte[] bytes = records.bytes();
    var packed = deflater.deflate(bytes, BatchHeader.SIZE, end, BatchHeader.SIZE);
    if (packed.size() > bytes.length || !isOpened(packed, end)) {
      return build(Compression.NONE);
    }
    System.arraycopy(packed.array(), 0, bytes, 0, packed.size());
    return finish(bytes, packed.size(), compression);
  }

  /** Whether readers would open what was so large before. */
  private static boolean isOpened(GrowingBytes packed, int end) {
    int packedRecords = packed.size() - BatchHeader.SIZE;
    return end - BatchHeader.SIZE <= InflationLimit.DEFAULT.bytesMaxOf(packedRecords);
  }

  private BatchBytes finish(byte[] bytes, int end, Compression compression) {
    var buffer = ByteBuffer.wrap(bytes, 0, end);
    headerOf(end, compression, 0).write(buffer, 0);
    buffer.putInt(BatchHeader.CRC, Crc32c.of(buffer, BatchHeader.ATTRIBUTES, end));
    records.reset(compression == Compression.NONE); // then the array is the batch
    begin();
    return BatchBytes.of(buffer);
  }

  private BatchHeader headerOf(int end, Compression compression, int crc) {
    return new BatchHeader(
        0,
        end - BatchHeader.BYTES_BEFORE_LENGTH_COUNTS,
        BatchHeader.NO_LEADER_EPOCH,
        BatchHeader.MAGIC,
        crc,
        (short) compression.id(),
        recordCount - 1,
        baseTimestamp,
        maxTimestamp,
        producerId,
        producerEpoch,
        baseSequence,
        recordCount);
  }

  /** Drops the records of the batch and begins it anew. */
  public void reset() {
    records.reset(false);
    begin();
  }

  private void begin() {
    recordCount = 0;
    maxTimestamp = 0;
    producer(BatchHeader.NO_PRODUCER, (short) BatchHeader.NO_PRODUCER, BatchHeader.NO_PRODUCER);
  }
}
