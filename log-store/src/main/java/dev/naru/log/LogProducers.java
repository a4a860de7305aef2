package dev.naru.log;

import dev.naru.log.ProducerCapture.Outlives;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerLedger.Truncated;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.recovery.FoundProducers;
import dev.naru.log.recovery.FoundProducers.Source;
import dev.naru.log.recovery.ProducerRebuild;
import dev.naru.log.recovery.ProducerSnapshot;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.record.BatchHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * What a log knows of its producers, and when that is to be written down. Owned by the log's owner.
 *
 * <p>After so many bytes the ledger is captured. When all that it tells of is durable and
 * committed, the capture is handed to another thread to be written: neither the owner nor the
 * thread that forces waits for it. Had it to be durable only, a replica that lost its leadership
 * would have snapshots of nothing but a tail that is to be cut, and none of before. A log that no
 * producer with numbers has written captures nothing.
 */
final class LogProducers {

  /** An unforced snapshot is due after this part of the growth that a forced one takes. */
  private static final int UNFORCED_PART = 4;

  private final PartitionLog log;
  private final LogHome home;
  private final LogUse use;
  private final LogLife life;
  private boolean areAny;
  private Optional<ProducerCapture> unsettled = Optional.empty(); // the log may yet end below it
  private long bytesSinceUnsettled;

  /** Where the last one was taken that was handed over to be forced. */
  private long capturedAt;

  /** Grown since then: a start after a power cut reads so much. */
  private long bytesSince;

  /** Grown since the last one that was handed over, forced or not: so much is read after a kill. */
  private long bytesSinceAny;

  private final List<Segment> keptBelow = new ArrayList<>(); // the log's start, on disk

  // Written by the owner, another one after a cut; its size is read by whoever shares room out.
  private volatile ProducerLedger ledger;

  /** The log's end and its last batch are known by now. */
  LogProducers(PartitionLog log, LogHome home, LogUse use, LogLife life, FoundProducers found) {
    this.log = log;
    this.home = home;
    this.use = use;
    this.life = life;
    this.ledger = found.ledger();
    ledger.boundBy(home.producerRoom());
    this.areAny = found.areAny();
    home.producerFiles().goOn(found.source(), found.snapshots());
    goOn(found);
    outlive(found.gone());
    captureIfDue();
  }

  private void goOn(FoundProducers found) {
    switch (found.source()) {
      case Source.Nothing _, Source.Headers _ -> {
        capturedAt = firstBase(found);
        bytesSince = bytes();
        bytesSinceAny = bytesSince;
      }
      case Source.Forced(long offset) -> {
        capturedAt = offset;
        bytesSince = found.bytesSince();
        bytesSinceAny = bytesSince;
      }
      case Source.Unforced _ -> {
        // Counted anew, a process that is killed before it has grown enough would force none ever.
        capturedAt = firstBase(found);
        bytesSince = found.bytesSinceForced();
        bytesSinceAny = found.bytesSince();
      }
    }
  }

  private long firstBase(FoundProducers found) {
    return found.gone().isEmpty() ? log.start() : found.gone().getFirst().base();
  }

  /** Segments below the start, without which nobody might know who has written to them. */
  private void outlive(List<Segment> gone) {
    if (!gone.isEmpty()) {
      dropping(gone.getLast().end());
      home.dropped().dropped(gone, DropReason.LEADER, mayGo()); // nobody knows the reason any more
    }
  }

  ProducerLedger ledger() {
    return ledger;
  }

  /** Whether a producer has ever written to the log, or to one it was copied from. */
  boolean areAny() {
    return areAny;
  }

  /** To be called while the log's last batch is the one before. */
  void note(BatchHeader header) {
    if (!areAny && header.hasProducer()) {
      begin(header);
    }
    ledger.note(header);
    bytesSince += header.sizeInBytes();
    bytesSinceUnsettled += header.sizeInBytes();
    bytesSinceAny += header.sizeInBytes();
  }

  /** Below its first batch nobody has to look for others, however much there is. */
  private void begin(BatchHeader first) {
    areAny = true;
    if (log.lastBatch().isPresent()) {
      var nobody = ProducerSnapshot.at(first.baseOffset(), log.lastBatch(), List.of());
      capture(nobody, Outlives.POWER_CUT);
    }
  }

  /** Something was appended. */
  void appended() {
    captureIfDue();
  }

  /** More of the log is durable, or committed. */
  void settled() {
    handOver();
    captureIfDue(); // it may have grown a lot meanwhile
    handOver();
  }

  private void captureIfDue() {
    if (areAny && unsettled.isEmpty()) {
      long due = dueBytes();
      if (bytesSince >= due) {
        capture(now(), Outlives.POWER_CUT);
      } else if (bytesSinceAny >= Math.max(due / UNFORCED_PART, snapshotBytes())) {
        capture(now(), Outlives.KILL);
      }
    }
  }

