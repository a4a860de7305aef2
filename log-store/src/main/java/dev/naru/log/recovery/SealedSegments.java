package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.segment.IndexCheck;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.log.segment.SegmentSeal;
import dev.naru.log.segment.SegmentState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;

/**
 * The closed segments below the one that holds the durable point. They are taken by their seals,
 * without reading them: every byte of them was forced before the seal was, and the seal before the
 * durable point was recorded.
 */
final class SealedSegments {

  private final SegmentFiles files;
  private final NavigableSet<Long> bases;
  private final List<String> warnings;

  SealedSegments(SegmentFiles files, NavigableSet<Long> bases, List<String> warnings) {
    this.files = files;
    this.bases = bases;
    this.warnings = warnings;
  }

  /** Those from the one that holds the start to the one that ends where the last one begins. */
  List<Segment> between(long start, long lastBase) {
    var found = new ArrayList<Segment>();
    if (start >= lastBase) {
      return found;
    }
    Long first = bases.floor(start);
    long expected = first == null ? start : first;
    while (expected < lastBase) {
      Segment segment = open(expected);
      if (segment.state().isEmpty()) {
        throw damage(expected, 0, "Expected batches in a closed segment, but there are none");
      }
      found.add(segment);
      expected = segment.end();
    }
    if (expected != lastBase) {
      throw damage(expected, 0, "Expected a segment at " + lastBase + ", but was at " + expected);
    }
    return found;
  }

  private Segment open(long base) {
    var log = files.disk().open(files.name(base, Part.LOG));
    if (log.isEmpty()) {
      throw damage(base, 0, "Expected a segment, but it is missing");
    }
    long size;
    try (var file = log.get()) {
      size = file.size();
    }
    var seal = SegmentSeal.read(files, base);
    if (seal.isEmpty()) {
      return sealAgain(base);
    }
    SegmentState state = seal.get().state();
    if (!seal.get().partition().equals(files.partition()) || state.base() != base) {
      throw damage(
          base,
          0,
          "Expected the seal of this segment, but is of %s at %d"
              .formatted(seal.get().partition(), state.base()));
    }
    if (size != state.bytes()) {
      throw damage(
          base, size, "Expected %d bytes, but the file has %d".formatted(state.bytes(), size));
    }
    Segment segment = seal.get().segment(files);
    return IndexCheck.fits(files, seal.get()) ? segment : index(segment);
  }

  private Segment index(Segment segment) {
    warnings.add("Made the indexes of " + segment.log() + " anew");
    return IndexCheck.rebuilt(segment)
        .orElseThrow(() -> damage(segment.base(), 0, "Expected sound batches, but are not"));
  }

  /** Only the seal is bad or missing. If every batch is good it is written again. */
  private Segment sealAgain(long base) {
    var scan = new SegmentScan(files, SegmentState.empty(base), EpochHistory.EMPTY);
    try {
      if (scan.fault().isPresent()) {
        throw damage(base, scan.fault().get().position(), scan.fault().get().reason());
      }
      scan.segment().sealDurably();
    } finally {
      scan.segment().close();
    }
    warnings.add("Read all of " + files.name(base, Part.LOG) + ", which had no sound seal");
    return scan.segment().snapshot();
  }

  private LogDamagedException damage(long base, long position, String reason) {
    return new LogDamagedException(new Damage(files.partition(), base, position, reason));
  }
}
