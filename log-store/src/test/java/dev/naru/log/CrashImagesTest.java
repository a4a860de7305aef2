package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogCompaction.Step;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.Inspection;
import dev.naru.log.inspect.Wanted;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.Segment;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Before each operation that changes the disk, what a crash there would leave is recovered and held
 * against what had been promised: a prefix of what was appended, with all that was fsynced (I13),
 * epochs and checkpoints that claim no more than the log (I14), and nothing taken for damage.
 */
class CrashImagesTest {

  private static final int STEPS = 40;

  /** When a round forces the whole disk: always, if a segment or a name is new, never. */
  private static final int[] FORCE_ALL_ABOVE = {0, 1, Integer.MAX_VALUE};

  /** So many are promised; a run of single seeds on request has fewer. */
  private static final int IMAGES_MIN = 10_000;

  /** Of so many changes that are not forced all subsets are tried, of more a sample. */
  private static final int ALL_SUBSETS_OF = 7;

  private static final int SAMPLE = 16;

  @Test
  void everyCrashLeavesAPrefixWithAllThatWasForced() {
    var images = new int[1];
    Seeds.forEach(150, (seed, random) -> images[0] += new Run(random, 12).play());
    enough(images[0]);
  }

  @Test
  void everySubsetOfWhatWasNotForcedLeavesAPrefixWithAllThatWas() {
    var images = new int[1];
    Seeds.forEach(11, (seed, random) -> images[0] += new Run(random, 1).playEach());
    enough(images[0]);
  }

  @Test
  @Tag("crash")
  void everySubsetOfWhatWasNotForcedLeavesAPrefixWithAllThatWasAtLength() {
    Seeds.forEach(500, (seed, random) -> new Run(random, 1).playEach());
  }

