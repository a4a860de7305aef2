package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.Scrubber;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A directory with two logs in it, of which everything is durable, and what is true of them. In
 * some runs they are compacted, and so they always are where that is what will be damaged.
 */
final class DamageWorkload {

  private static final LogConfig PLAIN = new LogConfig(10_000, TimestampType.CREATE_TIME);
  private static final long TOMBSTONE_MILLIS = 20;
  private static final LogConfig COMPACTED =
      CompactionFixture.compacted(
          new LogConfig(2_000, TimestampType.CREATE_TIME), TOMBSTONE_MILLIS);

  private final RandomGenerator random;
  private final DamagedFile kind;
  private final boolean isCompacted;
  private final boolean hasProducers;
  private final CrashableDisk disk = LogFixture.formatted();
  private final TreeMap<String, byte[]> earlier = new TreeMap<>();
  private final List<Truth> truths = List.of(new Truth(), new Truth());
  private LogStore store = LogFixture.open(disk);
  private final NumberedBatches numbered;
  private int epoch = 1;
  private long clock = NOW_MILLIS;

  /** What is true of one log. */
  static final class Truth {

    private LogModel model = new LogModel();
    private final CompactionTruth records = new CompactionTruth(TOMBSTONE_MILLIS);
    private long purgedBelow;
    private long cleanBelow;
    private long cleanEnd;

    /** Every batch, as it lies in the log. */
    LogModel model() {
      return model;
    }

    /** The newest record of every key. */
    CompactionTruth records() {
      return records;
    }

    /** Deletions below may be gone. */
    long purgedBelow() {
      return purgedBelow;
    }

    /** A deletion below deletes nothing. */
    long cleanBelow() {
      return cleanBelow;
    }

    /** Below no key occurs twice. */
    long cleanEnd() {
      return cleanEnd;
    }

    private void takeFrom(PartitionLog log) {
      takeBatchesFrom(log);
      purgedBelow = log.cleaning().purgedBelow();
      cleanBelow = log.cleaning().cleanBelow();
      cleanEnd = log.cleaning().cleanEnd();
    }

    private void takeBatchesFrom(PartitionLog log) {
      model = new LogModel();
      long offset = log.start();
      while (offset < log.end()) {
        var slice = log.view().read(offset, 1_000, log.end());
        slice.batches().batches().forEach(model::append);
        offset = slice.nextOffset();
      }
    }
  }

  DamageWorkload(RandomGenerator random, DamagedFile kind) {
    this.random = random;
    this.numbered = new NumberedBatches(random);
    this.kind = kind;
    this.isCompacted = kind == DamagedFile.COMPACTION || random.nextInt(5) == 0;
    this.hasProducers = kind == DamagedFile.PRODUCERS || random.nextInt(3) == 0;
  }

  CrashableDisk disk() {
    return disk;
  }

  LogConfig config() {
    return isCompacted ? COMPACTED : PLAIN;
  }

  boolean isCompacted() {
    return isCompacted;
  }

  List<Truth> truths() {
    return truths;
  }

  /** When everything was written and compacted. */
  long now() {
    return clock;
  }

  /** What the files held some time before the end. */
  SortedMap<String, byte[]> earlier() {
    return earlier;
  }

  /** What all files with batches hold, wherever they are. */
  List<ByteBuffer> contents() {
    var contents = new ArrayList<ByteBuffer>();
    for (String name : disk.files("")) {
      if (name.endsWith(".log")) {
        contents.add(ByteBuffer.wrap(disk.bytes(name)));
      }
    }
    return contents;
  }

  void write() {
    var logs = List.of(store.create(partition(0), config()), store.create(partition(1), config()));
    if (isCompacted) {
      logs.forEach(this::beginAsCopy);
    }
    int steps = random.nextInt(20, 60);
    int snapshotAt = random.nextInt(steps);
    int cutAt = random.nextInt(steps);
    for (int i = 0; i < steps; i++) {
      int which = random.nextInt(2);
      append(logs.get(which), truths.get(which));
      if (i == snapshotAt || random.nextInt(5) == 0) {
        force(logs);
      }
      if (i == snapshotAt) {
        disk.files("").forEach(name -> earlier.put(name, disk.bytes(name)));
      }
      if (i == cutAt) {
        cut(logs.get(which), truths.get(which));
        append(logs.get(which), truths.get(which)); // or an old copy would only be longer
      }
    }
    force(logs);
    for (int i = 0; i < logs.size(); i++) {
      truths.get(i).takeFrom(logs.get(i));
    }
    stop();
  }

