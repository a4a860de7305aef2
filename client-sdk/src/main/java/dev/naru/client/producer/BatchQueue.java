package dev.naru.client.producer;

import dev.naru.record.RecordHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of the application and the loop meet: the batches of one partition that are not
 * sent. Its lock is one stripe of many, held for the encoding of one record.
 */
final class BatchQueue {

  private static final int RECORDS_FIRST = 16;

  private final Saturation saturation;
  private final KeyTap keys; // called under the lock
  private final ReentrantLock lock = new ReentrantLock(); // guards everything below
  private final ArrayDeque<Batch> full = new ArrayDeque<>();
  private @Nullable Batch open;
  private @Nullable Turn openTurn; // while keyless records go to the open batch: more will follow
  private boolean isClosed;
  private volatile boolean isHeld; // written by the loop, read under the lock
  private volatile int lastCount; // written under the lock, read by whoever makes the next batch

  BatchQueue(Saturation saturation, KeyTap keys) {
    this.saturation = saturation;
    this.keys = keys;
  }

  /**
   * Whether full batches could not go now. Then the open one grows beyond its target rather than
   * having others queue behind it: the longer an answer takes, the larger are the batches.
   */
  void hold(boolean held) {
    isHeld = held;
  }

  /**
   * Appends to the open batch. False if there is none or the record does not fit.
   *
   * @param turn counts the record, if it was for the partitioner to place it
   * @param recordBytesMax the most that the record can take
   */
  boolean tryAppend(
      @Nullable Turn turn,
      long recordBytesMax,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    lock.lock();
    try {
      var batch = open;
      if (batch == null || !takes(batch, turn, recordBytesMax)) {
        return false;
      }
      append(batch, turn, timestampMillis, key, value, headers, callback);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Appends to a fresh batch, unless another thread has opened one meanwhile that has room. */
  Placed appendTo(
      Batch fresh,
      @Nullable Turn turn,
      long recordBytesMax,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    lock.lock();
    try {
      if (isClosed) {
        return Placed.NOWHERE;
      }
      var present = open;
      if (present != null && takes(present, turn, recordBytesMax)) {
        append(present, turn, timestampMillis, key, value, headers, callback);
        return Placed.IN_OPEN;
      }
      append(fresh, turn, timestampMillis, key, value, headers, callback);
      var goesOn = turn == null ? null : openTurn;
      closeOpen(); // not before: the append may throw
      open = fresh;
      openTurn = goesOn;
      return Placed.IN_FRESH;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a batch to which nothing is added, behind all that was appended before. False if the
   * queue is closed.
   *
   * @param turn counts its records, if they were for the partitioner to place
   * @param records those in it
   */
  boolean add(Batch whole, @Nullable Turn turn, List<EncodedRecord> records) {
    lock.lock();
    try {
      if (isClosed) {
        return false;
      }
      closeOpen();
      full.addLast(whole);
      records.forEach(record -> keys.appended(record.key()));
      if (turn != null) {
        turn.appended(whole.sizeInBytes());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** About how many records the next batch will have: a few more than the last one. */
  int recordsExpected() {
    return lastCount + lastCount / 8 + RECORDS_FIRST;
  }

  private boolean takes(Batch batch, @Nullable Turn turn, long recordBytesMax) {
    return batch.hasRoomFor(recordBytesMax) || (mayGrow(turn) && batch.growsFor(recordBytesMax));
  }

  /** Beyond its target a batch grows only where it would wait anyway. */
  private boolean mayGrow(@Nullable Turn turn) {
    return isHeld || (turn != null && turn.mayBeLong() && saturation.isReached());
  }

  private void append(
      Batch batch,
      @Nullable Turn turn,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      SendCallback callback) {
    int before = batch.sizeInBytes();
    batch.append(timestampMillis, key, value, headers, callback);
    keys.appended(key);
    if (turn != null) {
      openTurn = turn.appended(batch.sizeInBytes() - before) ? turn : null;
    }
  }

  /** Ends the open batch although it is not full. Returns whether there was one. */
  boolean endBatch() {
    lock.lock();
    try {
      return closeOpen();
    } finally {
      lock.unlock();
    }
  }

  /** Called under the lock. */
  private boolean closeOpen() {
    if (open == null) {
      return false;
    }
    lastCount = open.recordCount();
    full.addLast(open);
    open = null;
    openTurn = null;
    return true;
  }

  /** Takes the oldest batch: one that is full, or else the open one if it was created by then. */
  Optional<Batch> take(long openCreatedByNanos) {
    lock.lock();
    try {
      if (full.isEmpty() && open != null && open.createdNanos() - openCreatedByNanos <= 0) {
        closeOpen();
      }
      return Optional.ofNullable(full.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest batch, if it was created by then. */
  Optional<Batch> takeCreatedBy(long nanos) {
    lock.lock();
    try {
      var oldest = full.isEmpty() ? open : full.peekFirst();
      if (oldest == null || oldest.createdNanos() - nanos > 0) {
        return Optional.empty();
      }
      if (full.isEmpty()) {
        closeOpen();
      }
      return Optional.ofNullable(full.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  /** Takes a full batch, if there is one. */
  Optional<Batch> takeFull() {
    lock.lock();
    try {
      if (full.isEmpty() && open != null && open.isRipe()) {
        closeOpen();
      }
      return Optional.ofNullable(full.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a batch waits that has reached its size, or was ended. */
  boolean hasFull() {
    lock.lock();
    try {
      return !full.isEmpty() || (open != null && open.isRipe());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Since when there is only a batch that keyless records still go to, and which has not reached
   * its size; else empty.
   */
  OptionalLong inTurnSinceNanos() {
    lock.lock();
    try {
      return open != null && full.isEmpty() && openTurn != null && !open.isRipe()
          ? OptionalLong.of(open.createdNanos())
          : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The same of a turn that may be long, whose batch may be beyond its size. */
  OptionalLong inLongTurnSinceNanos() {
    lock.lock();
    try {
      return open != null && full.isEmpty() && openTurn != null && openTurn.mayBeLong()
          ? OptionalLong.of(open.createdNanos())
          : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** When the open batch was created; empty if there is none. */
  OptionalLong openSinceNanos() {
    lock.lock();
    try {
      return open == null ? OptionalLong.empty() : OptionalLong.of(open.createdNanos());
    } finally {
      lock.unlock();
    }
  }

  /** How many records were appended since this was asked last, as its tap has counted. */
  long takeRecords() {
    lock.lock();
    try {
      return keys.takeRecords();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of memory that its batches keep from others. */
  long heldBytes() {
    lock.lock();
    try {
      long held = open == null ? 0 : open.heldBytes();
      return full.stream().mapToLong(Batch::heldBytes).sum() + held;
    } finally {
      lock.unlock();
    }
  }

  /** The batches, oldest first; they stay. */
  List<Batch> batches() {
    lock.lock();
    try {
      var all = new ArrayList<>(full);
      if (open != null) {
        all.add(open);
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more records. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      closeOpen();
    } finally {
      lock.unlock();
    }
  }

  /** Where a record went. */
  enum Placed {
    /** The batch that was brought along is the open one now. */
    IN_FRESH,
    /** Another thread's batch had room: the one that was brought along is not needed. */
    IN_OPEN,
    /** The queue is closed. */
    NOWHERE
  }
}
