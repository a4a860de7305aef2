package dev.naru.log.store;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerRoom;
import java.util.Arrays;

/**
 * Shares out among all logs of a node how many producers they may know: each log has a bound of its
 * own, but thousands of logs together could fill the heap below it, with the producers of jobs that
 * come and go.
 *
 * <p>While all logs together know no more than the node may, only their own bound counts. Else
 * there is a level above which no log grows any more, chosen so that the others would fill the rest
 * if they all came up to it: so a log with a flood of producers never takes the place of another's
 * few. What is above the level when it falls goes as soon as it is not protected any more. Logs
 * grow between two looks, and what is protected stays: twice as many as the node may know is the
 * most there can be.
 *
 * <p>Looked at about once a second by one thread; read by the owners of logs.
 */
final class ProducerShares implements ProducerRoom {

  /** Of the heap so much, and in the worst case twice, may be producers. */
  private static final int HEAP_SHARE = 8;

  /** About what a producer takes in memory: with five runs more, with one run less. */
  private static final int PRODUCER_BYTES = 400;

  /** With fewer no log could do its work, however many there are. */
  private static final int LEVEL_MIN = 10;

  private final long allMax;

  private volatile int level = ProducerLedger.PRODUCERS_MAX; // written by whoever looks

  /** For so many producers. */
  ProducerShares(long allMax) {
    this.allMax = allMax;
  }

  /** For as many as fit into a heap of this size beside everything else. */
  static ProducerShares ofHeap(long heapBytes) {
    return new ProducerShares(heapBytes / HEAP_SHARE / PRODUCER_BYTES);
  }

  @Override
  public int producersMax() {
    return level;
  }

  /** So many each log knows now. */
  void look(int[] known) {
    level = level(known);
  }

  /** The fewest first: what they leave of their share is for those that have more. */
  private int level(int[] known) {
    int[] rising = known.clone();
    Arrays.sort(rising);
    long left = allMax;
    for (int i = 0; i < rising.length; i++) {
      long share = left / (rising.length - i);
      if (rising[i] >= share) {
        return Math.clamp(share, LEVEL_MIN, ProducerLedger.PRODUCERS_MAX);
      }
      left -= rising[i];
    }
    return ProducerLedger.PRODUCERS_MAX;
  }
}
