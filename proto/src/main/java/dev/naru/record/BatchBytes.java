package dev.naru.record;

import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/**
 * One or more whole batches, back to back: what a producer encodes, a leader appends, a follower
 * receives and a consumer reads, always the same bytes. Opaque to everyone between the two ends.
 *
 * <p>Owned by one party at a time, who alone may {@linkplain #stamp stamp} it; from then on it is
 * immutable and may be read by any thread.
 */
public final class BatchBytes {

  /** No batch at all. */
  public static final BatchBytes EMPTY = new BatchBytes(ByteBuffer.allocate(0));

  private final ByteBuffer
      buffer; // Invariant: position 0, limit = size; only read by absolute index.

  private BatchBytes(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /**
   * Takes over what lies between the buffer's position and its limit; the giver forgets about it.
   */
  public static BatchBytes of(ByteBuffer bytes) {
    return bytes.hasRemaining() ? new BatchBytes(bytes.slice()) : EMPTY;
  }

  /** How many bytes. */
  public int size() {
    return buffer.limit();
  }

  /** Whether there is no batch. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** A read-only view from position 0 to {@link #size}. */
  public ByteBuffer asByteBuffer() {
    return buffer.asReadOnlyBuffer();
  }

  /** The same bytes, without their read-only coat, for the checks and codecs of this package. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** A part that begins and ends at a batch's edge, over the same memory. */
  public BatchBytes slice(int from, int length) {
    return new BatchBytes(buffer.slice(from, length));
  }

  /**
   * The header of the batch that begins at this position.
   *
   * @throws BatchRefusedException if that batch is not there as a whole
   */
  public BatchHeader headerAt(int position) {
    int left = size() - position;
    if (left < BatchHeader.SIZE) {
      throw BatchRefusedException.corrupt(
          "Expected a batch header of " + BatchHeader.SIZE + " bytes, but " + left + " are left");
    }
    BatchHeader header = BatchHeader.read(buffer, position);
    int size = header.sizeInBytes();
    if (size < BatchHeader.SIZE || size > left) {
      throw BatchRefusedException.corrupt(
          "Expected a batch of " + BatchHeader.SIZE + " to " + left + " bytes, but was " + size);
    }
    return header;
  }

  /** The header of the only, or first, batch. */
  public BatchHeader header() {
    return headerAt(0);
  }

  /** The batches one by one, over the same memory. Iterating throws like {@link #headerAt}. */
  public Iterable<BatchBytes> batches() {
    return () -> new Walk<>(at -> slice(at, headerAt(at).sizeInBytes()));
  }

  /** The headers one by one. Iterating throws like {@link #headerAt}. */
  public Iterable<BatchHeader> headers() {
    return () -> new Walk<>(this::headerAt);
  }

  /**
   * Writes the two fields that lie outside the checksum into the first batch. Only the leader's log
   * calls this, on a single batch, just before the bytes go to disk.
   */
  public void stamp(long baseOffset, LeaderEpoch epoch) {
    buffer.putLong(BatchHeader.BASE_OFFSET, baseOffset);
    buffer.putInt(BatchHeader.LEADER_EPOCH, epoch.value());
  }

  /**
   * Makes this moment the timestamp of all records of the first batch, and the checksum anew: the
   * one case in which it changes after the producer. Only the leader calls this, before it stamps,
   * for a topic with {@code message.timestamp.type=LogAppendTime}.
   */
  public void stampAppendTime(long nowMillis) {
    int attributes = buffer.getShort(BatchHeader.ATTRIBUTES) | BatchHeader.LOG_APPEND_TIME_BIT;
    buffer.putShort(BatchHeader.ATTRIBUTES, (short) attributes);
    buffer.putLong(BatchHeader.MAX_TIMESTAMP, nowMillis);
    int end = header().sizeInBytes();
    buffer.putInt(BatchHeader.CRC, Crc32c.of(buffer, BatchHeader.ATTRIBUTES, end));
  }

  @Override
  public String toString() {
    return "BatchBytes[" + size() + " bytes]";
  }

  private final class Walk<T> implements Iterator<T> {

    private final IntFunction<T> at;
    private int position;

    Walk(IntFunction<T> at) {
      this.at = at;
    }

    @Override
    public boolean hasNext() {
      return position < size();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T found = at.apply(position);
      position += headerAt(position).sizeInBytes();
      return found;
    }
  }
}
