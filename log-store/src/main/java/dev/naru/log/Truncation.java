package dev.naru.log;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.Finding;
import dev.naru.log.recovery.LostAndFound.Place;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.CutPlan;
import dev.naru.log.segment.SegmentChain;
import dev.naru.log.segment.SegmentName;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.record.BatchHeader;
import java.util.Optional;

/**
 * Takes the end of a log away, so that a crash at any moment leaves a log as it was before or a log
 * that is shorter by some or all of the cut. Everything that remains is durable before it begins.
 * Then, each step durable before the next:
 *
 * <ol>
 *   <li>what will be cut is copied to {@code lost+found};
 *   <li>what was written down of producers that have written to it is deleted: nobody must be told
 *       that the log holds what it does not;
 *   <li>the durable point is lowered: from now on the cut bytes may be missing;
 *   <li>they are cut, the newest files first.
 * </ol>
 *
 * After a crash between the last two steps, recovery may find some of the cut bytes and keep them.
 * That is the log before the cut, or between: its leader will ask for the same cut again.
 */
final class Truncation {

  private final LogHome home;
  private final SegmentChain segments;
  private final LogCleaning cleaning;
  private final LogView before;
  private final boolean hasProducers;
  private final String why;

  Truncation(
      LogHome home,
      SegmentChain segments,
      LogCleaning cleaning,
      LogView before,
      boolean hasProducers,
      String why) {
    this.home = home;
    this.segments = segments;
    this.cleaning = cleaning;
    this.before = before;
    this.hasProducers = hasProducers;
    this.why = why;
  }

  Cut to(long newEnd, long start) {
    cleaning.cutting(newEnd);
    CutPlan plan = segments.planCut(newEnd);
    var last = lastBelow(newEnd, plan);
    Place place = open(newEnd, SetAsideReason.CUT_TAIL, Keep.FOR_A_TIME);
    copy(plan, newEnd, place);
    place.force();

    home.producerFiles().deleteAbove(newEnd);

    var point = DurablePoint.at(before.id(), start, plan.keptState(), last, hasProducers);
    home.durablePoints().lower(point);

    segments.cut(plan, place::take);
    place.force();
    cleaning.cut(newEnd);
    return new Cut(newEnd, before.end(), plan.bytes(), Optional.of(place.directory()));
  }

  /** What remains must end with a batch that can be told again. */
  private Optional<BatchHeader> lastBelow(long newEnd, CutPlan plan) {
    var last = before.lastBatchBelow(newEnd);
    if (last.isEmpty() && !plan.keptState().isEmpty()) {
      throw new LogDamagedException(
          new Damage(
              before.id(),
              plan.kept().base(),
              plan.keptState().bytes(),
              "Expected a batch that ends at offset " + newEnd + ", but there is none to be read"));
    }
    return last;
  }

  private void copy(CutPlan plan, long newEnd, Place place) {
    if (plan.bytesOfKept() == 0) {
      return;
    }
    String name = new SegmentName(newEnd, Part.LOG).toString();
    try {
      place.copy(plan.kept().log(), plan.keptState().bytes(), plan.bytesOfKept(), name);
    } catch (UnreadableException e) {
      throw plan.kept().files().damage(e);
    }
  }

  Cut startOver(long at) {
    cleaning.cutting(0);
    long bytes = segments.bytes();
    // A leader has all that was committed, and its copy needs the room.
    Place place = open(before.start(), SetAsideReason.STARTED_OVER, Keep.WHILE_THERE_IS_ROOM);
    place.force();

    home.producerFiles().deleteAll();

    home.durablePoints().lower(DurablePoint.empty(before.id(), at));

    segments.startOver(at, place::take);
    place.force();
    cleaning.cut(at);
    return new Cut(at, before.end(), bytes, Optional.of(place.directory()));
  }

  private Place open(long from, SetAsideReason reason, Keep keep) {
    var finding = new Finding(before.id(), reason, why, from, before.end(), before.epochs(), keep);
    return home.lostAndFound().open(finding);
  }
}
