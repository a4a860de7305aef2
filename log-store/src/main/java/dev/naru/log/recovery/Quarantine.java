package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName;
import dev.naru.log.segment.SegmentName.Part;
import java.util.Optional;

/**
 * Takes a damaged segment out of its log, so that nothing of it is served, and keeps it. The
 * durable point stays on record: the next start finds the segment missing below it, and the log
 * still damaged.
 */
public final class Quarantine {

  private Quarantine() {}

  /** Sets the segment aside; says where, unless there is nothing of it. */
  public static Optional<String> take(
      SegmentFiles files, Damage damage, LostAndFound lostAndFound) {
    long base = damage.segmentBase();
    if (!files.disk().exists(files.name(base, Part.LOG))) {
      return Optional.empty();
    }
    var finding =
        new Finding(
            files.partition(),
            SetAsideReason.DAMAGED,
            damage.toString(),
            base,
            base,
            EpochHistory.EMPTY);
    var place = lostAndFound.open(finding);
    for (Part part : SegmentName.Part.values()) {
      place.take(files.name(base, part));
    }
    place.force();
    files.disk().forceDirectory(files.directory());
    return Optional.of(place.directory());
  }
}
