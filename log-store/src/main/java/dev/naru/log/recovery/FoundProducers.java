package dev.naru.log.recovery;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.segment.Segment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a log knows of its producers.
 *
 * @param areAny whether any has ever written to it, or to the one it was copied from
 * @param snapshots the offsets of those that lie in its directory
 * @param unforced the offset of the one there that was never forced; it was made from that
 * @param used the one of the others that it was made from, if it was
 * @param bytesSince how much of the log there is above the snapshot that the ledger was made from
 * @param gone segments below the log's start that are still there; they are to stay until a
 *     snapshot tells of whoever has written to them, and no cut can take it away
 */
public record FoundProducers(
    ProducerLedger ledger,
    boolean areAny,
    List<Long> snapshots,
    Optional<Long> unforced,
    OptionalLong used,
    long bytesSince,
    List<Segment> gone) {

  /** Copies the lists. */
  public FoundProducers {
    snapshots = List.copyOf(snapshots);
    gone = List.copyOf(gone);
  }

  /** Of a log that begins here and that no producer has written. */
  public static FoundProducers noneAt(long start) {
    return new FoundProducers(
        ProducerLedger.emptyAt(start),
        false,
        List.of(),
        Optional.empty(),
        OptionalLong.empty(),
        0,
        List.of());
  }
}
