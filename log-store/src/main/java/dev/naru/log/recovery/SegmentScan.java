package dev.naru.log.recovery;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.segment.ActiveSegment;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.IndexCheck;
import dev.naru.log.segment.KeptEntries;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.log.segment.SegmentState;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;

/**
 * Reads a segment from where it is known to be good to the end of its file, as far as each batch is
 * what it should be: in its place, whole, unaltered, its epoch not before the last one's. Mends the
 * indexes on the way.
 */
final class SegmentScan {

  /** What stopped a scan before the end of the file. */
  record Fault(int position, String reason, boolean isUnreadable) {}

  private final SegmentFiles files;
  private final ActiveSegment segment;
  private final long fileBytes;
  private final int scannedBytes;
  private EpochHistory epochs;
  private boolean hasProducers;
  private Optional<Fault> fault = Optional.empty();

  /**
   * Scans a segment that has a file.
   *
   * @param known up to where it needs no reading
   * @param epochs of the log up to there
   */
  SegmentScan(SegmentFiles files, SegmentState known, EpochHistory epochs) {
    this.files = files;
    this.epochs = epochs;
    var file = files.disk().open(files.name(known.base(), Part.LOG)).orElseThrow();
    this.fileBytes = file.size();
    var kept = IndexCheck.sound(files, known.base(), known.bytes());
    this.segment = ActiveSegment.reopen(files, file, known, kept);
    if (fileBytes < known.bytes()) {
      this.fault =
          Optional.of(
              new Fault(
                  (int) fileBytes,
                  "Expected %d bytes, but the file has %d".formatted(known.bytes(), fileBytes),
                  false));
    } else {
      index(kept, known);
      scan(known);
    }
    this.scannedBytes = segment.state().bytes() - known.bytes();
  }

  /** Fills the gap between the last entry of the index and what will be scanned. */
  private void index(KeptEntries kept, SegmentState known) {
    boolean isWhole = kept.lastPosition() == 0;
    long maxTimestamp = isWhole ? SegmentState.NO_TIMESTAMP : known.maxTimestamp();
    // Headers only: the rest is durable, and with thousands of logs much to read.
    var walk =
        walk(
            known.base(),
            kept.lastPosition(),
            known.bytes(),
            Optional.empty(),
            isWhole ? BatchWalk.LONG_WINDOW : BatchWalk.SHORT_WINDOW);
    while (walk.advance()) {
      segment.index(walk.header(), walk.position(), maxTimestamp);
      maxTimestamp = Math.max(maxTimestamp, walk.header().maxTimestamp());
    }
    noteFault(walk);
  }

  private void noteFault(BatchWalk walk) {
    fault = walk.fault().map(reason -> new Fault(walk.position(), reason, walk.isUnreadable()));
  }

  private void scan(SegmentState known) {
    if (fault.isPresent()) {
      return;
    }
    int limit = (int) Math.min(fileBytes, Integer.MAX_VALUE);
    var walk =
        walk(known.base(), known.bytes(), limit, Optional.of(known.end()), BatchWalk.LONG_WINDOW);
    while (walk.advance()) {
      Optional<String> wrong = whatIsWrongWith(walk);
      if (wrong.isPresent()) {
        fault = Optional.of(new Fault(walk.position(), wrong.get(), walk.isUnreadable()));
        return;
      }
      BatchHeader header = walk.header();
      epochs = epochs.assign(new LeaderEpoch(header.leaderEpoch()), header.baseOffset());
      hasProducers |= header.hasProducer();
      segment.note(header);
    }
    noteFault(walk);
  }

  private Optional<String> whatIsWrongWith(BatchWalk walk) {
    int epoch = walk.header().leaderEpoch();
    int last = epochs.latest().map(latest -> latest.epoch().value()).orElse(0);
    if (epoch < last) {
      return Optional.of("Expected a leader epoch >= " + last + ", but was " + epoch);
    }
    return walk.checksumFits()
        ? Optional.empty()
        : walk.fault()
            .or(() -> Optional.of("Expected the checksum of the batch's bytes, but was another"));
  }

  private BatchWalk walk(
      long base, int from, int limit, Optional<Long> expectedOffset, int window) {
    String name = files.name(base, Part.LOG);
    return new BatchWalk(files.open(), name, from, limit, expectedOffset, window);
  }

  /** The segment, up to the first fault. */
  ActiveSegment segment() {
    return segment;
  }

  /** Which epochs wrote the log up to the end of this segment. */
  EpochHistory epochs() {
    return epochs;
  }

  /** Whether a producer with numbers has written any of what was read. */
  boolean hasProducers() {
    return hasProducers;
  }

  /** How many bytes were read and found good. */
  int scannedBytes() {
    return scannedBytes;
  }

  /** How many bytes the file has beyond what is good. */
  long restBytes() {
    return fileBytes - segment.state().bytes();
  }

  /** Why the scan ended before the file did. */
  Optional<Fault> fault() {
    return fault;
  }
}
