package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.record.BatchBytes;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a log may be after a crash: any prefix of what was appended that holds what was promised.
 */
final class LogPromise {

  private final NavigableMap<Long, BatchBytes> batches = new TreeMap<>();
  private long startMin;
  private long startMax;
  private long endMin;
  private long endMax;
  private long startedOverAt = -1;
  private long goneBelow; // or so it may be
  private long compactedTo;
  private long committed;
  private long producersKnownFrom; // those who wrote below, and not since, may be unknown
  private final List<BatchBytes> cut = new ArrayList<>();

  /** From now on these may be there. */
  void appending(List<BatchBytes> appended) {
    for (BatchBytes each : appended) {
      batches.put(each.header().baseOffset(), each);
      endMax = each.header().nextOffset();
    }
  }

  /** From now on everything below must be there. */
  void forced(long end) {
    endMin = end;
  }

  /** From now on records below may be gone for which there is a newer one of their key. */
  void compacting(long end) {
    compactedTo = Math.max(compactedTo, end);
  }

  /** From now on it does not start earlier, and what lies below may be gone. */
  void startRecorded(long start) {
    startMin = start;
    goneBelow = Math.max(goneBelow, start);
  }

  /** From now on it is what this log is. */
  void becomes(PartitionLog log) {
    if (hasStartedOver(log)) {
      begunAnew(startedOverAt);
      return;
    }
    batches.tailMap(log.end(), true).clear();
    startedOverAt = -1;
    startMin = log.start();
    startMax = log.start();
    endMin = log.end();
    endMax = log.end();
    goneBelow = startMin;
  }

  /** From now on a cut below is a loss. */
  void committed(long highWatermark) {
    committed = Math.max(committed, highWatermark);
  }

  /** From now on nothing above must be there. */
  void truncating(long newEnd) {
    endMin = Math.min(endMin, newEnd);
    if (newEnd < committed) {
      mayForgetProducers(startMax);
      committed = newEnd;
    }
  }

  /** What was written down of those whose batches have gone may be part of what is lost. */
  private void mayForgetProducers(long newStart) {
    producersKnownFrom = Math.max(producersKnownFrom, newStart);
  }

  /** From now on nothing above may be there, and everything below must. */
  void truncated(long newEnd) {
    if (newEnd < endMax) {
      addToCut(batches.tailMap(newEnd, true).values());
      batches.tailMap(newEnd, true).clear();
      endMax = newEnd;
      endMin = newEnd;
      startMin = startMax;
      goneBelow = Math.max(goneBelow, startMin);
    }
  }

  void startingOver(long at) {
    startedOverAt = at;
    mayForgetProducers(Math.max(startMax, at)); // whoever has it begin anew does so again
    endMin = Math.min(startMin, at);
  }

  void startedOver(long at) {
    addToCut(batches.tailMap(compactedTo, true).values());
    begunAnew(at);
  }

  private void begunAnew(long at) {
    batches.clear();
    goneBelow = at;
    compactedTo = 0;
    startedOverAt = -1;
    producersKnownFrom = 0;
    committed = at;
    startMin = at;
    startMax = at;
    endMin = at;
    endMax = at;
  }

  /** All but what was deleted because the log started later. */
  private void addToCut(Collection<BatchBytes> gone) {
    gone.stream().filter(batch -> batch.header().nextOffset() > goneBelow).forEach(cut::add);
  }

  void raisingStart(long newStart) {
    startMax = Math.max(startMax, newStart);
  }

  /** Where it may be cut. */
  List<Long> edges(long start) {
    long from = Math.max(start, compactedTo); // a cut below what is committed would be a loss
    var edges = new ArrayList<>(batches.tailMap(from, true).keySet());
    edges.add(endMax);
    return edges;
  }

