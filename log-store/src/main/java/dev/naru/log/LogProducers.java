package dev.naru.log;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerLedger.Truncated;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.recovery.FoundProducers;
import dev.naru.log.recovery.ProducerRebuild;
import dev.naru.log.recovery.ProducerSnapshot;
import dev.naru.log.segment.Segment;
import dev.naru.record.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a log knows of its producers, and when that is to be written down. Owned by the log's owner.
 *
 * <p>After so many bytes the ledger is captured; when a force has covered all that it tells of, the
 * capture is handed to another thread to be written: neither the owner nor the thread that forces
 * waits for it. A log that no producer with numbers has written captures nothing.
 */
final class LogProducers {

  private final LogHome home;
  private final LogUse use;
  private final LogLife life;
  private ProducerLedger ledger;
  private boolean areAny;
  private long bytesSince; // the last capture that was handed over
  private long capturedAt;
  private Optional<ProducerCapture> waiting = Optional.empty(); // for a force

  LogProducers(LogHome home, LogUse use, LogLife life, FoundProducers found, long start) {
    this.home = home;
    this.use = use;
    this.life = life;
    this.ledger = found.ledger();
    this.areAny = found.areAny();
    this.bytesSince = found.bytesSince();
    this.capturedAt = found.used().orElse(start);
    home.producerFiles().found(found.snapshots(), found.used());
  }

  ProducerLedger ledger() {
    return ledger;
  }

  /** Whether a producer has ever written to the log, or to one it was copied from. */
  boolean areAny() {
    return areAny;
  }

  void note(BatchHeader header) {
    ledger.note(header);
    areAny |= header.hasProducer();
    bytesSince += header.sizeInBytes();
  }

  /** So far the log goes after an append. Where segments are small, each is worth a snapshot. */
  void appended(long end, Optional<BatchHeader> lastBatch, int segmentBytes) {
    if (areAny
        && waiting.isEmpty()
        && bytesSince >= Math.min(segmentBytes, home.captures().distanceBytes())) {
      waiting = Optional.of(capture(end, lastBatch));
    }
  }

  /** All below is durable. */
  void forced(long durableEnd) {
    waiting
        .filter(capture -> capture.offset() <= durableEnd)
        .ifPresent(capture -> {
          home.captures().captured(capture);
          capturedAt = capture.offset();
          bytesSince = 0;
          waiting = Optional.empty();
        });
  }

  /**
   * The log's files below this offset are going: what was written down last may be of before that,
   * and then nobody could tell what came after.
   */
  void dropped(long below, long end, Optional<BatchHeader> lastBatch) {
    if (areAny && waiting.isEmpty() && capturedAt < below) {
      waiting = Optional.of(capture(end, lastBatch));
    }
  }

  /** As it is now, at the end of the log, unless that has been written. */
  Optional<ProducerCapture> last(long end, Optional<BatchHeader> lastBatch) {
    return areAny && !home.producerFiles().has(end)
        ? Optional.of(capture(end, lastBatch))
        : Optional.empty();
  }

  private ProducerCapture capture(long end, Optional<BatchHeader> lastBatch) {
    var snapshot = ProducerSnapshot.at(end, lastBatch, ledger.states());
    return new ProducerCapture(home, use, life, snapshot);
  }

  /** The log was cut, and has these segments now. */
  void cutTo(long end, LogView now) {
    waiting = Optional.empty();
    capturedAt = Math.min(capturedAt, end);
    if (ledger.truncateTo(end) == Truncated.BELOW_UNDO) {
      ledger = areAny ? rebuilt(now) : ProducerLedger.emptyAt(end);
    }
  }

  private ProducerLedger rebuilt(LogView now) {
    List<Segment> segments = new ArrayList<>(now.closed());
    segments.add(now.active());
    var found = new ProducerRebuild(home.producerFiles(), segments).from(segments.getFirst().base());
    bytesSince = found.bytesSince();
    return found.ledger();
  }

  /** The log begins anew here, and nobody has written to it. */
  void startOver(long at) {
    waiting = Optional.empty();
    ledger = ProducerLedger.emptyAt(at);
    areAny = false;
    bytesSince = 0;
    capturedAt = at;
  }

  /** The log, which is empty, goes on where another one had these. Durable when it returns. */
  void adopt(long at, List<ProducerState> states) {
    ledger = ProducerLedger.of(states, at);
    areAny = !states.isEmpty();
    bytesSince = 0;
    capturedAt = at;
    if (areAny) {
      var snapshot = new ProducerSnapshot(at, Optional.empty(), ledger.states());
      home.producerFiles().write(snapshot, () -> true);
    }
  }
}
