package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.BatchBytes;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a compacted log must hold (I23): the newest record of every key, under its offset; below the
 * clean point no key twice; a deletion goes only when its time is over, and what it deleted never
 * comes back.
 */
final class CompactionTruth {

  private final long tombstoneMillis;
  private final NavigableMap<Long, Record> appended = new TreeMap<>();

  CompactionTruth(long tombstoneMillis) {
    this.tombstoneMillis = tombstoneMillis;
  }

  void append(BatchBytes stored) {
    records(stored).forEach(record -> appended.put(record.offset(), record));
  }

  /** What a log holds is all there is from now on: it was cut. */
  void rebase(PartitionLog log) {
    appended.clear();
    appended.putAll(present(log));
  }

  void check(PartitionLog found, long nowMillis) {
    var present = present(found);
    present.headMap(found.start()).clear();
    present.forEach((at, record) -> assertThat(record).isEqualTo(appended.get(at)));
    expectNewest(present, appended.subMap(found.start(), found.end()), found, nowMillis);
    expectNothingTwice(present, found);
  }

  private static NavigableMap<Long, Record> present(PartitionLog log) {
    var present = new TreeMap<Long, Record>();
    long offset = log.start();
    while (offset < log.end()) {
      var slice = log.view().read(offset, 4_000, log.end());
      for (BatchBytes batch : slice.batches().batches()) {
        records(batch).forEach(record -> present.put(record.offset(), record));
      }
      assertThat(slice.nextOffset()).isGreaterThan(offset);
      offset = slice.nextOffset();
    }
    return present;
  }

  private void expectNewest(
      NavigableMap<Long, Record> present,
      SortedMap<Long, Record> expected,
      PartitionLog found,
      long nowMillis) {
    var newest = new HashMap<ByteBuffer, Record>();
    for (Record record : expected.values()) {
      if (record.key().isEmpty()) {
        assertThat(present).containsKey(record.offset());
      } else {
        newest.put(record.key().get(), record);
      }
    }
    for (Map.Entry<ByteBuffer, Record> each : newest.entrySet()) {
      Record record = each.getValue();
      if (present.containsKey(record.offset())) {
        continue;
      }
      assertThat(record.value()).as("newest of its key: " + record).isEmpty();
      assertThat(found.cleaning().purgedBelow()).isGreaterThan(record.offset());
      assertThat(record.timestamp()).isLessThanOrEqualTo(nowMillis - tombstoneMillis);
      assertThat(present.values())
          .as("deleted by " + record)
          .noneMatch(older -> older.key().equals(Optional.of(each.getKey())));
    }
  }

  private static void expectNothingTwice(NavigableMap<Long, Record> present, PartitionLog found) {
    long cleanEnd = Math.min(found.cleaning().cleanEnd(), found.end());
    var keys = new HashMap<ByteBuffer, Long>();
    for (Record record : present.headMap(cleanEnd).values()) {
      record.key().ifPresent(key -> assertThat(keys.put(key, record.offset())).isNull());
    }
  }

  private static List<Record> records(BatchBytes batch) {
    var all = new ArrayList<Record>();
    RecordReader.open(batch, InflationLimit.DEFAULT).forEachRemaining(all::add);
    return all;
  }
}
