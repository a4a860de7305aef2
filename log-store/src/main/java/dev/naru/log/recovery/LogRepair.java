package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.DurablePoint.LastBatch;
import dev.naru.log.recovery.LogRecovery.Forces;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.log.segment.SegmentState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a log again of what a damaged one holds below its damage, so that only the rest has to be
 * fetched: it ends where the damaged segment begins, and what lies above is set aside.
 *
 * <p>Such a log is shorter than what its replica once acknowledged. So this comes only after the
 * controller has ruled the replica out.
 *
 * <p>A crash after the durable point was lowered leaves a log that recovery cuts at the same place.
 */
public final class LogRepair {

  private final SegmentFiles files;
  private final EpochCheckpoint checkpoint;
  private final LostAndFound lostAndFound;
  private final DurablePoints durablePoints;
  private final CompactionCheckpoint compaction;
  private final ProducerFiles producers;

  /** Will repair the log in this directory, which has no owner. */
  public LogRepair(
      SegmentFiles files,
      EpochCheckpoint checkpoint,
      LostAndFound lostAndFound,
      DurablePoints durablePoints,
      CompactionCheckpoint compaction,
      ProducerFiles producers) {
    this.files = files;
    this.checkpoint = checkpoint;
    this.lostAndFound = lostAndFound;
    this.durablePoints = durablePoints;
    this.compaction = compaction;
    this.producers = producers;
  }

  /**
   * Does it, once; durable when it returns.
   *
   * @param start the log's first offset
   * @return damaged if there is more damage below
   */
  public Recovery below(Damage damage, long start) {
    try {
      var point = pointBelow(damage, start);
      promiseNothingFrom(point.end());
      durablePoints.lower(point);
      setAsideFrom(point.end(), damage);
      return new LogRecovery(
              files, checkpoint, producers, lostAndFound, new Recorded.UpTo(point), Forces.EACH)
          .recover();
    } catch (LogDamagedException more) {
      return new Recovery.Damaged(
          more.damage(), start, Quarantine.take(files, more.damage(), lostAndFound));
    }
  }

  /** What is fetched again may be as compaction has never seen it. */
  private void promiseNothingFrom(long end) {
    if (compaction.read() instanceof CompactionCheckpoint.Found.Known(var state)
        && !state.upTo(end).equals(state)) {
      compaction.write(state.upTo(end));
    }
  }

  /** The segments below are taken by their seals, as at a start. */
  private DurablePoint pointBelow(Damage damage, long start) {
    long end = damage.segmentBase();
    if (end <= start) {
      return DurablePoint.empty(files.partition(), start);
    }
    var kept = new SealedSegments(files, files.bases(), new ArrayList<>()).between(start, end);
    force(kept);
    Segment last = kept.getLast();
    return new DurablePoint(
        files.partition(),
        start,
        SegmentState.empty(end),
        Optional.of(LastBatch.of(last.lastBatchBelow(end))),
        true); // or nobody knows
  }

  /** Without a sound journal nobody knows what was forced by the process before. */
  private void force(List<Segment> kept) {
    for (Segment segment : kept) {
      for (Part part : Part.values()) {
        files
            .disk()
            .open(files.name(segment.base(), part))
            .ifPresent(file -> {
              try (DiskFile opened = file) {
                opened.force();
              }
            });
      }
    }
  }

  private void setAsideFrom(long offset, Damage damage) {
    var above = files.bases().tailSet(offset, true);
    if (above.isEmpty()) {
      return;
    }
    String why = "Above what is fetched anew, as: " + damage;
    var finding =
        new Finding(
            files.partition(),
            SetAsideReason.ABOVE_DAMAGE,
            why,
            offset,
            offset,
            EpochHistory.EMPTY);
    var place = lostAndFound.open(finding);
    for (long base : above.descendingSet()) {
      for (Part part : Part.values()) {
        place.take(files.name(base, part));
      }
    }
    place.force();
    files.disk().forceDirectory(files.directory());
  }
}
