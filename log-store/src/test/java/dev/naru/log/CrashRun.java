package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** A workload on one log, with a crash before some of its changes of the disk. */
final class CrashRun {

  private static final PartitionId ID = partition(0);
  private static final NodeEpoch EPOCH = new NodeEpoch(1);
  private static final int STEPS = 40;

  /** When a round forces the whole disk: always, if a segment or a name is new, never. */
  private static final int[] FORCE_ALL_ABOVE = {0, 1, Integer.MAX_VALUE};

  private final RandomGenerator random;
  private final int oneInChanges;
  private final CrashableDisk disk = LogFixture.formatted();
  private final LogPromise promise = new LogPromise();
  private final CrashImages images;
  private final CompactionSteps compaction;
  private LogStore store;
  private final Queue<ForceTicket> performed = new ArrayDeque<>();
  private PartitionLog log;
  private final NumberedBatches numbered;
  private int epoch = 1;
  private int changesUntilKill = Integer.MAX_VALUE;

  /** The end of a process. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  CrashRun(RandomGenerator random, int oneInChanges) {
    this.random = random;
    this.oneInChanges = oneInChanges;
    numbered = new NumberedBatches(random);
    images = new CrashImages(random, ID, promise);
    compaction = new CompactionSteps(random, promise);
    this.store = LogFixture.open(disk);
    store.directories().getFirst().noteNodeEpoch(EPOCH); // or no stop would be a clean one
    disk.preferForceAllAbove(FORCE_ALL_ABOVE[random.nextInt(FORCE_ALL_ABOVE.length)]);
    disk.beforeEachChange(this::maybeCrash);
    this.log = store.create(ID, config());
  }

  /** Operations at random; says how many images were looked at. */
  int play() {
    for (int i = 0; i < STEPS; i++) {
      try {
        step();
      } catch (RuntimeException e) {
        if (!(e instanceof Killed) && !(e.getCause() instanceof Killed)) {
          throw e;
        }
        startAfterKill();
      }
    }
    return images.count();
  }

  /**
   * One of each operation, with a crash before every change of the disk. An operation that is new
   * to the log gets its place here, and its number in {@link #step}.
   */
  int playEach() {
    disk.beforeEachChange(() -> images.checkEach(disk));
    for (Runnable operation :
        List.<Runnable>of(
            this::appendAsLeader,
            this::force,
            this::commit,
            this::sweep,
            this::appendAsFollower,
            this::checkpoint,
            this::force,
            this::sweep,
            this::truncate,
            this::appendAsLeader,
            this::requestForce,
            this::truncate,
            this::runRound,
            this::appendAsFollower,
            this::force,
            this::forceRecord,
            this::retain,
            this::startOverOrRaiseStart,
            this::appendAsLeader,
            this::force,
            this::stopAndStart)) {
      operation.run();
    }
    return images.count();
  }

  private void step() {
    switch (random.nextInt(32)) {
      case 0, 1, 2, 3, 4 -> appendAsLeader();
      case 5, 6, 7 -> appendAsFollower();
      case 8, 9, 10 -> requestForce();
      case 11, 12, 13 -> runRound();
      case 14, 15, 16 -> hearOfForce();
      case 17, 18 -> truncate();
      case 19 -> startOverOrRaiseStart();
      case 20 -> checkpoint();
      case 21 -> stopAndStart();
      case 22 -> changesUntilKill = random.nextInt(1, 20);
      case 23 -> retain();
      case 24 -> {
        commit();
        sweep();
      }
      case 25 -> log.roll(log.view().activeBase());
      case 26, 27, 28, 29, 30 -> compaction.next(log);
      case 31 -> forceRecord();
      default -> throw new AssertionError();
    }
  }

  private void force() {
    requestForce();
    runRound();
    hearOfForce();
  }

  private void sweep() {
    store.sweep();
  }

  private void commit() {
    commit(log.end());
  }

  private void commit(long highWatermark) {
    promise.committed(highWatermark);
    log.noteHighWatermark(highWatermark);
  }

  private void maybeConfigure() {
    if (random.nextInt(6) == 0) {
      log.configure(config());
    }
  }

  private LogConfig config() {
    int[] sizes = {1, 400, 1_500, 1 << 20};
    var config = new LogConfig(sizes[random.nextInt(sizes.length)], TimestampType.CREATE_TIME);
    return CompactionFixture.compacted(config, 0);
  }

