package dev.naru.log;

import dev.naru.log.AppendResult.Appended;
import dev.naru.log.AppendResult.NotAppended;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.FoundProducers;
import dev.naru.log.recovery.RecoveredLog;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentChain;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One replica's log of one partition. Owned by one thread, without locks; what other threads may
 * read is {@link #view}, replaced as a whole after every change.
 *
 * <p>An append writes and returns. It becomes durable through a {@link ForceTicket}: the owner
 * takes down what is to be forced, another thread forces it, the owner hears of it. Truncations,
 * which are rare, are durable when they return.
 *
 * <p>Invariants: start <= high watermark <= end; start <= durable end <= end; the epoch history is
 * what a scan of the batches yields, but for a latest epoch that has no batch yet; and so is what
 * is known of producers, but for those whose batches have gone, or that were forgotten.
 *
 * <p>Every method may throw {@code StorageException}, which ends the data directory, and {@link
 * LogDamagedException}, which ends the use of this log.
 */
public final class PartitionLog {

  private final LogHome home;
  private final SegmentChain segments;
  private final OnDisk onDisk;
  private final LogLife life = new LogLife();
  private final LogUse use = new LogUse();
  private LogConfig config;
  private DropReason reason = DropReason.LEADER;
  private long start;
  private EpochHistory epochs;
  private Optional<BatchHeader> lastBatch;
  private final LogCleaning cleaning;
  private final LogProducers producers;

  // All written by the owner; read by whoever writes the checkpoint, and by every thread.
  private volatile long highWatermark;
  private volatile LeaderEpoch agreed = LeaderEpoch.ZERO;
  private volatile LogView view;

  private PartitionLog(
      LogHome home,
      LogConfig config,
      SegmentChain segments,
      long start,
      EpochHistory epochs,
      Optional<BatchHeader> lastBatch,
      Cleanliness cleanliness,
      FoundProducers producers) {
    this.home = home;
    this.config = config;
    this.segments = segments;
    this.start = start;
    this.epochs = epochs;
    this.lastBatch = lastBatch;
    this.onDisk = new OnDisk(home.epochs(), epochs, start, segments.active().end());
    this.highWatermark = start;
    this.view = newView();
    this.cleaning = new LogCleaning(this, home, cleanliness, use);
    this.producers = new LogProducers(this, home, use, life, producers);
  }

  /** Makes an empty log that begins at offset 0. There must be no directory for it yet. */
  public static PartitionLog create(LogHome home, LogConfig config) {
    var segments = SegmentChain.create(home.files());
    var log =
        new PartitionLog(
            home,
            config,
            segments,
            0,
            EpochHistory.EMPTY,
            Optional.empty(),
            Cleanliness.ofNew(home.compaction()),
            FoundProducers.noneAt(0));
    if (config.cleanup().compacts()) {
      log.cleaning.keepRecord(); // or a crash before the first look would pass for its loss
    }
    return log;
  }

  /** Goes on with what was recovered. */
  public static PartitionLog of(LogHome home, LogConfig config, RecoveredLog found) {
    var segments = SegmentChain.of(home.files(), found.closed(), found.active());
    return new PartitionLog(
        home,
        config,
        segments,
        found.start(),
        found.epochs(),
        found.lastBatch(),
        Cleanliness.found(home.compaction(), segments.active().end()),
        found.producers());
  }

  /** Whose log. */
  public PartitionId id() {
    return home.files().partition();
  }

  /** The first offset. */
  public long start() {
    return start;
  }

  /** The next offset to be appended. */
  public long end() {
    return view.end();
  }

  /** Everything below is on disk. */
  public long durableEnd() {
    return onDisk.end();
  }

  /** Whether there is nothing to force. */
  public boolean isDurable() {
    return onDisk.holds(view) && segments.areNamesForced();
  }

  /** Which epochs wrote what. */
  public EpochHistory epochs() {
    return epochs;
  }

  /** The header of the last batch, if there is one. */
  public Optional<BatchHeader> lastBatch() {
    return lastBatch;
  }

  /** The log as it is now. Any thread may call. */
  public LogView view() {
    return view;
  }

  /** Takes the topic's settings, from the next append on. */
  public void configure(LogConfig newConfig) {
    if (!newConfig.equals(config)) {
      config = newConfig;
      view = newView();
    }
  }

  /** Notes that this epoch's leader begins at the end of the log, unless it has begun already. */
  public void beginEpoch(LeaderEpoch epoch) {
    EpochHistory longer = epochs.assign(epoch, end());
    if (!longer.equals(epochs)) {
      epochs = longer;
      view = newView();
    }
  }

  /** Forgets epochs that have begun but left no record. */
  public void forgetEmptyEpochs() {
    epochs = epochs.truncateFrom(end());
    view = newView();
  }

  /** Why there is no room for so many bytes of new records, if there is none. */
  public Optional<Refused> whyNoRoom(int bytes) {
    return home.space().whyNot(bytes);
  }

  /**
   * Appends one batch that has passed the checks of the producers' door: gives it its offsets and
   * its epoch, and on topics that ask for it the time.
   */
  public Appended appendAsLeader(BatchBytes one, LeaderEpoch epoch, long nowMillis) {
    if (config.timestampType() == TimestampType.LOG_APPEND_TIME) {
      one.stampAppendTime(nowMillis);
    }
    one.stamp(end(), epoch);
    return append(one);
  }

  private Appended append(BatchBytes batches) {
    long firstOffset = end();
    boolean hasRolled = segments.append(batches, config.segmentBytes(), this::note);
    view = newView();
    producers.appended();
    return new Appended(firstOffset, end(), batches.size(), hasRolled);
  }

  private void note(BatchHeader header) {
    epochs = epochs.assign(new LeaderEpoch(header.leaderEpoch()), header.baseOffset());
    producers.note(header);
    lastBatch = Optional.of(header);
  }

  /**
   * Closes the active segment, unless it is another by now or has no batch: that one is never
   * closed.
   *
   * @param base of the segment that is meant
   * @return whether it did, and files are to be forced
   */
  public boolean roll(long base) {
    if (segments.active().base() != base || segments.active().state().isEmpty()) {
      return false;
    }
    segments.roll();
    view = newView();
    return true;
  }

  /**
   * Appends what the leader of an epoch sent, all or nothing: each batch must be whole and
   * unaltered, begin where the one before ends, and carry an epoch that does not fall and is not
   * after the leader's. It is also refused when the disk has no room for copies any more.
   */
  public AppendResult appendAsFollower(BatchBytes sent, LeaderEpoch leaderEpoch) {
    var many = MergedBatches.from(end(), sent);
    var lastEpoch = lastBatch.map(BatchHeader::leaderEpoch).map(LeaderEpoch::new);
    Optional<Refused> refused =
        FollowerCheck.check(many, end(), lastEpoch.orElse(LeaderEpoch.ZERO), leaderEpoch)
            .or(() -> home.space().whyNotCopies(many.size()));
    if (refused.isPresent()) {
      return new NotAppended(refused.get());
    }
    epochs = epochs.truncateFrom(end()); // one without a record gives way to those with one
    return append(many);
  }

  /** What to force so that all below the present end is durable. */
  public ForceTicket prepareForce() {
    var point =
        DurablePoint.at(id(), start, segments.active().state(), lastBatch, producers.areAny());
    var write = onDisk.write(epochs);
    return new ForceTicket(home.files().disk(), segments.forceWork(), point, write, life);
  }

  /**
   * Takes note of a force that was performed. A ticket from before a truncation does not raise the
   * durable end.
   *
   * @return the durable end
   */
  public long forced(ForceTicket ticket) {
    segments.forced(ticket.work());
    onDisk.covered(ticket);
    drop();
    producers.settled();
    return onDisk.end();
  }

  /** Segments wholly below the start are no longer part of the log once the start is on record. */
  private void drop() {
    var gone = segments.dropBelow(onDisk.start());
    if (!gone.isEmpty()) {
      life.swap();
      producers.dropping(onDisk.start());
      home.dropped().dropped(gone, reason, producers.mayGo());
    }
    if (!gone.isEmpty() || view.startOnRecord() != onDisk.start()) {
      view = newView();
    }
  }

  /**
   * Cuts the log to this end, which must be the edge of a batch at or below the present end, or lie
   * where compaction has left no record: then it cuts a little more. What is cut is set aside.
   * Durable when it returns.
   */
  public Cut truncateTo(long wantedEnd, String why) {
    if (wantedEnd < start || wantedEnd > end()) {
      throw new IllegalArgumentException(
          "Expected an end in [%d, %d] of %s, but was %d".formatted(start, end(), id(), wantedEnd));
    }
    long newEnd = view.edgeUpTo(wantedEnd);
    if (newEnd < start) {
      return startOver(start, why);
    }
    if (newEnd == end()) {
      forgetEmptyEpochs();
      return new Cut(newEnd, newEnd, 0, Optional.empty());
    }
    prepareCut();
    var cut = truncation(why).to(newEnd, start);
    resetTo(start, newEnd, epochs.truncateFrom(newEnd));
    producers.cut();
    return cut;
  }

  /** Sets everything aside and begins anew, empty, at this offset. Durable when it returns. */
  public Cut startOver(long at, String why) {
    prepareCut();
    var cut = truncation(why).startOver(at);
    resetTo(at, at, EpochHistory.EMPTY);
    producers.startedOver();
    return cut;
  }

  private Truncation truncation(String why) {
    return new Truncation(home, segments, cleaning, view, producers.areAny(), why);
  }

  /**
   * From here on no view and no ticket of before is believed, and what is still there below the
   * start stays: that start may not be on record. Below the new end all will be durable.
   */
  private void prepareCut() {
    life.cut();
    var ticket = prepareForce();
    ticket.perform();
    segments.forcedOutOfTurn(ticket.work());
    onDisk.covered(ticket);
    producers.kept(home.dropped().keep(id()));
  }

  private void resetTo(long newStart, long newEnd, EpochHistory newEpochs) {
    start = newStart;
    onDisk.reset(newStart, newEnd);
    epochs = newEpochs;
    view = newView();
    lastBatch = view.lastBatchBelow(newEnd);
    highWatermark = highWatermark();
  }

  /**
   * Raises the first offset, up to the end at most. Segments wholly below it go when a force that
   * comes after this has been {@linkplain #forced heard of}; if that is all there is, the active
   * one is closed to go with them.
   *
   * @return whether it was raised, and a force is due
   */
  public boolean raiseStart(long newStart, DropReason why) {
    if (newStart > end()) {
      throw new IllegalArgumentException(
          "Expected a start up to the end %d of %s, but was %d".formatted(end(), id(), newStart));
    }
    if (newStart <= start) {
      return false;
    }
    if (newStart == end() && !segments.active().state().isEmpty()) {
      segments.roll();
    }
    reason = why;
    start = newStart;
    onDisk.raisedTo(start);
    epochs = epochs.truncateBelow(start);
    view = newView();
    return true;
  }

  /** What compaction has made of it, and may. Any thread, but for what says otherwise. */
  public LogCleaning cleaning() {
    return cleaning;
  }

  /**
   * Which batches of which producers it holds last: to be asked before an append, and told of the
   * time that passes. Another object after a cut.
   */
  public ProducerLedger producers() {
    return producers.ledger();
  }

  /**
   * Takes over what another log knew of its producers where this one begins: they may have written
   * below, and this one does not hold it. Only before the first append. Durable when it returns,
   * unless there is no room for it now. What it took over before, and is not told of again, stays.
   *
   * @param states all of them, as the other one {@linkplain ProducerLedger#statesBelow had} them
   */
  public void adopt(List<ProducerState> states) {
    if (end() != start) {
      throw new IllegalStateException(
          "Expected an empty log of %s, but was [%d, %d)".formatted(id(), start, end()));
    }
    producers.adopt(states);
  }

  /** What it knows of its producers, to be written when all of the log is durable; if it is due. */
  public Optional<ProducerCapture> lastCapture() {
    return producers.last();
  }

  /**
   * Puts a prepared segment in the place of those it was made of; false if they are not all in use
   * any more, and nothing has happened. Who had it prepared finishes it.
   */
  public boolean swap(CompactedSegments prepared) {
    if (!segments.holds(prepared.swap())) {
      return false;
    }
    cleaning.purged(prepared.purgedBelow()); // on disk already
    life.swap();
    segments.swap(prepared.swap());
    view = newView();
    return true;
  }

  /**
   * As {@link LogView#crcAt}. At the end of the log no index is asked, which thousands of followers
   * that subscribe after a restart would wait for.
   */
  public OptionalInt crcAt(long end) {
    return lastBatch
        .filter(known -> known.nextOffset() == end)
        .flatMap(known -> view.active().batchAt(view.active().bytes() - known.sizeInBytes()))
        .filter(found -> found.nextOffset() == end && !found.isCompacted())
        .map(found -> OptionalInt.of(found.crc()))
        .orElseGet(() -> view.crcAt(end));
  }

  /**
   * Remembers the high watermark for the next checkpoint, up to the present end: what comes above
   * it later may be other records than those it told of.
   */
  public void noteHighWatermark(long newHighWatermark) {
    highWatermark = Math.min(newHighWatermark, end());
    producers.ledger().committed(highWatermark);
    producers.settled();
  }

  /**
   * Remembers for the next checkpoint that in this leader epoch the log led, or was accepted. The
   * high watermark was lowered before, if that is due.
   */
  public void noteAgreed(LeaderEpoch epoch) {
    agreed = epoch;
  }

  /** The leader epoch as last noted, or as the checkpoint had it; zero if it had none. */
  public LeaderEpoch agreed() {
    return agreed;
  }

  /** What the next checkpoint says. Any thread may call. */
  public Watermark watermark() {
    var epoch = agreed; // first: a watermark that was lowered since does no harm to an older one
    return new Watermark(highWatermark(), epoch);
  }

  /** The high watermark as last noted, or as the checkpoint had it. Any thread may call. */
  public long highWatermark() {
    LogView now = view;
    return Math.min(Math.max(highWatermark, now.start()), now.end());
  }

  /** What to report when the last batch turns out to be another than the one that belongs there. */
  public Damage damageOfLastBatch(String reason) {
    Segment last = end() > start ? view.segmentAt(end() - 1) : segments.active();
    int position = last.bytes() - lastBatch.map(BatchHeader::sizeInBytes).orElse(0);
    return new Damage(id(), last.base(), position, reason);
  }

  /**
   * Writes the seal of a closed segment again, which is not what it was. Forced with the next
   * force.
   */
  public void sealAgain(long segmentBase) {
    segments.sealAgain(segmentBase);
  }

  /** Closes its files. Its owner is gone, and no force of it is under way. */
  public void close() {
    life.close(); // whoever still reads finds nothing, not damage
    cleaning.close();
    segments.close();
  }

  private LogView newView() {
    return new LogView(
        id(), start, epochs, segments.closed(), segments.active(), life, config, onDisk.start());
  }
}
