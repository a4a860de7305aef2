package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.log.segment.SegmentState;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import java.util.Optional;

/** Makes the epoch history anew from the headers of all batches below the durable point. */
final class EpochRebuild {

  private final SegmentFiles files;
  private EpochHistory history = EpochHistory.EMPTY;

  EpochRebuild(SegmentFiles files) {
    this.files = files;
  }

  EpochHistory of(List<Segment> closed, SegmentState last) {
    closed.forEach(segment -> read(segment.state()));
    read(last);
    return history;
  }

  private void read(SegmentState segment) {
    String name = files.name(segment.base(), Part.LOG);
    var walk =
        new BatchWalk(
            files.open(),
            name,
            0,
            segment.bytes(),
            Optional.of(segment.base()),
            BatchWalk.LONG_WINDOW);
    while (walk.advance()) {
      var epoch = new LeaderEpoch(walk.header().leaderEpoch());
      if (history.latest().filter(latest -> epoch.isBefore(latest.epoch())).isPresent()) {
        throw damage(segment, walk.position(), "Expected rising epochs, but " + epoch + " follows");
      }
      history = history.assign(epoch, walk.header().baseOffset());
    }
    if (walk.fault().isPresent()) {
      throw damage(segment, walk.position(), walk.fault().get());
    }
  }

  private LogDamagedException damage(SegmentState segment, int position, String reason) {
    return new LogDamagedException(new Damage(files.partition(), segment.base(), position, reason));
  }
}
