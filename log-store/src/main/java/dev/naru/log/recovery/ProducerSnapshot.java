package dev.naru.log.recovery;

import dev.naru.log.producer.ProducerState;
import dev.naru.record.BatchHeader;
import java.util.List;
import java.util.Optional;

/**
 * What a log knew of its producers when it ended at an offset.
 *
 * @param last the batch that ended there; empty if there was none
 */
public record ProducerSnapshot(long offset, Optional<Last> last, List<ProducerState> states) {

  /** Copies. */
  public ProducerSnapshot {
    states = List.copyOf(states);
  }

  /** Of a log that ends with this batch, if it has one. */
  public static ProducerSnapshot at(
      long offset, Optional<BatchHeader> lastBatch, List<ProducerState> states) {
    return new ProducerSnapshot(
        offset, lastBatch.map(it -> new Last(it.leaderEpoch(), it.crc())), states);
  }

  /** By what a batch is told from another one that lay in its place before the log was cut. */
  public record Last(int epoch, int crc) {

    /**
     * Whether it is this one, which ends at the offset of the snapshot or behind it: compaction
     * gives a batch another checksum, and makes one of some.
     */
    boolean isIn(BatchHeader found, long offset) {
      boolean isWhole = found.nextOffset() == offset;
      return found.leaderEpoch() == epoch
          && (isWhole ? found.isCompacted() || found.crc() == crc : found.isHeaderOnly());
    }
  }
}
