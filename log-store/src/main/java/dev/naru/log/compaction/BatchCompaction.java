package dev.naru.log.compaction;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.BatchSieve;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import java.util.OptionalLong;

/**
 * What becomes of the batches of a log in one pass: first the keys of its dirty part are noted,
 * then each batch is stripped of the records that a newer one of their key has superseded. Owned by
 * one thread.
 *
 * <p>A record without a key supersedes nothing and is never superseded: it stays. So does a batch
 * that cannot be opened, and one of a transaction or with markers of the brokers: what is in those
 * is decided by more than its keys.
 *
 * <p>A record without a value deletes its key. It is kept until readers had time to meet it, which
 * is counted from the pass that first met it: by then every older record of its key was taken out
 * by that pass, or one before.
 */
public final class BatchCompaction {

  /**
   * Deletions that somebody has not read yet are looked at again after so long, or with the next
   * pass that has another cause: each look is a pass over the whole log.
   */
  static final long HELD_BACK_MILLIS = 600_000;

  private final KeyOffsets newest;
  private final Limits limits;
  private long mappedEnd;
  private long purgedBelow;
  private long nextHorizon = Long.MAX_VALUE;

  /**
   * What a pass has to keep to.
   *
   * @param nowMillis the time
   * @param deleteRetentionMillis how long deletions are kept that are met for the first time: from
   *     now on, or from the time of their batch if that is later. For a clock that is behind is set
   *     right one day, and what it says goes to other replicas with the batch
   * @param purgeEnd no deletion from here on is forgotten: somebody has not read it
   */
  public record Limits(long nowMillis, long deleteRetentionMillis, long purgeEnd) {

    private long newHorizon(BatchHeader header) {
      long from = Math.max(nowMillis, header.maxTimestamp());
      return deleteRetentionMillis > Long.MAX_VALUE - from
          ? Long.MAX_VALUE
          : from + deleteRetentionMillis;
    }
  }

  /** A pass over a log whose dirty part begins at this offset. */
  public BatchCompaction(KeyOffsets newest, Limits limits, long dirtyFrom) {
    this.newest = newest;
    this.limits = limits;
    this.mappedEnd = dirtyFrom;
  }

  /**
   * Notes the keys of the next batch of the dirty part.
   *
   * @return false if there is no room for all of its keys: the pass goes up to the batch before
   */
  public boolean note(BatchBytes batch) {
    var header = batch.header();
    if (holdsRecords(header)) {
      long offsets = header.nextOffset() - Math.max(header.baseOffset(), mappedEnd);
      if (Math.min(header.recordCount(), offsets) > newest.room()) {
        return false;
      }
      noteAll(batch);
    }
    mappedEnd = header.nextOffset();
    return true;
  }

  /** All or none: keys of a batch that nobody can read supersede nothing. */
  private void noteAll(BatchBytes batch) {
    try {
      var look = RecordReader.open(batch, InflationLimit.DEFAULT);
      while (look.advance()) {
        // advancing is what checks
      }
    } catch (BatchRefusedException unreadable) {
      return;
    }
    var records = RecordReader.open(batch, InflationLimit.DEFAULT);
    while (records.advance()) {
      if (records.offset() >= mappedEnd) { // else it lies below the start of the log
        records.key((key, from, length) -> note(key, from, length, records.offset()));
      }
    }
  }

  private Boolean note(byte[] key, int from, int length, long offset) {
    newest.put(key, from, length, offset);
    return true;
  }

  private static boolean holdsRecords(BatchHeader header) {
    return !header.isControl() && !header.isTransactional() && !header.isHeaderOnly();
  }

  /** What is left of a batch; the very same bytes if all is. */
  public BatchBytes compact(BatchBytes batch) {
    var header = batch.header();
    if (!holdsRecords(header) || header.baseOffset() >= mappedEnd) {
      return batch;
    }
    boolean isForgettable =
        header.deleteHorizon().isPresent()
            && header.deleteHorizon().getAsLong() <= limits.nowMillis;
    try {
      var sifted =
          BatchSieve.sift(batch, record -> stays(record, isForgettable), limits.newHorizon(header));
      sifted.deleteHorizon().ifPresent(this::await);
      return sifted.batch();
    } catch (BatchRefusedException unreadable) {
      return batch;
    }
  }

  /** A deletion whose time is over and that is here nevertheless waits for somebody to read it. */
  private void await(long horizon) {
    long from = limits.nowMillis + HELD_BACK_MILLIS;
    nextHorizon = Math.min(nextHorizon, horizon <= limits.nowMillis ? from : horizon);
  }

  private boolean stays(RecordReader record, boolean isForgettable) {
    long offset = record.offset();
    if (!record.hasKey()) {
      return true;
    }
    boolean isSuperseded =
        Boolean.TRUE.equals(
            record.key((key, from, length) -> newest.hasNewer(key, from, length, offset)));
    if (isSuperseded) {
      return false;
    }
    if (!record.hasValue() && isForgettable && offset < limits.purgeEnd) {
      purgedBelow = Math.max(purgedBelow, offset + 1);
      return false;
    }
    return true;
  }

  /** Everything below was noted, or was clean before: no key will occur twice below it. */
  public long mappedEnd() {
    return mappedEnd;
  }

  /** One more than the greatest offset of a deletion that was taken out. */
  public long purgedBelow() {
    return purgedBelow;
  }

  /** When to look for deletions to be forgotten among those that were kept. */
  public OptionalLong nextHorizon() {
    return nextHorizon == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(nextHorizon);
  }
}
