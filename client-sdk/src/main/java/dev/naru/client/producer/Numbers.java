package dev.naru.client.producer;

import dev.naru.client.core.LaneSequence;
import dev.naru.client.core.ProducerStamp;
import dev.naru.types.Refused;

/**
 * The numbers of one lane's batches, for a producer whose batches are known again. They live as
 * long as the lane, and the lane as long as its producer, whatever becomes of its topic meanwhile:
 * numbers that began anew would be taken for those of records that are stored. Owned by the loop.
 */
final class Numbers {

  private final ProducerIdentity identity;
  private final LaneSequence sequence = new LaneSequence();
  private long batches; // that have had numbers, in all epochs

  Numbers(ProducerIdentity identity) {
    this.identity = identity;
  }

  ProducerIdentity identity() {
    return identity;
  }

  /** Whether there are numbers to give; asks for an id if one is missing. */
  boolean areOpen() {
    if (!sequence.isOpen()) {
      identity.current().ifPresent(found -> sequence.open(found.id(), found.epoch()));
    }
    return sequence.isOpen();
  }

  /** Why there are none; for whoever asks when time has run out. */
  Refused whyNone() {
    return identity.whyNone();
  }

  /** Whether the next numbers begin an epoch, and have to wait for all that is on its way. */
  boolean isFresh() {
    return !sequence.isOpen() || sequence.isFresh();
  }

  /** Those of the next batch. */
  ProducerStamp peek() {
    return sequence.peek();
  }

  /** A batch of so many records has them. */
  void took(int records) {
    sequence.took(records);
    batches++;
  }

  /** How many batches have had numbers; the place of the next one among them. */
  long batches() {
    return batches;
  }

  /** Numbers were given that will not be stored, or perhaps not: nothing may follow them. */
  void breakChain() {
    boolean wasOpen = sequence.isOpen();
    sequence.breakChain();
    if (wasOpen && !sequence.isOpen()) {
      identity.renew();
    }
  }
}