  private static void enough(int images) {
    System.out.println("crash images: " + images);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(images).isGreaterThanOrEqualTo(IMAGES_MIN);
    }
  }

  /**
   * Of three segments merged into the first, a crash has left the second and not the third; a log
   * has begun anew at an offset inside a batch that it had before.
   */
  @Test
  void theSeedsThatFailedOnce() {
    for (long seed : List.of(163L, 1211L)) {
      new Run(Seeds.random(seed), 1).play();
    }
  }

  @Test
  @Tag("crash")
  void everyCrashLeavesAPrefixWithAllThatWasForcedAtLength() {
    Seeds.forEach(5_000, (seed, random) -> new Run(random, 1).play());
  }

  @Test
  void aCrashWhileALogIsPutAwayLeavesItWholeOrGone() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var disk = LogFixture.formatted();
          var store = LogFixture.open(disk);
          var log = store.create(partition(0), LogFixture.SMALL);
          for (int i = 0; i < 30; i++) {
            LogFixture.append(log, 4, 1);
          }
          LogFixture.force(store, log);
          store.checkpointHighWatermarks();

          disk.beforeEachChange(() -> {
            for (PowerLoss loss : PowerLoss.values()) {
              var image = disk.afterPowerLoss(loss, random);
              var recovered = LogFixture.open(image);
              assertThat(recovered.damaged()).isEmpty();
              assertThat(recovered.log(partition(0)).map(PartitionLog::end).orElse(120L))
                  .isEqualTo(120);
              assertThat(image.files("")).anyMatch(name -> name.endsWith("0000.log"));
            }
          });
          store.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
        });
  }

  /** The end of a process. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A workload on one log, with a crash before some of its changes of the disk. */
  private static final class Run {

    private static final PartitionId ID = partition(0);
    private static final NodeEpoch EPOCH = new NodeEpoch(1);

    private final RandomGenerator random;
    private final int oneInChanges;
    private final CrashableDisk disk = LogFixture.formatted();
    private final LogPromise promise = new LogPromise();
    private LogStore store;
    private final Queue<ForceTicket> performed = new ArrayDeque<>();
    private PartitionLog log;
    private int epoch = 1;
    private int images;
    private int changesUntilKill = Integer.MAX_VALUE;
    private @Nullable LogCompaction pass;
    private @Nullable CompactedSegments prepared; // neither put in place nor discarded
    private @Nullable CompactedSegments swap; // published, not finished

    Run(RandomGenerator random, int oneInChanges) {
      this.random = random;
      this.oneInChanges = oneInChanges;
      this.store = LogFixture.open(disk);
      store.directories().getFirst().noteNodeEpoch(EPOCH); // or no stop would be a clean one
      disk.preferForceAllAbove(FORCE_ALL_ABOVE[random.nextInt(FORCE_ALL_ABOVE.length)]);
      disk.beforeEachChange(this::maybeCrash);
      this.log = store.create(ID, config());
    }

    private LogConfig config() {
      int[] sizes = {1, 400, 1_500, 1 << 20};
      var config = new LogConfig(sizes[random.nextInt(sizes.length)], TimestampType.CREATE_TIME);
      return CompactionFixture.compacted(config, 0);
    }

    private void maybeConfigure() {
      if (random.nextInt(6) == 0) {
        log.configure(config());
      }
    }

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
      return images;
    }

    /**
     * One of each operation, with a crash before every change of the disk. An operation that is new
     * to the log gets its place here, and its number in {@link #step}.
     */
    int playEach() {
      disk.beforeEachChange(this::crashInEveryWay);
      for (Runnable operation :
          List.<Runnable>of(
              this::appendAsLeader,
              this::force,
              this::appendAsFollower,
              this::checkpoint,
              this::force,
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
      return images;
    }

    private void force() {
      requestForce();
      runRound();
      hearOfForce();
    }

    private void crashInEveryWay() {
      int unforced = disk.unforced();
      if (unforced <= ALL_SUBSETS_OF) {
        disk.afterEachPowerLoss(this::check);
      }
      int sample = unforced <= ALL_SUBSETS_OF ? 1 : SAMPLE;
      for (int i = 0; i < sample; i++) {
        check(disk.afterPowerLoss(PowerLoss.SOME, random));
        check(disk.afterPowerLoss(PowerLoss.ANY, random)); // torn, and lengths without bytes
      }
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
        case 24 -> store.sweep();
        case 25 -> log.roll(log.view().activeBase());
        case 26, 27, 28, 29, 30 -> compact();
        case 31 -> forceRecord();
        default -> throw new AssertionError();
      }
    }

    private BatchBytes batch() {
      epoch += random.nextInt(4) == 0 ? 1 : 0;
      int valueBytes = random.nextInt(8) == 0 ? random.nextInt(3_000) : random.nextInt(100);
      return LogFixture.batch(random.nextInt(1, 6), valueBytes, NOW_MILLIS + random.nextInt(1_000));
    }

    private void appendAsLeader() {
      maybeConfigure();
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

    /** A step of a pass. Anything may come between two of them, as in a node. */
    private void compact() {
      if (swap != null) {
        swap.finish();
        swap = null;
      } else if (prepared != null) {
        decide(prepared);
        prepared = null;
      } else if (pass == null) {
        log.noteHighWatermark(log.end());
        pass = log.cleaning().pass(CompactionFixture.run(NOW_MILLIS, CompactionFixture.ROOMY));
        promise.compacting(pass.plan().cleanableEnd());
        if (!pass.begin()) {
          pass = null;
        }
      } else {
        switch (pass.next()) {
          case Step.Prepared(var segments) -> prepared = segments;
          case Step.Unchanged() -> {
            // on to the next
          }
          case Step.Done(), Step.Overtaken(), Step.Stopped(_) -> pass = null;
        }
      }
    }

    /** The owner may refuse what it could take. */
    private void decide(CompactedSegments segments) {
      if (random.nextInt(5) > 0 && log.swap(segments)) {
        swap = segments;
      } else {
        segments.discard();
        pass = null;
      }
    }

    /** The process has ended: whoever compacted has, too. */
    private void forgetPass() {
      pass = null;
      prepared = null;
      swap = null;
    }

    private void checkpoint() {
      log.noteHighWatermark(random.nextLong(log.start(), log.end() + 1));
      store.checkpointHighWatermarks();
    }

    private void stopAndStart() {
      assertThat(store.closeCleanly(EPOCH)).isTrue();
      promise.forced(log.end());
      promise.startRecorded(log.start());
      performed.clear();
      forgetPass();
      store = LogFixture.open(disk);
      log = store.log(ID).orElseThrow();
    }

    /**
     * The process is gone, in the middle of something; what it wrote is there, forced or not, and
     * the next goes on.
     */
    private void startAfterKill() {
      changesUntilKill = Integer.MAX_VALUE;
      performed.clear();
      forgetPass();
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
      if (random.nextInt(oneInChanges) != 0) {
        return;
      }
      for (PowerLoss loss : PowerLoss.values()) {
        var image = disk.afterPowerLoss(loss, random);
        if (random.nextInt(4) == 0) {
          image = crashedAgain(image);
        }
        check(image);
      }
    }

    /** The disk after a second crash, somewhere in the recovery from the first. */
    private CrashableDisk crashedAgain(CrashableDisk image) {
      var second = new CrashableDisk[] {image};
      int at = random.nextInt(20);
      var changes = new int[1];
      image.beforeEachChange(() -> {
        if (changes[0]++ == at) {
          second[0] = image.afterPowerLoss(PowerLoss.ANY, random);
        }
      });
      LogFixture.open(image);
      image.beforeEachChange(() -> {});
      return second[0];
    }

    private void check(CrashableDisk image) {
      images++;
      image.close();
      if (random.nextInt(8) == 0) {
        promise.checkSetAside(image);
        checkInspected(image);
      }
      var recovered = LogFixture.open(image);
      assertThat(recovered.damaged()).isEmpty();
      var found = recovered.log(ID);
      if (found.isEmpty()) {
        promise.checkAbsent();
        return;
      }
      promise.check(found.get());
      if (random.nextInt(3) == 0) {
        goesOn(recovered, found.get(), image);
      }
    }

    /** Who looks into the files takes nothing that a crash leaves for damage. */
    private static void checkInspected(CrashableDisk image) {
      var damage = new ArrayList<Detail>();
      try (var inspection =
          new Inspection(
              image,
              Wanted.VERIFIED,
              detail -> {
                if (detail instanceof Detail.Fault) {
                  damage.add(detail);
                }
              })) {
        inspection.directory("");
      }
      assertThat(damage).isEmpty();
    }

    /** What was recovered takes appends, and is the same after a further restart. */
    private static void goesOn(LogStore recovered, PartitionLog log, CrashableDisk image) {
      int epoch = log.lastBatch().map(last -> last.leaderEpoch()).orElse(0) + 1;
      LogFixture.append(log, 2, epoch);
      long start = log.start();
      long end = log.end();
      var epochs = log.epochs();
      assertThat(recovered.closeCleanly(new NodeEpoch(2))).isTrue();

      var again = LogFixture.open(image).log(ID).orElseThrow();

      assertThat(again.start()).isEqualTo(start);
      assertThat(again.end()).isEqualTo(end);
      assertThat(again.epochs()).isEqualTo(epochs);
    }
  }
}
