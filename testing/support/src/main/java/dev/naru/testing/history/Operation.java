package dev.naru.testing.history;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a client did, was told or saw. Times are {@code System.nanoTime()}: on Linux one clock for
 * all processes of a machine, so that the histories of several clients can be put in order.
 */
public sealed interface Operation {

  /** When it happened; of an answer, when it had come. */
  long atNanos();

  /**
   * A producer begins. Comes before its sends.
   *
   * @param repeats whether it may send a record again after an answer that did not come; if not, a
   *     record of it that is there twice is an anomaly
   */
  record SessionBegan(long atNanos, int producer, Acks acks, boolean repeats)
      implements Operation {}

  /**
   * The client is about to hand a record to its producer: taken down before it does. One producer's
   * sends are handed over one after the other, in the order of their sequences.
   */
  record SendInvoked(long atNanos, Value value) implements Operation {}

  /**
   * The record was acknowledged.
   *
   * @param offset absent where nobody reports one ({@link Acks#NONE})
   */
  record SendOk(long atNanos, Value value, PartitionName partition, OptionalLong offset)
      implements Operation {}

  /**
   * The record was refused, and the answer proves that it is nowhere: nobody may ever see it. When
   * in doubt it is {@link SendUnknown}.
   */
  record SendFailed(long atNanos, Value value) implements Operation {}

  /**
   * A timeout, a broken connection, an answer that proves nothing. The record may be there or not.
   */
  record SendUnknown(long atNanos, Value value) implements Operation {}

  /**
   * A reader was given a record, in the order in which it was given them.
   *
   * @param value absent if the payload is not one that was ever sent (see {@link Payload})
   */
  record Polled(
      long atNanos, PartitionName partition, long offset, int leaderEpoch, Optional<Value> value)
      implements Operation {}

  /**
   * A reader was assigned a partition, sought, or was set back: what it reads next has nothing to
   * do with what it read before.
   *
   * @param offset where it goes on, if it said so
   */
  record Positioned(long atNanos, PartitionName partition, OptionalLong offset)
      implements Operation {}

  /** A reader gives up a partition, and need not read it to its end. */
  record Released(long atNanos, PartitionName partition) implements Operation {}

  /**
   * A client asked where a log begins or ends, and was told.
   *
   * @param leaderEpoch of the answer, where the client is told
   */
  record Answered(
      long invokedNanos,
      long atNanos,
      PartitionName partition,
      Bound bound,
      long offset,
      OptionalInt leaderEpoch)
      implements Operation {}

  /**
   * What a member of a group did or was told. Its history has nothing of other groups. A member
   * that may be killed flushes its history after each poll and before each commit: what it was
   * given and what it may have committed is known then, whenever it ends.
   */
  sealed interface OfMember extends Operation {

    /** The client is a member of the group of this number. Comes before the rest. */
    record Joined(long atNanos, int group) implements OfMember {}

    /** From now on it reads this partition, and nobody else of its group does. */
    record Assigned(long atNanos, PartitionName partition) implements OfMember {}

    /** It reads this partition no more: taken down before it tells its group. */
    record Revoked(long atNanos, PartitionName partition) implements OfMember {}

    /**
     * It has heard that this partition is not its own any more; others may have read it already.
     */
    record Lost(long atNanos, PartitionName partition) implements OfMember {}

    /**
     * Its partitions are surely its own until then, even if it hears nothing more; unless it gives
     * them back.
     *
     * @param atNanos before it asked
     * @param untilNanos not before {@code atNanos}
     */
    record Leased(long atNanos, long untilNanos) implements OfMember {}

    /** It is about to commit that everything below this offset is processed. */
    record CommitInvoked(long atNanos, PartitionName partition, long offset) implements OfMember {}

    /** That was acknowledged. A commit without this may have happened or not. */
    record Committed(long invokedNanos, long atNanos, PartitionName partition, long offset)
        implements OfMember {}

    /**
     * It asked how far its group is, and was told.
     *
     * @param offset absent if nothing is committed
     */
    record Found(long invokedNanos, long atNanos, PartitionName partition, OptionalLong offset)
        implements OfMember {}
  }
}
