package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.recovery.FoundProducers.Source;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.Segment;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchSieve;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Makes the ledger of a log's producers: of the newest snapshot that fits the log, and of the
 * headers of all batches after that.
 *
 * <p>Of these batches the checksums are compared as well: the numbers are part of what they are of,
 * and nobody else looks at them before a producer is told by them that its batch is there.
 *
 * <p>A snapshot fits if the batch that ends at its offset is the one it names. Where that one is
 * gone, because the log starts above it by now, it fits too: a log never ends below its start, so
 * it was not cut there since. What lay between is read where its segments have not been deleted
 * yet. One that does not fit is deleted: compaction might make another batch of the one that it is
 * held against, which could not be told from what the snapshot names.
 */
public final class ProducerRebuild {

  private final ProducerFiles files;
  private final List<Segment> segments;
  private final List<Segment> gone;
  private final List<Long> unusable = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * Of a log of these segments.
   *
   * @param segments in order, the active one too
   * @param gone those below them that are still there
   */
  public ProducerRebuild(ProducerFiles files, List<Segment> segments, List<Segment> gone) {
    this.files = files;
    this.segments = List.copyOf(segments);
    this.gone = List.copyOf(gone);
  }

  /**
   * Does it.
   *
   * @param headersFrom below this no producer has written, so that without a snapshot the headers
   *     from here on are enough; at the edge of a batch
   * @throws LogDamagedException if a header cannot be read
   */
  public FoundProducers from(long headersFrom) {
    return files
        .newestUnforced(end(), this::endsAtABatch)
        .map(found -> above(found, Source.Unforced::new))
        .or(() -> newestForced().map(found -> above(found, Source.Forced::new)))
        .orElseGet(() -> above(headersFrom, List.of(), new Source.Headers()));
  }

  private FoundProducers above(ProducerSnapshot snapshot, LongFunction<Source> sourceAt) {
    long offset = snapshot.offset();
    return above(offset, snapshot.states(), sourceAt.apply(offset));
  }

  private FoundProducers above(long from, List<ProducerState> states, Source source) {
    var ledger = ProducerLedger.of(states, from);
    long bytes = noteGone(from, ledger);
    for (Segment segment : segments) {
      if (segment.end() > from && !segment.state().isEmpty()) {
        bytes += note(segment, from, ledger);
      }
    }
    unusable.forEach(files::discard);
    long bytesSinceForced = source instanceof Source.Unforced ? bytesSinceForced() : bytes;
    return new FoundProducers(ledger, source, List.copyOf(forced()), bytes, bytesSinceForced, gone);
  }

  /** By the name of its file alone: if it does not fit, the next one is forced a little later. */
  private long bytesSinceForced() {
    var forced = forced();
    long from = forced.isEmpty() ? Long.MIN_VALUE : forced.last();
    return Stream.concat(gone.stream(), segments.stream())
        .filter(segment -> segment.end() > from)
        .mapToLong(segment -> segment.bytesFrom(from))
        .sum();
  }

  private long end() {
    return segments.getLast().end();
  }

  /** The offsets of those that do not tell of more than the log holds. */
  private NavigableSet<Long> forced() {
    return files.offsets().headSet(end(), true);
  }

  /** Says how much that was. What of it cannot be read is no damage to the log. */
  private long noteGone(long from, ProducerLedger ledger) {
    long bytes = 0;
    for (Segment segment : gone) {
      if (segment.end() > from) {
        try {
          bytes += note(segment, from, ledger);
        } catch (LogDamagedException | UnreadableException e) {
          warnings.add("Does not know all that wrote below the start: " + e.getMessage());
        }
      }
    }
    return bytes;
  }

  private Optional<ProducerSnapshot> newestForced() {
    for (long offset : forced().descendingSet()) {
      var found = files.read(offset);
      if (found.isPresent() && fits(found.get())) {
        return found;
      }
      unusable.add(offset);
      warnings.add(
          "Left out the snapshot of producers at offset %d of %s, which does not fit the log"
              .formatted(offset, segments.getFirst().files().partition()));
    }
    return Optional.empty();
  }

  private boolean fits(ProducerSnapshot snapshot) {
    long offset = snapshot.offset();
    return offset <= segments.getFirst().base() || endsAtABatch(snapshot);
  }

  /**
   * Nothing less will do for one that was never forced: an older release, which does not know it,
   * leaves it where it is when it cuts the log or lets it start over.
   */
  private boolean endsAtABatch(ProducerSnapshot snapshot) {
    long offset = snapshot.offset();
    var lastBatch =
        segments.stream()
            .filter(segment -> segment.base() < offset && offset <= segment.end())
            .findFirst()
            .flatMap(segment -> segment.batchHolding(offset - 1));
    return snapshot.last().isPresent()
        && lastBatch.filter(header -> snapshot.last().get().isIn(header, offset)).isPresent();
  }

  /** Says how much was read. */
  private static long note(Segment segment, long from, ProducerLedger ledger) {
    var walk = walk(segment, from);
    long bytes = 0;
    do {
      BatchHeader header = walk.header();
      if (header.nextOffset() > from) {
        if (header.hasProducer() && !walk.checksumFits()) {
          throw damage(
              segment, walk, "Expected the checksum of the batch's bytes, but was another");
        }
        ledger.note(partFrom(header, from));
        bytes += header.sizeInBytes();
      }
    } while (walk.advance());
    if (walk.fault().isPresent()) {
      throw damage(segment, walk, "");
    }
    return bytes;
  }

  /** Of a batch that compaction has made of some, what the snapshot does not tell of. */
  private static BatchHeader partFrom(BatchHeader header, long from) {
    return header.baseOffset() < from && header.isHeaderOnly()
        ? BatchSieve.from(header, from).header()
        : header;
  }

  /**
   * At a batch that begins at this offset or below. Where the index says something else, from the
   * segment's beginning: what was passed over nobody would miss.
   */
  private static BatchWalk walk(Segment segment, long from) {
    var walk = segment.walkOnTowards(from);
    if (!walk.advance() || walk.header().baseOffset() > Math.max(from, segment.base())) {
      walk = segment.walk();
      if (!walk.advance()) {
        throw damage(segment, walk, "Expected a batch, but there is none");
      }
    }
    return walk;
  }

  private static LogDamagedException damage(Segment segment, BatchWalk walk, String reason) {
    return new LogDamagedException(
        new Damage(
            segment.files().partition(),
            segment.base(),
            walk.position(),
            walk.fault().orElse(reason)));
  }

  /** What somebody may want to know of it, a sentence each. */
  public List<String> warnings() {
    return warnings;
  }
}
