package dev.naru.log;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.Segment;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import java.util.Optional;

/**
 * Finds the first record that is not earlier than some time: the segment, then the batch, then the
 * record.
 *
 * <p>Files of closed segments change only after the view of them has become old, and are then told
 * from the ones that are meant. So a segment that gave nothing while the view is old may be gone,
 * or another; what did not fit in one that is not old is damage. Segments that were not read may
 * change as they like. But a log that was cut has other records under the same names.
 *
 * <p>What is passed over is checked as what is found: nobody would miss it.
 */
final class TimeLookup {

  private static final String OTHER_BYTES =
      "Expected the checksum of the batch's bytes, but was another";

  private final LogView view;
  private final long timestampMillis;
  private final long below;
  private boolean hasMissed;

  TimeLookup(LogView view, long timestampMillis, long below) {
    this.view = view;
    this.timestampMillis = timestampMillis;
    this.below = below;
  }

  TimeAnswer find() {
    var found = search();
    if (hasMissed || view.isCut()) {
      return new TimeAnswer.LookAgain();
    }
    return found.<TimeAnswer>map(TimeAnswer.Found::new).orElseGet(TimeAnswer.AllEarlier::new);
  }

  private Optional<TimestampedOffset> search() {
    long offset = view.start();
    while (offset < below) {
      Segment segment = view.segmentAt(offset);
      if (segment.state().maxTimestamp() >= timestampMillis) {
        Optional<TimestampedOffset> found = findIn(segment);
        if (found.isPresent()) {
          return found;
        }
        if (view.isOld()) {
          hasMissed = true;
          return found;
        }
      }
      offset = segment.end();
    }
    return Optional.empty();
  }

  private Optional<TimestampedOffset> findIn(Segment segment) {
    var walk = segment.walkTowardsTime(timestampMillis);
    Optional<TimestampedOffset> found = findOn(walk, segment);
    if (found.isEmpty()) {
      walk.fault().ifPresent(reason -> refuse(segment, walk, reason));
    }
    return found;
  }

  private Optional<TimestampedOffset> findOn(BatchWalk walk, Segment segment) {
    while (walk.advance() && walk.header().nextOffset() <= below) {
      var header = walk.header();
      if (header.nextOffset() <= view.start()) {
        continue;
      }
      if (header.maxTimestamp() >= timestampMillis) {
        Optional<TimestampedOffset> found = findInBatch(header, segment);
        if (found.isPresent()) {
          return found;
        }
      } else if (!walk.checksumFits()) { // its time is as good as the checksum over it
        refuse(segment, walk, walk.fault().orElse(OTHER_BYTES));
      }
    }
    return Optional.empty();
  }

  private void refuse(Segment segment, BatchWalk walk, String reason) {
    if (!view.isOld()) {
      throw new LogDamagedException(new Damage(view.id(), segment.base(), walk.position(), reason));
    }
  }

  private Optional<TimestampedOffset> findInBatch(BatchHeader header, Segment segment) {
    var slice = new SliceReader(view, segment, ReadMemory.HEAP).read(header.baseOffset(), 1, below);
    if (slice.isEmpty()) {
      return Optional.empty(); // the view is old
    }
    try {
      var records = RecordReader.open(slice.batches(), InflationLimit.DEFAULT);
      while (records.hasNext()) {
        var record = records.next();
        if (record.timestamp() >= timestampMillis && record.offset() >= view.start()) {
          return answer(record.offset(), record.timestamp());
        }
      }
      return Optional.empty(); // the header promised more than the records hold
    } catch (
        BatchRefusedException
            unreadable) { // The batch is what its producer sent: that is the answer.
      return answer(Math.max(header.baseOffset(), view.start()), header.maxTimestamp());
    }
  }

  private Optional<TimestampedOffset> answer(long offset, long timestamp) {
    return view.epochs()
        .epochAt(offset)
        .map(epoch -> new TimestampedOffset(offset, timestamp, epoch));
  }
}
