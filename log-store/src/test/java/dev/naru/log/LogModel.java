package dev.naru.log;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.record.BatchBytes;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A log as it should be: batches in a sorted map. */
final class LogModel {

  private final TreeMap<Long, BatchBytes> batches = new TreeMap<>();
  private long start;
  private long end;

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  void append(BatchBytes stored) {
    batches.put(end, stored);
    end = stored.header().nextOffset();
  }

  void truncateTo(long newEnd) {
    batches.tailMap(newEnd, true).clear();
    end = newEnd;
  }

  void startOver(long at) {
    batches.clear();
    start = at;
    end = at;
  }

  void raiseStart(long newStart) {
    start = Math.max(start, newStart);
  }

  /** Offsets at which a batch begins or the log ends, from the start on. */
  List<Long> edges() {
    var edges = new ArrayList<>(batches.tailMap(start, true).keySet());
    edges.add(end);
    return edges;
  }

  /** All that was appended and not cut, also below the start. */
  Collection<BatchBytes> batches() {
    return batches.values();
  }

  /** The greatest epoch that wrote anything that is still there. */
  int lastEpoch() {
    return batches.isEmpty() ? 0 : batches.lastEntry().getValue().header().leaderEpoch();
  }

  EpochHistory epochs() {
    var history = EpochHistory.EMPTY;
    for (var each : batches.entrySet()) {
      history =
          history.assign(new LeaderEpoch(each.getValue().header().leaderEpoch()), each.getKey());
    }
    return history.truncateBelow(start);
  }

  /** The stored bytes of the batch that holds an offset. */
  ByteBuffer batchWith(long offset) {
    return batches.floorEntry(offset).getValue().asByteBuffer();
  }

  Optional<TimestampedOffset> firstAtOrAfter(long timestamp, long below) {
    for (var batch : batches.headMap(below, false).values()) {
      int epoch = batch.header().leaderEpoch();
      var records = RecordReader.open(batch, InflationLimit.DEFAULT);
      while (records.hasNext()) {
        var record = records.next();
        if (record.timestamp() >= timestamp && record.offset() >= start) {
          return Optional.of(
              new TimestampedOffset(record.offset(), record.timestamp(), new LeaderEpoch(epoch)));
        }
      }
    }
    return Optional.empty();
  }
}