  private BatchBytes batch() {
    epoch += random.nextInt(4) == 0 ? 1 : 0;
    int valueBytes = random.nextInt(8) == 0 ? random.nextInt(3_000) : random.nextInt(100);
    int records = random.nextInt(1, 6);
    long time = NOW_MILLIS + random.nextInt(1_000);
    return random.nextInt(3) == 0
        ? LogFixture.batch(records, valueBytes, time)
        : numbered.batch(records, valueBytes, time, Compression.NONE);
  }

  private void appendAsLeader() {
    maybeConfigure();
    numbered.goOnAt(log);
    var batch = batch();
    batch.stamp(log.end(), new LeaderEpoch(epoch));
    promise.appending(List.of(batch));
    log.appendAsLeader(batch, new LeaderEpoch(epoch), NOW_MILLIS);
  }

  private void appendAsFollower() {
    maybeConfigure();
    var many = ByteBuffer.allocate(1 << 17);
    var batches = new ArrayList<BatchBytes>();
    long offset = log.end();
    numbered.goOnAt(log);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      var batch = batch();
      batch.stamp(offset, new LeaderEpoch(epoch));
      offset = batch.header().nextOffset();
      many.put(batch.asByteBuffer());
      batches.add(batch);
    }
    promise.appending(batches);
    log.appendAsFollower(BatchBytes.of(many.flip()), new LeaderEpoch(epoch));
  }

  private void requestForce() {
    store.requestForce(
        log,
        ticket -> {
          performed.add(ticket);
          if (ticket.isCurrent()) {
            promise.forced(ticket.end());
          }
        });
  }

  private void runRound() {
    int heardOf = performed.size();
    store.rounds(store.directories().getFirst()).runRound();
    performed.stream()
        .skip(heardOf)
        .filter(ForceTicket::isCurrent)
        .forEach(ticket -> promise.startRecorded(ticket.point().start()));
  }

  private void forceRecord() {
    store.rounds(store.directories().getFirst()).forceRecord();
  }

  /** The owner hears of a force when it gets round to it: it may have gone on meanwhile. */
  private void hearOfForce() {
    if (!performed.isEmpty()) {
      log.forced(performed.remove());
      assertThat(log.durableEnd()).isLessThanOrEqualTo(log.end());
    }
  }

  private void truncate() {
    var edges = promise.edges(log.start());
    long newEnd = edges.get(random.nextInt(edges.size()));
    promise.truncating(newEnd);
    log.truncateTo(newEnd, "test");
    promise.truncated(newEnd);
  }

  private void startOverOrRaiseStart() {
    if (random.nextBoolean()) {
      long at = random.nextLong(log.end() + 50);
      promise.startingOver(at);
      log.startOver(at, "test");
      promise.startedOver(at);
    } else {
      long newStart = random.nextLong(log.start(), log.end() + 1);
      promise.raisingStart(newStart);
      log.raiseStart(newStart, DropReason.REQUEST);
    }
  }

  /** As retention does, from the decision to the deletion; each of its steps comes alone too. */
  private void retain() {
    long newStart = log.view().closed().stream().map(Segment::end).findFirst().orElse(log.end());
    promise.raisingStart(newStart);
    log.raiseStart(newStart, DropReason.AGE);
    requestForce();
    runRound();
    while (!performed.isEmpty()) {
      hearOfForce();
    }
    store.sweep();
  }

  private void checkpoint() {
    commit(random.nextLong(log.start(), log.end() + 1));
    store.checkpointHighWatermarks();
  }

  private void stopAndStart() {
    assertThat(store.closeCleanly(EPOCH)).isTrue();
    promise.forced(log.end());
    promise.startRecorded(log.start());
    performed.clear();
    compaction.forget();
    store = LogFixture.open(disk);
    log = store.log(ID).orElseThrow();
  }

  /**
   * The process is gone, in the middle of something; what it wrote is there, forced or not, and the
   * next goes on.
   */
  private void startAfterKill() {
    changesUntilKill = Integer.MAX_VALUE;
    performed.clear();
    compaction.forget();
    disk.close();
    store = LogFixture.open(disk);
    assertThat(store.damaged()).isEmpty();
    log = store.log(ID).orElseGet(() -> store.create(ID, config()));
    promise.check(log);
    promise.becomes(log);
  }

  private void maybeCrash() {
    if (--changesUntilKill == 0) {
      throw new Killed();
    }
    if (random.nextInt(oneInChanges) == 0) {
      images.checkSome(disk);
    }
  }
}
