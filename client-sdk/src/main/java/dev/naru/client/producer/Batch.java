package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Outlook;
import dev.naru.client.core.ProducerStamp;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchDeflater;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that travel together. Filled under the lock of its queue; once taken
 * from there it belongs to the loop, until the callback thread has told what became of its records.
 * Each owner hands it over for good, so nothing here is synchronized.
 */
final class Batch {

  private static final int RECORD_BYTES_LEAST = 32; // callback, time, and what the caller keeps
  private static final byte[] NO_ARRAY = {};

  private final TopicPartition partition;
  private final MemoryBudget memory;
  private final long createdNanos;
  private final BatchBuilder builder;
  private final Receipts receipts;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final int targetBytes;
  private final int grownBytesMax;
  private byte[] array; // lent by the budget until the batch is done
  private boolean isRipe;
  private @Nullable BatchBytes bytes; // set when encoded; lies in the array
  private Optional<ProducerStamp> stamp = Optional.empty(); // once it has left under it
  private long place;
  private Outlook outlook = Outlook.NEVER_SENT;
  private int resends;
  private boolean isDone;

  /**
   * A batch without a record.
   *
   * @param array lent by the budget: for the target, or for a larger first record
   * @param targetBytes how large it is meant to become
   * @param grownBytesMax how large it may become while it cannot be sent, or would only wait
   * @param recordsExpected how many records there is room for at first
   */
  Batch(
      TopicPartition partition,
      MemoryBudget memory,
      byte[] array,
      int targetBytes,
      int grownBytesMax,
      int recordsExpected,
      long createdNanos) {
    this.partition = partition;
    this.memory = memory;
    this.array = array;
    this.targetBytes = targetBytes;
    this.grownBytesMax = grownBytesMax;
    this.builder = new BatchBuilder(array);
    this.receipts = new Receipts(recordsExpected);
    this.createdNanos = createdNanos;
  }

  long createdNanos() {
    return createdNanos;
  }

  /** Whether a record of at most so many bytes fits; the first one always does. */
  boolean hasRoomFor(long recordBytesMax) {
    return builder.isEmpty()
        || (sizeInBytes() + recordBytesMax <= targetBytes && countsUpTo(targetBytes));
  }

  /** Small records are counted for more than they are: so much is kept on the heap for each. */
  private boolean countsUpTo(int batchBytes) {
    return receipts.count() < batchBytes / RECORD_BYTES_LEAST;
  }

  /**
   * Makes room for such a record beyond the target, if the budget has the memory at hand. A record
   * that is larger than the target stays alone.
   */
  boolean growsFor(long recordBytesMax) {
    long grown = sizeInBytes() + recordBytesMax;
    boolean isOneLargeRecord = !isRipe && sizeInBytes() > targetBytes;
    if (grown > grownBytesMax || isOneLargeRecord || !countsUpTo(grownBytesMax)) {
      return false;
    }
    if (grown > array.length && !moves((int) grown)) {
      return false;
    }
    isRipe = true;
    return true;
  }

  private boolean moves(int bytesWanted) {
    byte[] other = memory.tryExchange(array, sizeInBytes(), bytesWanted);
    if (other == null) {
      return false;
    }
    array = other;
    builder.moveTo(other);
    return true;
  }

  /** Whether it has reached its target and should go as soon as it can. */
  boolean isRipe() {
    return isRipe;
  }

  int recordCount() {
    return receipts.count();
  }

  int sizeInBytes() {
    return builder.sizeInBytes();
  }

  void append(
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    builder.append(timestampMillis, key, value, headers);
    receipts.add(callback, timestampMillis);
  }

  void append(EncodedRecord record, SendCallback callback) {
    append(record.timestampMillis(), record.key(), record.value(), record.headers(), callback);
  }

  /** Bytes of memory that it keeps from others. */
  int heldBytes() {
    return array.length;
  }

  /** Makes the bytes that are sent, now and on every resend. */
  void encode(BatchDeflater deflater) {
    if (bytes != null) {
      return;
    }
    int size = builder.build(deflater).size();
    leaveSpare(size);
    bytes = BatchBytes.of(ByteBuffer.wrap(array, 0, size));
  }

  /** The same, as this producer's: when first encoded the stamp costs nothing. */
  void encode(BatchDeflater deflater, ProducerStamp as) {
    if (bytes != null) {
      bytes.stampProducer(as.id(), as.epoch(), as.sequence());
      return;
    }
    builder.producer(as.id(), as.epoch(), as.sequence());
    encode(deflater);
  }

  /** It leaves under this stamp, on which it stays as long as it may be stored. */
  void stamped(ProducerStamp as, long placeInLane) {
    stamp = Optional.of(as);
    place = placeInLane;
  }

  /** Its place among the batches of its lane that have had a stamp. */
  long place() {
    return place;
  }

  /** Whether it has left under a stamp. */
  boolean hasStamp() {
    return stamp.isPresent();
  }

  /** It is surely not stored, and leaves under another stamp next time. */
  void forgetStamp() {
    if (outlook == Outlook.MAY_BE_STORED) {
      throw new IllegalStateException("Expected a batch that is not stored, but was " + stamp);
    }
    stamp = Optional.empty();
    outlook = Outlook.NEVER_SENT;
  }

  /** Whether it is stored, as far as answers say. */
  Outlook outlook() {
    return outlook;
  }

  /** A leader has refused it and said that it appended nothing. */
  void refusedUnappended() {
    outlook = outlook.refusedUnappended();
  }

  /** Nobody will say whether it is stored. */
  void mayBeStored() {
    outlook = Outlook.MAY_BE_STORED;
  }

  /** A small batch would keep memory from others until it is answered. */
  private void leaveSpare(int size) {
    if (size <= array.length / 2) {
      byte[] smaller = memory.tryExchange(array, size, size);
      array = smaller == null ? array : smaller;
    }
  }

  BatchBytes bytes() {
    if (bytes == null) {
      throw new IllegalStateException("Expected an encoded batch, but it is not");
    }
    return bytes;
  }

  int resends() {
    return resends;
  }

  void countResend() {
    resends++;
  }

  /** Whether its senders were told, or are about to be: nothing that is heard later matters. */
  boolean isDone() {
    return isDone;
  }

  /** It is not sent any more. Gives its memory back, once: the array is another batch's then. */
  void end() {
    if (isDone) {
      throw new IllegalStateException("Expected a batch to end once, but it has ended before");
    }
    isDone = true;
    bytes = null;
    memory.giveBack(array);
    array = NO_ARRAY;
  }

  /** Completes when every sender was told. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  /** Tells every record's sender its place; on the callback thread. */
  void acknowledge(long baseOffset, OptionalLong logAppendTimeMillis) {
    receipts.acknowledge(partition, baseOffset, logAppendTimeMillis);
    settled.complete(null);
  }

  /** Tells every record's sender that it is on its way; on the callback thread. */
  void handOver() {
    receipts.handOver(partition);
    settled.complete(null);
  }

  /** Tells every record's sender that it failed; on the callback thread. */
  void fail(NaruException why) {
    receipts.fail(why);
    settled.complete(null);
  }
}
