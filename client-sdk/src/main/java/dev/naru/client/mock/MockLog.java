package dev.naru.client.mock;

import dev.naru.client.core.HistoryCut;
import dev.naru.client.producer.EncodedRecord;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The records of one partition, in the batches in which they came. Guarded by its cluster. */
final class MockLog {

  private final NavigableMap<Long, BatchBytes> batches = new TreeMap<>();
  private final NavigableMap<LeaderEpoch, Long> epochStarts = new TreeMap<>();
  private LeaderEpoch epoch = LeaderEpoch.ZERO;
  private long start;
  private long end;

  MockLog() {
    epochStarts.put(epoch, 0L);
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  /** Appends one batch, and returns the offset of its first record. */
  long append(List<EncodedRecord> records) {
    long bytes = records.stream().mapToLong(EncodedRecord::bytesMax).sum();
    var builder = new BatchBuilder((int) (BatchHeader.SIZE + bytes));
    for (var record : records) {
      builder.append(record.timestampMillis(), record.key(), record.value(), record.headers());
    }
    var batch = builder.build(Compression.NONE);
    long base = end;
    batch.stamp(base, epoch);
    batches.put(base, batch);
    end += records.size();
    return base;
  }

  /** Whole batches from the one with this offset on, at least one, up to so many bytes. */
  BatchBytes read(long from, int bytesMax) {
    var first = batches.floorKey(from);
    var read = new ArrayList<BatchBytes>();
    int bytes = 0;
    for (var batch : batches.tailMap(first == null ? from : first, true).values()) {
      if (!read.isEmpty() && bytes + batch.size() > bytesMax) {
        break;
      }
      if (batch.header().nextOffset() > from) {
        read.add(batch);
        bytes += batch.size();
      }
    }
    if (read.isEmpty()) {
      return BatchBytes.EMPTY;
    }
    var whole = ByteBuffer.allocate(bytes);
    read.forEach(batch -> whole.put(batch.asByteBuffer()));
    return BatchBytes.of(whole.flip());
  }

  /** What was lost of what lies before a position, if its reader knows the last record's epoch. */
  Optional<HistoryCut> cutBefore(long position, Optional<LeaderEpoch> lastEpoch) {
    return lastEpoch
        .map(this::endOf)
        .filter(common -> common < position)
        .map(common -> new HistoryCut(common, position));
  }

  private long endOf(LeaderEpoch of) {
    var later = epochStarts.higherEntry(of);
    return later == null ? end : later.getValue();
  }

  /** Drops all from here on; what comes next is another history. */
  void cut(long from) {
    if (from < start || from > end || isInsideABatch(from)) {
      throw new IllegalArgumentException(
          "Expected an offset of " + start + " to " + end + " between batches, but was " + from);
    }
    batches.tailMap(from, true).clear();
    end = from;
    epoch = epoch.next();
    epochStarts.values().removeIf(began -> began > from);
    epochStarts.put(epoch, from);
  }

  private boolean isInsideABatch(long offset) {
    var before = batches.lowerEntry(offset);
    return before != null && before.getValue().header().nextOffset() > offset;
  }

  /** Deletes all before this offset. */
  void expire(long newStart) {
    if (newStart < start || newStart > end) {
      throw new IllegalArgumentException(
          "Expected an offset of " + start + " to " + end + ", but was " + newStart);
    }
    start = newStart;
    batches.values().removeIf(batch -> batch.header().nextOffset() <= newStart);
  }
}