  /**
   * Where segments are small, each is worth a snapshot; and one that is large itself is worth more
   * than a few batches.
   */
  private long dueBytes() {
    long worth = Math.max(home.captures().distanceBytes(), snapshotBytes());
    return Math.min(log.view().config().segmentBytes(), worth);
  }

  private long snapshotBytes() {
    return ProducerCapture.bytes(ledger.size());
  }

  private ProducerSnapshot now() {
    return ProducerSnapshot.at(log.end(), log.lastBatch(), ledger.states());
  }

  private void capture(ProducerSnapshot snapshot, Outlives outlives) {
    unsettled = Optional.of(captureOf(snapshot, outlives));
    bytesSinceUnsettled = 0;
  }

  private ProducerCapture captureOf(ProducerSnapshot snapshot, Outlives outlives) {
    return new ProducerCapture(home, use, life, snapshot, log.highWatermark(), outlives);
  }

  private void handOver() {
    long settledEnd = Math.min(log.durableEnd(), log.highWatermark());
    unsettled
        .filter(capture -> capture.offset() <= settledEnd)
        .ifPresent(capture -> {
          home.captures().captured(capture);
          if (capture.isForced()) {
            capturedAt = capture.offset();
            bytesSince = bytesSinceUnsettled;
          }
          bytesSinceAny = bytesSinceUnsettled;
          unsettled = Optional.empty();
        });
  }

  /**
   * The log's files below this offset are going: what was written down last may be of before that,
   * and then nobody could tell what came after.
   */
  void dropping(long below) {
    long coming =
        unsettled.filter(ProducerCapture::isForced).map(ProducerCapture::offset).orElse(capturedAt);
    if (areAny && Math.max(coming, capturedAt) < below) {
      capture(now(), Outlives.POWER_CUT);
      handOver();
    }
  }

  /** Whether segments that end here may be deleted: of whoever wrote to them it is written down. */
  LongPredicate mayGo() {
    return areAny ? end -> home.producerFiles().outlive(end, log.highWatermark()) : end -> true;
  }

  /** As it is now, at the end of the log, unless that has been written. */
  Optional<ProducerCapture> last() {
    return areAny && !home.producerFiles().has(log.end())
        ? Optional.of(captureOf(now(), Outlives.POWER_CUT))
        : Optional.empty();
  }

  /** These, which were going, stay until the next start of the process. */
  void kept(List<Segment> belowStart) {
    keptBelow.addAll(belowStart);
  }

  /**
   * The log was cut to where it ends now. A cut below what is committed, which is a loss, may take
   * all snapshots along: then the headers of all that is left are read here. Where they are damaged
   * the ledger is void, as is the log.
   */
  void cut() {
    unsettled = Optional.empty();
    if (ledger.truncateTo(log.end()) == Truncated.BELOW_UNDO) {
      become(areAny ? rebuilt() : ProducerLedger.emptyAt(log.end()));
    }
    var written = home.producerFiles().newest();
    capturedAt = written.orElse(log.start()); // what is handed over is not written any more
    bytesSince = written.isPresent() ? bytesSince : bytes();
    bytesSinceAny = bytesSince;
    settled();
  }

  private void nothingSince() {
    bytesSince = 0;
    bytesSinceAny = 0;
    capturedAt = log.end();
  }

  private ProducerLedger rebuilt() {
    var found = new ProducerRebuild(home.producerFiles(), segments(), keptBelow).from(0);
    bytesSince = found.bytesSinceForced();
    return found.ledger();
  }

  private List<Segment> segments() {
    var now = log.view();
    List<Segment> segments = new ArrayList<>(now.closed());
    segments.add(now.active());
    return segments;
  }

  private long bytes() {
    return segments().stream().mapToLong(Segment::bytes).sum();
  }

  private void become(ProducerLedger another) {
    another.boundBy(home.producerRoom());
    ledger = another;
  }

  /** The log begins anew where it ends now, and nobody has written to it. */
  void startedOver() {
    unsettled = Optional.empty();
    keptBelow.clear();
    become(ProducerLedger.emptyAt(log.end()));
    areAny = false;
    nothingSince();
  }

  /**
   * The log, which is empty, goes on where another one had these; what it was told before of others
   * it knows as well. Durable when it returns, unless there is no room: then it is tried again
   * later, since a write that fails would cost the directory.
   */
  void adopt(List<ProducerState> states) {
    var known = new LinkedHashMap<Long, ProducerState>();
    ledger.statesBelow(log.end()).forEach(state -> known.put(state.id(), state));
    states.forEach(state -> known.remove(state.id())); // what is said last counts, and its order
    states.forEach(state -> known.put(state.id(), state));
    become(ProducerLedger.of(List.copyOf(known.values()), log.end()));
    areAny = !known.isEmpty();
    nothingSince();
    if (areAny) {
      var adopted = new ProducerSnapshot(log.end(), Optional.empty(), ledger.states());
      var capture = captureOf(adopted, Outlives.POWER_CUT);
      if (!capture.write()) {
        home.captures().captured(capture);
      }
    }
  }
}
