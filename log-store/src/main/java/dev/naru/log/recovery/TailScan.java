package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.SegmentScan.Fault;
import dev.naru.log.segment.ActiveSegment;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Reads the segments from the durable point on, one after the other, as long as each goes on where
 * the one before ends. The last one that does becomes the active one; the others are sealed.
 */
final class TailScan {

  private final SegmentFiles files;
  private final DurablePoint point;
  private final boolean mayBeTorn;
  private final List<Segment> closed = new ArrayList<>();
  private final List<Long> beyond = new ArrayList<>();
  private ActiveSegment last;
  private EpochHistory epochs;
  private long scannedBytes;
  private long restBytes;
  private boolean hasNewNames;
  private boolean hasProducers;
  private Optional<String> stopped = Optional.empty();

  /**
   * Reads them.
   *
   * @param mayBeTorn whether what is bad may be cut off; else it is damage
   * @param bases of the segments there are
   * @param epochs of the log below the durable point
   */
  TailScan(
      SegmentFiles files,
      DurablePoint point,
      boolean mayBeTorn,
      NavigableSet<Long> bases,
      EpochHistory epochs) {
    this.files = files;
    this.point = point;
    this.mayBeTorn = mayBeTorn;
    this.epochs = epochs;
    long base = point.state().base();
    this.last = bases.contains(base) ? scan(point.state()) : create(base);
    bases.tailSet(base, false).forEach(this::goOn);
  }

  private ActiveSegment create(long base) {
    if (!point.state().isEmpty()) {
      throw damage(base, 0, "Expected a segment, but it is missing");
    }
    hasNewNames = true;
    return ActiveSegment.create(files, base);
  }

  private void goOn(long base) {
    long end = last.state().end();
    if (stopped.isEmpty() && base == end) {
      last.sealDurably();
      hasNewNames = true;
      closed.add(last.snapshot());
      last = scan(SegmentState.empty(base));
      return;
    }
    stop(
        last.state().base(),
        last.state().bytes(),
        "Expected a segment at " + end + ", but was at " + base);
    beyond.add(base);
  }

  private ActiveSegment scan(SegmentState known) {
    var scan = new SegmentScan(files, known, epochs);
    scannedBytes += scan.scannedBytes();
    restBytes = scan.restBytes();
    epochs = scan.epochs();
    hasProducers |= scan.hasProducers();
    if (scan.fault().isPresent()) {
      Fault fault = scan.fault().get();
      if (fault.position() < known.bytes() || fault.isUnreadable()) { // a crash tears, no more
        scan.segment().close();
        throw damage(known.base(), fault.position(), fault.reason());
      }
      stop(known.base(), fault.position(), fault.reason());
    }
    scan.segment().writeAgain(known.bytes());
    return scan.segment();
  }

  private void stop(long base, int position, String reason) {
    if (!mayBeTorn) {
      throw damage(base, position, reason);
    }
    if (stopped.isEmpty()) {
      stopped =
          Optional.of("Torn tail at byte %d of segment %d: %s".formatted(position, base, reason));
    }
  }

  private LogDamagedException damage(long base, int position, String reason) {
    return new LogDamagedException(new Damage(files.partition(), base, position, reason));
  }

  /** Segments that were read and closed. */
  List<Segment> closed() {
    return closed;
  }

  /** The segment to append to. */
  ActiveSegment last() {
    return last;
  }

  /** Of the whole log. */
  EpochHistory epochs() {
    return epochs;
  }

  /** Bytes that were read and are good. */
  long scannedBytes() {
    return scannedBytes;
  }

  /** Whether a producer with numbers has written any of what was read. */
  boolean hasProducers() {
    return hasProducers;
  }

  /** Whether it has made or sealed segments. */
  boolean hasNewNames() {
    return hasNewNames;
  }

  /** What has to be cut off. */
  TornTail torn() {
    return new TornTail(files, last, restBytes, beyond, stopped.orElse(""));
  }
}
