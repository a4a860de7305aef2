package dev.naru.simulation.invariant;

import dev.naru.log.LogView;
import dev.naru.log.segment.Segment;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * I23: what is left of a compacted log is what was committed, under the same offsets; the newest
 * record of each key is there. A deletion may be gone when its time is over, which begins with its
 * own, and then nothing of its key is left. So it is on every replica that leads or counts.
 */
public final class CompactedFold implements Invariant {

  private final LongSupplier trueMillis;
  private final Map<PartitionId, NavigableMap<Long, Committed>> committed = new TreeMap<>();

  /** When it was true of a record for the first time that it is committed. */
  private record Committed(Record record, long atMillis) {}

  /**
   * By this clock, which no machine has.
   *
   * @param trueMillis the true time
   */
  public CompactedFold(LongSupplier trueMillis) {
    this.trueMillis = trueMillis;
  }

  @Override
  public void commits(Scene scene, Replica leader, List<BatchMark> more) {
    if (scene.isCompacted(leader.partition())) {
      long now = trueMillis.getAsLong();
      records(
              leader.view().log(),
              scene.truth(leader.partition()).highWatermark(),
              leader.view().highWatermark())
          .forEach((offset, record) ->
              known(leader.partition()).put(offset, new Committed(record, now)));
    }
  }

  private NavigableMap<Long, Committed> known(PartitionId partition) {
    return committed.computeIfAbsent(partition, _ -> new TreeMap<>());
  }

  @Override
  public void beganToLead(Scene scene, Replica replica) {
    check(scene, replica);
  }

  @Override
  public void changed(Scene scene, Replica replica) {
    if (isCompactedSince(replica.viewBefore().log(), replica.view().log())) {
      check(scene, replica);
    }
  }

  /** Something else is in the place of segments: not when a log rolls, or begins later. */
  private static boolean isCompactedSince(LogView before, LogView now) {
    if (now.closed().equals(before.closed())) {
      return false;
    }
    Set<Segment> closed = Collections.newSetFromMap(new IdentityHashMap<>());
    closed.addAll(now.closed());
    return before.closed().stream()
        .anyMatch(segment -> segment.end() > now.start() && !closed.contains(segment));
  }

  @Override
  public void everything(Scene scene, PartitionId partition) {
    scene.replicas(partition).forEach(replica -> check(scene, replica));
  }

  private void check(Scene scene, Replica replica) {
    if (!scene.isCompacted(replica.partition())) {
      return;
    }
    var log = replica.view().log();
    long truth = scene.truth(replica.partition()).highWatermark();
    boolean isComplete = scene.isComplete(replica) && replica.end() >= truth;
    long end = isComplete ? truth : Math.min(truth, replica.view().highWatermark());
    if (log.start() >= end) {
      return;
    }
    var stored = records(log, log.start(), end);
    stored.values().forEach(record -> checkCommitted(replica, record));
    if (isComplete) {
      checkFold(
          scene, replica, stored, known(replica.partition()).subMap(log.start(), true, end, false));
    }
  }

  private void checkCommitted(Replica replica, Record record) {
    var there = known(replica.partition()).get(record.offset());
    if (there == null || !there.record.equals(record)) {
      throw violated(
          replica.partition(),
          "%s has %s at %d, but committed there is %s",
          replica,
          describe(record),
          record.offset(),
          there == null ? "nothing" : describe(there.record));
    }
  }

  private void checkFold(
      Scene scene,
      Replica replica,
      NavigableMap<Long, Record> stored,
      NavigableMap<Long, Committed> written) {
    var newest = new HashMap<ByteBuffer, Committed>();
    written.values().forEach(each -> each.record.key().ifPresent(key -> newest.put(key, each)));
    for (var each : written.values()) {
      var last = Objects.requireNonNull(newest.get(each.record.key().orElseThrow()));
      boolean isNewest = last.record.offset() == each.record.offset();
      boolean isStored = stored.containsKey(each.record.offset());
      if (isNewest && !isStored && !mayBeForgotten(scene, replica.partition(), each)) {
        throw violated(
            replica.partition(),
            "%s lacks %s, the newest of its key at %d, committed %d ms ago",
            replica,
            describe(each.record),
            each.record.offset(),
            trueMillis.getAsLong() - each.atMillis);
      }
      if (!isNewest && isStored && !stored.containsKey(last.record.offset())) {
        throw violated(
            replica.partition(),
            "%s still has %s at %d, but no longer the deletion of its key at %d",
            replica,
            describe(each.record),
            each.record.offset(),
            last.record.offset());
      }
    }
  }

  private boolean mayBeForgotten(Scene scene, PartitionId partition, Committed newest) {
    long since = Math.min(newest.atMillis, newest.record.timestamp());
    return newest.record.value().isEmpty()
        && trueMillis.getAsLong() - since >= scene.tombstoneMillis(partition);
  }

  private static NavigableMap<Long, Record> records(LogView log, long from, long end) {
    var found = new TreeMap<Long, Record>();
    long offset = from;
    while (offset < end) {
      var slice = log.read(offset, 1 << 20, log.end());
      if (slice.isEmpty()) {
        throw new IllegalStateException("Expected a batch at " + offset + ", but there is none");
      }
      for (var batch : slice.batches().batches()) {
        RecordReader.open(batch, InflationLimit.DEFAULT)
            .forEachRemaining(record -> found.put(record.offset(), record));
      }
      offset = slice.nextOffset();
    }
    found.headMap(from, false).clear();
    found.tailMap(end, true).clear();
    return found;
  }

  private static String describe(Record record) {
    return "%s of key %s at time %d"
        .formatted(
            record.value().isEmpty() ? "a deletion" : "a value",
            record.key().map(key -> Integer.toHexString(key.hashCode())).orElse("none"),
            record.timestamp());
  }
}
