package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that travel together. Filled under the lock of its queue; once taken
 * from there it belongs to the loop, until the callback thread has told what became of its records.
 * Each owner hands it over for good, so nothing here is synchronized.
 */
final class Batch {

  private static final int RECEIPTS_FIRST = 128; // then twice as many: most batches need no more

  private final TopicPartition partition;
  private final long createdNanos;
  private final BatchBuilder builder;
  private final Receipts receipts = new Receipts(RECEIPTS_FIRST);
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final int targetBytes;
  private final int grownBytesMax;
  private long reservedBytes;
  private boolean isRipe;
  private @Nullable BatchBytes bytes; // set when encoded
  private int resends;
  private boolean isDone;

  /**
   * A batch without a record.
   *
   * @param targetBytes how large it is meant to become
   * @param grownBytesMax how large it may become while it cannot be sent
   * @param reservedBytes taken from the budget: for the target, or for a larger first record
   */
  Batch(
      TopicPartition partition,
      int targetBytes,
      int grownBytesMax,
      long reservedBytes,
      long createdNanos) {
    this.partition = partition;
    this.targetBytes = targetBytes;
    this.grownBytesMax = grownBytesMax;
    this.builder = new BatchBuilder(Math.max(targetBytes, grownBytesMax));
    this.reservedBytes = reservedBytes;
    this.createdNanos = createdNanos;
  }

  long createdNanos() {
    return createdNanos;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  /** Whether a record of at most so many bytes fits; the first one always does. */
  boolean hasRoomFor(long recordBytesMax) {
    return builder.isEmpty() || sizeInBytes() + recordBytesMax <= targetBytes;
  }

  /**
   * Makes room for such a record beyond the target, if the budget has the memory at hand. A record
   * that is larger than the target stays alone.
   */
  boolean growsFor(long recordBytesMax, MemoryBudget memory) {
    long grown = sizeInBytes() + recordBytesMax;
    boolean isOneLargeRecord = !isRipe && sizeInBytes() > targetBytes;
    if (grown > grownBytesMax || isOneLargeRecord) {
      return false;
    }
    long more = Math.max(targetBytes, grown - reservedBytes);
    if (grown > reservedBytes) {
      if (!memory.tryReserve(more)) {
        return false;
      }
      reservedBytes += more;
    }
    isRipe = true;
    return true;
  }

  /** Whether it has reached its target and should go as soon as it can. */
  boolean isRipe() {
    return isRipe;
  }

  int sizeInBytes() {
    return builder.sizeInBytes();
  }

  void append(
      long timestampMillis,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers,
      SendCallback callback) {
    builder.append(timestampMillis, key, value, headers);
    receipts.add(callback, timestampMillis);
  }

  /**
   * Makes the bytes that are sent, now and on every resend. Returns how much memory that sets free.
   */
  long encode(Compression compression) {
    if (bytes != null) {
      return 0;
    }
    var encoded = builder.build(compression);
    boolean holdsSpare = compression == Compression.NONE && encoded.size() < reservedBytes / 2;
    bytes = holdsSpare ? exactCopyOf(encoded) : encoded;
    long spare = holdsSpare || compression != Compression.NONE ? reservedBytes - encoded.size() : 0;
    spare = Math.max(spare, 0);
    reservedBytes -= spare;
    return spare;
  }

  /** A small batch would keep the whole array alive that it was built in. */
  private static BatchBytes exactCopyOf(BatchBytes encoded) {
    var copy = ByteBuffer.allocate(encoded.size());
    return BatchBytes.of(copy.put(encoded.asByteBuffer()).flip());
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

  void markDone() {
    isDone = true;
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
