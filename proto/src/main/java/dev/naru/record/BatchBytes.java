package dev.naru.record;

import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One or more whole batches, back to back: what a producer encodes, a leader appends, a follower
 * receives and a consumer reads, always the same bytes. Opaque to everyone between the two ends.
 *
 * <p>Owned by one party at a time, who alone may {@linkplain #stamp stamp} it; from then on it is
 * immutable and may be read by any thread.
 *
 * <p>Its memory is plain, and left to the garbage collector, or {@linkplain #leased leased}, and
 * given back when nobody holds it any more. One rule says who does: <b>whoever is handed batches
 * may use them until the call returns; whoever keeps them longer {@linkplain #retain retains} them,
 * and {@linkplain #release releases} them once.</b> Parts made by {@link #slice} share the memory
 * and the count. With plain memory all that does nothing, so nobody needs to know which of the two
 * it is.
 */
public final class BatchBytes {

  /** No batch at all. */
  public static final BatchBytes EMPTY = new BatchBytes(ByteBuffer.allocate(0), null);

  /** Invariant: position 0, limit = size; only read by absolute index. */
  private final ByteBuffer buffer;

  /** Who holds the memory; null for plain memory. */
  private final @Nullable Lease lease;

  private BatchBytes(ByteBuffer buffer, @Nullable Lease lease) {
    this.buffer = buffer;
    this.lease = lease;
  }

  /**
   * Takes over what lies between the buffer's position and its limit; the giver forgets about it.
   */
  public static BatchBytes of(ByteBuffer bytes) {
    return bytes.hasRemaining() ? new BatchBytes(bytes.slice(), null) : EMPTY;
  }

  /**
   * Takes over what lies between the buffer's position and its limit, until it is given back. The
   * caller holds it, and has to release it.
   *
   * @param giveBack called once, by the last one that releases; from then on every use throws
   */
  public static BatchBytes leased(ByteBuffer bytes, Runnable giveBack) {
    return new BatchBytes(bytes.slice(), new Lease(giveBack));
  }

  /**
   * Holds the memory once more: to be called by whoever keeps it longer than the call that handed
   * it over.
   *
   * @return this
   */
  public BatchBytes retain() {
    if (lease != null) {
      lease.retain();
    }
    return this;
  }

  /**
   * Ends one hold of the memory: to be called once for each {@link #retain}, and once by whoever
   * leased it. From any thread.
   */
  public void release() {
    if (lease != null) {
      lease.release();
    }
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
    return buffer().asReadOnlyBuffer();
  }

  /** The same bytes, without their read-only coat, for the checks and codecs of this package. */
  ByteBuffer buffer() {
    if (lease != null) {
      lease.expectHeld();
    }
    return buffer;
  }

  /**
   * A part that begins and ends at a batch's edge, over the same memory: whoever holds one of the
   * two holds both.
   */
  public BatchBytes slice(int from, int length) {
    return new BatchBytes(buffer().slice(from, length), lease);
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
    BatchHeader header = BatchHeader.read(buffer(), position);
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
    buffer().putLong(BatchHeader.BASE_OFFSET, baseOffset);
    buffer.putInt(BatchHeader.LEADER_EPOCH, epoch.value());
  }

  /**
   * Makes this moment the timestamp of all records of the first batch, and the checksum anew: the
   * one case in which it changes after the producer. Only the leader calls this, before it stamps,
   * for a topic with {@code message.timestamp.type=LogAppendTime}.
   */
  public void stampAppendTime(long nowMillis) {
    int attributes = buffer().getShort(BatchHeader.ATTRIBUTES) | BatchHeader.LOG_APPEND_TIME_BIT;
    buffer.putShort(BatchHeader.ATTRIBUTES, (short) attributes);
    buffer.putLong(BatchHeader.MAX_TIMESTAMP, nowMillis);
    int end = header().sizeInBytes();
    buffer.putInt(BatchHeader.CRC, Crc32c.of(buffer, BatchHeader.ATTRIBUTES, end));
  }

  /**
   * Gives the first batch other numbers of its producer, and makes the checksum anew; its records
   * stay as they are. Only the producer calls this, on a batch that surely no leader has stored.
   */
  public void stampProducer(long id, short epoch, int sequence) {
    buffer().putLong(BatchHeader.PRODUCER_ID, id);
    buffer.putShort(BatchHeader.PRODUCER_EPOCH, epoch);
    buffer.putInt(BatchHeader.BASE_SEQUENCE, sequence);
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
