package dev.naru.log.recovery;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.segment.Segment;
import java.util.List;

/**
 * What a log knows of its producers.
 *
 * @param snapshots the offsets of those that were forced and lie in its directory
 * @param bytesSince how much of the log there is above what the source tells of
 * @param bytesSinceForced the same above the newest snapshot that was forced; of all there is,
 *     where there is none. May be more by what lies between two entries of an index
 * @param gone segments below the log's start that are still there; they are to stay until a
 *     snapshot tells of whoever has written to them, and no cut can take it away
 */
public record FoundProducers(
    ProducerLedger ledger,
    Source source,
    List<Long> snapshots,
    long bytesSince,
    long bytesSinceForced,
    List<Segment> gone) {

  /** What a ledger was made from. */
  public sealed interface Source {

    /** Nothing: no producer has ever written to the log, or to the one it was copied from. */
    record Nothing() implements Source {}

    /** The headers of batches alone: there was no snapshot that fits. */
    record Headers() implements Source {}

    /** The snapshot at this offset, which was forced, and the headers above it. */
    record Forced(long offset) implements Source {}

    /** The snapshot at this offset, which was never forced, and the headers above it. */
    record Unforced(long offset) implements Source {}
  }

  /** Copies the lists. */
  public FoundProducers {
    snapshots = List.copyOf(snapshots);
    gone = List.copyOf(gone);
  }

  /** Of a log that begins here and that no producer has written. */
  public static FoundProducers noneAt(long start) {
    return new FoundProducers(
        ProducerLedger.emptyAt(start), new Source.Nothing(), List.of(), 0, 0, List.of());
  }

  /** Whether any has ever written to the log, or to the one it was copied from. */
  public boolean areAny() {
    return !(source instanceof Source.Nothing);
  }
}