  /** Of a log that deletions were gone from, and that had nothing twice so far. */
  private void beginAsCopy(PartitionLog log) {
    if (random.nextInt(3) == 0) {
      log.cleaning().copying(0, random.nextInt(100), random.nextInt(100));
    }
  }

  private void append(PartitionLog log, Truth truth) {
    epoch += random.nextInt(6) == 0 ? 1 : 0;
    clock++;
    numbered.goOnAt(log);
    var batch = batch(clock + random.nextInt(100));
    log.appendAsLeader(batch, new LeaderEpoch(epoch), NOW_MILLIS);
    log.noteHighWatermark(batch.header().baseOffset());
    truth.model.append(batch);
    truth.records.append(batch);
  }

  private BatchBytes batch(long timestamp) {
    if (!isCompacted) {
      int records = random.nextInt(1, 5);
      return hasProducers && random.nextInt(3) > 0
          ? numbered.batch(records, random.nextInt(600), timestamp, Compression.NONE)
          : LogFixture.batch(records, random.nextInt(600), timestamp);
    }
    var builder = new BatchBuilder(1 << 16);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      var key = ByteBuffer.wrap(("key-" + random.nextInt(9)).getBytes(UTF_8));
      boolean isDeletion = random.nextInt(3) == 0;
      var value = isDeletion ? null : ByteBuffer.wrap(new byte[random.nextInt(400)]);
      builder.append(timestamp, key, value, List.of());
    }
    if (hasProducers && random.nextInt(3) > 0) {
      numbered.number(builder);
    }
    return builder.build(Compression.NONE);
  }

  private void force(List<PartitionLog> logs) {
    logs.forEach(log -> LogFixture.force(store, log));
    store.sweep();
    store.checkpointHighWatermarks();
    if (isCompacted) {
      clock += random.nextInt(10);
      logs.forEach(log -> CompactionFixture.compact(log, later(), CompactionFixture.ROOMY));
    }
  }

  /** Late enough for some deletions to be forgotten. */
  private long later() {
    return clock + 100;
  }

  private void cut(PartitionLog log, Truth truth) {
    if (isCompacted) {
      truth.takeBatchesFrom(log);
    }
    var edges = truth.model.edges();
    // Of what was compacted, deeper than ever but for a repair: what was clean ends there then.
    int deepest = isCompacted ? 0 : Math.max(0, edges.size() - 4);
    long to = edges.get(random.nextInt(deepest, edges.size()));
    log.truncateTo(to, "for the test");
    truth.model.truncateTo(to);
    if (isCompacted) {
      truth.records.rebase(log);
      changeLeader(log);
    }
  }

  /** To one that has other deletions, and maybe more that is deleted. */
  private void changeLeader(PartitionLog log) {
    long clean = random.nextLong(log.cleaning().cleanBelow() + 1);
    log.cleaning().copying(log.end(), random.nextLong(log.end() + 20), clean);
  }

  private void stop() {
    store.checkpointHighWatermarks();
    scrub();
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
    if (kind == DamagedFile.CLEAN_STOP || random.nextBoolean()) {
      store.closeCleanly(new NodeEpoch(1));
    } else {
      store.close();
    }
    if (kind == DamagedFile.UNFINISHED) {
      leaveUnfinished();
    }
  }

  /** So that its progress lies there. */
  private void scrub() {
    var scrubber =
        store.scrubber(
            store.directories().getFirst(),
            new Scrubber.Findings() {
              @Override
              public void damaged(Damage damage) {
                throw new AssertionError(damage.toString());
              }

              @Override
              public void unsealed(PartitionId partition, long segmentBase) {
                throw new AssertionError(partition + " " + segmentBase);
              }

              @Override
              public void mended(String what) {
                throw new AssertionError(what);
              }
            });
    while (scrubber.step(1_000) > 0) {}
  }

  /** What a crash leaves of a checkpoint. */
  private void leaveUnfinished() {
    var checkpoints = new ArrayList<String>();
    for (var each :
        List.of(
            DamagedFile.LEADER_EPOCHS,
            DamagedFile.COMPACTION,
            DamagedFile.PRODUCERS,
            DamagedFile.HIGH_WATERMARKS,
            DamagedFile.DURABLE_POINTS,
            DamagedFile.NODE_EPOCH)) {
      checkpoints.addAll(each.in(disk));
    }
    String name = checkpoints.get(random.nextInt(checkpoints.size()));
    disk.replace(name + ".tmp", disk.bytes(name));
  }
}