  /** Holds what was set aside against what was cut: all of it is there. */
  void checkSetAside(CrashableDisk disk) {
    var kept = new StringBuilder();
    for (String name : disk.files("lost+found")) {
      kept.append(new String(disk.bytes(name), StandardCharsets.ISO_8859_1)).append('|');
    }
    String all = kept.toString();
    for (BatchBytes each : cut) {
      String bytes = StandardCharsets.ISO_8859_1.decode(each.asByteBuffer()).toString();
      assertThat(all.contains(bytes)).as("set aside: " + each.header()).isTrue();
    }
  }

  void dump() {
    System.out.println(
        "known from "
            + producersKnownFrom
            + " committed "
            + committed
            + " compactedTo "
            + compactedTo
            + " goneBelow "
            + goneBelow
            + " startMin "
            + startMin
            + " startMax "
            + startMax
            + " endMin "
            + endMin
            + " endMax "
            + endMax
            + " startedOverAt"
            + startedOverAt);
    batches.values().forEach(b -> System.out.println("  " + b.header()));
  }

  /** Holds a promise of nothing. */
  void checkAbsent() {
    assertThat(endMin).isZero();
  }

  /** Holds what was recovered against the promise. */
  void check(PartitionLog log) {
    if (log.start() != startedOverAt) {
      assertThat(log.start()).isBetween(startMin, startMax);
    }
    if (hasStartedOver(log)) {
      assertThat(log.epochs()).isEqualTo(EpochHistory.EMPTY);
      return;
    }
    assertThat(log.end()).isBetween(endMin, endMax);
    assertThat(log.durableEnd()).isEqualTo(log.end());
    assertThat(log.highWatermark()).isBetween(log.start(), log.end());
    assertThat(log.epochs()).isEqualTo(readAll(log).truncateBelow(log.start()));
    ProducerTruth.check(log, batches.headMap(log.end(), false).values(), producersKnownFrom);
  }

  private boolean hasStartedOver(PartitionLog log) {
    return log.start() == startedOverAt
        && log.end() == startedOverAt
        && log.producers().states().isEmpty(); // else it may have ended there before
  }

  /** The epochs of what it reads, which must be what was appended, or what compaction leaves. */
  private EpochHistory readAll(PartitionLog log) {
    var epochs = EpochHistory.EMPTY;
    var present = new TreeSet<Long>();
    long offset = log.start();
    while (offset < log.end()) {
      var slice = log.view().read(offset, 10_000, log.end());
      for (BatchBytes each : slice.batches().batches()) {
        long base = each.header().baseOffset();
        if (base >= compactedTo) {
          assertThat(each.asByteBuffer())
              .isEqualTo(batches.floorEntry(base).getValue().asByteBuffer());
        }
        for (Record record : records(each)) {
          var as = records(batches.floorEntry(record.offset()).getValue());
          assertThat(as).contains(record);
          present.add(record.offset());
        }
        epochs = epochs.assign(new LeaderEpoch(each.header().leaderEpoch()), base);
      }
      assertThat(slice.nextOffset()).isGreaterThan(offset);
      offset = slice.nextOffset();
    }
    if (startedOverAt < 0) { // else the newest may be gone already, and the rest will follow
      assertThat(present).containsAll(newest(log.start(), log.end()));
    }
    return epochs;
  }

  /** The offsets that no compaction may take out: of the newest record of each key. */
  private Collection<Long> newest(long start, long end) {
    var newest = new HashMap<ByteBuffer, Long>();
    for (BatchBytes each : batches.headMap(end, false).values()) {
      for (Record record : records(each)) {
        if (record.offset() >= start && record.offset() < end) { // a log may begin anew inside one
          newest.put(record.key().orElseThrow(), record.offset());
        }
      }
    }
    return newest.values();
  }

  private static List<Record> records(BatchBytes batch) {
    var all = new ArrayList<Record>();
    RecordReader.open(batch, InflationLimit.DEFAULT).forEachRemaining(all::add);
    return all;
  }
}
