package dev.naru.client.core;

import java.util.OptionalLong;

/**
 * The numbers that one producer gives its records for one partition. They rise by one from record
 * to record; after the greatest comes zero again. A leader takes a batch only if its numbers go on
 * where those before it ended, so numbers that were given and surely never arrive are a gap that
 * nothing may follow: then the chain is broken, and numbers begin anew in the next epoch. Epochs
 * are counted for each partition alone, so a break here touches no other partition.
 *
 * <p>Owned by the sender, and as old as the lane: numbers that began anew under the same id and
 * epoch would be taken for those of batches that are stored, and acknowledged without being so.
 */
public final class LaneSequence {

  private OptionalLong producerId = OptionalLong.empty();
  private short epoch;
  private int next;
  private boolean isFresh;

  /** Whether it has a producer's id, without which it gives no numbers. */
  public boolean isOpen() {
    return producerId.isPresent();
  }

  /**
   * Whether nothing has been given a number in this epoch. The first batch that is given one may
   * leave only when nothing of an earlier epoch is on its way: an old one that came after it would
   * be refused, although it may be stored.
   */
  public boolean isFresh() {
    return isFresh;
  }

  /** Begins at zero, as this producer, in the epoch that came with the id. */
  public void open(long id, short firstEpoch) {
    producerId = OptionalLong.of(id);
    epoch = firstEpoch;
    next = 0;
    isFresh = true;
  }

  /** The stamp of the next batch; {@link #took} says that it was used. */
  public ProducerStamp peek() {
    return new ProducerStamp(producerId.orElseThrow(), epoch, next);
  }

  /** A batch of so many records leaves under the stamp that was shown. */
  public void took(int records) {
    if (!isOpen() || records < 1) {
      throw new IllegalStateException(
          "Expected records of an open sequence, but were " + records + " of " + this);
    }
    next = (next + records) & Integer.MAX_VALUE;
    isFresh = false;
  }

  /**
   * Begins anew at zero in the next epoch; does nothing while it is fresh. After the last epoch it
   * closes: then it needs another id.
   */
  public void breakChain() {
    if (!isOpen() || isFresh) {
      return;
    }
    if (epoch == Short.MAX_VALUE) {
      producerId = OptionalLong.empty();
      return;
    }
    epoch++;
    next = 0;
    isFresh = true;
  }

  @Override
  public String toString() {
    return "LaneSequence[" + producerId + ", epoch " + epoch + ", next " + next + "]";
  }
}
