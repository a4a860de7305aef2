package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.CompactionFixture;
import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A damaged log goes on below its damage, and nothing of it is destroyed. */
class LogRepairTest {

  private static final LogConfig A_BATCH_EACH = new LogConfig(1, TimestampType.CREATE_TIME);

  private final CrashableDisk disk = LogFixture.formatted();
  private final List<ByteBuffer> written = new ArrayList<>();

  @Test
  void keepsWhatLiesBelowTheDamageAndSetsTheRestAside() {
    var store = LogFixture.open(disk);
    var log = fiveSegments(store);
    force(store, log);
    log.noteHighWatermark(40);
    store.checkpointHighWatermarks();

    var quarantine = store.giveUp(damageAt(20)).orElseThrow();
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.start()).isZero();
    assertThat(repaired.end()).isEqualTo(20);
    assertThat(repaired.durableEnd()).isEqualTo(20);
    assertThat(repaired.highWatermark()).isEqualTo(20);
    assertThat(repaired.lastBatch().orElseThrow().nextOffset()).isEqualTo(20);
    assertThat(disk.files(quarantine)).anyMatch(name -> name.endsWith("020.log"));
    assertThat(store.damaged()).isEmpty();
    assertNothingIsDestroyed(disk);
    append(repaired, 10, 3);
    force(store, repaired);
    store.close();
    var again = LogFixture.open(disk);
    assertThat(again.log(partition(0)).orElseThrow().end()).isEqualTo(30);
    assertThat(again.reports().getFirst().warnings()).isEmpty();
  }

  /** The snapshot tells of batches that are not there any more. */
  @Test
  void knowsTheProducersOfWhatIsKept() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), A_BATCH_EACH);
    for (int i = 0; i < 5; i++) {
      log.appendAsLeader(LogFixture.numbered(10, 7, 10 * i), new LeaderEpoch(1), NOW_MILLIS);
      force(store, log);
      store.sweep();
    }

    store.giveUp(damageAt(20));
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.producers().state(7).orElseThrow().nextSequence()).isEqualTo(20);
    assertThat(disk.files(partition(0).toString())).noneMatch(name -> name.endsWith(".producers"));
  }

  /** The replica is counted for nothing by then; but what is kept must be there after a crash. */
  @Test
  void keepsWhatHadNotBeenForcedYet() {
    var store = LogFixture.open(disk);
    fiveSegments(store);

    store.giveUp(damageAt(30));
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.end()).isEqualTo(30);
    var after = LogFixture.open(disk.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault()));
    assertThat(after.log(partition(0)).orElseThrow().end()).isEqualTo(30);
  }

  @Test
  void keepsTheStartOfALogThatIsDamagedOverRestarts() {
    var store = LogFixture.open(disk);
    var log = fiveSegments(store);
    log.raiseStart(13, DropReason.LEADER);
    force(store, log);
    store.giveUp(damageAt(30));
    store.close();
    LogFixture.open(disk).close();

    var third = LogFixture.open(disk);
    assertThat(third.damaged()).containsOnlyKeys(partition(0));
    var repaired = third.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.start()).isEqualTo(13);
    assertThat(repaired.end()).isEqualTo(30);
  }

  /** Else keys would occur twice where none may, and deletions that are fetched count as gone. */
  @Test
  void promisesNothingOfWhatIsFetchedAgain() {
    var compacted = CompactionFixture.compacted(A_BATCH_EACH, 0);
    var store = LogFixture.open(disk);
    var log = fiveSegments(store);
    log.configure(compacted);
    force(store, log);
    log.noteHighWatermark(log.end());
    CompactionFixture.compact(log, 0, CompactionFixture.ROOMY);
    log.cleaning().copying(50, 60, 70);
    assertThat(log.cleaning().cleanEnd()).isEqualTo(40);

    store.giveUp(damageAt(20));
    var repaired = store.repair(partition(0), compacted);

    assertThat(repaired.cleaning().cleanEnd()).isEqualTo(20);
    assertThat(repaired.cleaning().cleanBelow()).isEqualTo(20);
    assertThat(repaired.cleaning().purgedBelow()).isEqualTo(20);
  }

  /** What is left of the swap would pass for damage below, and cost all that is sound there. */
  @Test
  void keepsWhatCompactionHadJustPutInItsPlace() {
    var compacted =
        CompactionFixture.compacted(new LogConfig(1 << 20, TimestampType.CREATE_TIME), 0);
    var store = LogFixture.open(disk);
    var log = fiveSegments(store);
    log.configure(compacted);
    force(store, log);
    log.noteHighWatermark(log.end());
    CompactionFixture.swapWithoutFinishing(log);

    store.giveUp(damageAt(40));
    var repaired = store.repair(partition(0), compacted);

    assertThat(repaired.end()).isEqualTo(40);
    assertThat(repaired.view().closed()).hasSize(1);
  }

  /** The segment that was damaged is a part of another one by the time this is heard of. */
  @Test
  void keepsWhatLiesBelowASegmentThatWasMergedMeanwhile() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), A_BATCH_EACH);
    append(log, 40, 1); // alone larger than two of the others
    for (int i = 0; i < 4; i++) {
      append(log, 10, 1);
    }
    force(store, log);
    log.noteHighWatermark(log.end());
    var roomy = new LogConfig(1_000, TimestampType.CREATE_TIME);
    log.configure(CompactionFixture.compacted(roomy, 0));
    CompactionFixture.compact(log, 0, CompactionFixture.ROOMY);
    assertThat(log.view().closed()).extracting(Segment::base).containsExactly(0L, 40L);

    store.giveUp(damageAt(50));
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.end()).isEqualTo(40);
  }

  @Test
  void goesFurtherDownForDamageBelow() {
    var store = LogFixture.open(disk);
    force(store, fiveSegments(store));
    disk.lose(partition(0) + "/00000000000000000010.log");

    store.giveUp(damageAt(30));
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.end()).isEqualTo(10);
  }

  @Test
  void beginsAnewWhereNothingIsLeft() {
    var store = LogFixture.open(disk);
    force(store, fiveSegments(store));

    store.giveUp(damageAt(0));
    var repaired = store.repair(partition(0), A_BATCH_EACH);

    assertThat(repaired.end()).isZero();
    assertNothingIsDestroyed(disk);
  }

  @Test
  void beginsAnewWhereTheDirectoryIsGone() {
    var store = LogFixture.open(disk);
    force(store, fiveSegments(store));
    store.close();
    disk.files(partition(0).toString()).forEach(disk::lose);
    disk.lose(partition(0).toString());

    var second = LogFixture.open(disk);
    assertThat(second.damaged()).containsOnlyKeys(partition(0));
    assertThat(second.repair(partition(0), A_BATCH_EACH).end()).isZero();
  }

  /** Of two logs of one partition nobody knows which is the right one. */
  @Test
  void beginsAnewWhereThereAreTwins() {
    var other = CrashableDisk.empty();
    DataDirectory.format(
        other, new DirectoryMeta(LogFixture.CLUSTER, LogFixture.NODE, new UUID(8, 8)));
    var first = LogFixture.open(disk);
    force(first, fiveSegments(first));
    first.close();
    var second = LogFixture.open(other);
    force(second, fiveSegments(second));
    second.close();

    var both =
        LogStore.open(
            List.of(LogFixture.directory(disk), LogFixture.directory(other)),
            A_BATCH_EACH,
            Runnable::run,
            RecoveryListener.NONE);
    assertThat(both.damaged()).containsOnlyKeys(partition(0));

    assertThat(both.repair(partition(0), A_BATCH_EACH).end()).isZero();
    assertThat(both.damaged()).isEmpty();
    assertNothingIsDestroyed(disk);
    assertNothingIsDestroyed(other);
  }

  /** Power fails before any of the changes of a repair: the log is damaged still, or repaired. */
  @Test
  void survivesACrashAtEveryStep() {
    for (int step = 0; ; step++) {
      var image = crashAt(step);
      var store = LogFixture.open(image);
      if (store.damaged().containsKey(partition(0))) {
        store.repair(partition(0), A_BATCH_EACH);
      }
      assertThat(store.log(partition(0)).orElseThrow().end()).as("step " + step).isEqualTo(20);
      assertNothingIsDestroyed(image);
      store.close();
      if (isOver) {
        return;
      }
    }
  }

  private boolean isOver;

  /** What a power loss before the change of this number leaves. */
  private CrashableDisk crashAt(int step) {
    var fresh = LogFixture.formatted();
    written.clear();
    var store = LogFixture.open(fresh);
    force(store, fiveSegments(store));
    store.giveUp(damageAt(20));
    var image = new ArrayList<CrashableDisk>();
    var left = new int[] {step};
    fresh.beforeEachChange(() -> {
      if (left[0]-- == 0) {
        image.add(fresh.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault()));
      }
    });
    store.repair(partition(0), A_BATCH_EACH);
    isOver = image.isEmpty();
    return isOver
        ? fresh.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault())
        : image.getFirst();
  }

  private PartitionLog fiveSegments(LogStore store) {
    var log = store.create(partition(0), A_BATCH_EACH);
    for (int i = 0; i < 5; i++) {
      append(log, 10, 1 + i / 3);
      var slice = log.view().read(10L * i, 1 << 20, log.end());
      written.add(slice.batches().batches().iterator().next().asByteBuffer());
    }
    return log;
  }

  private static Damage damageAt(long base) {
    return new Damage(partition(0), base, 17, "Expected what was written, but was not");
  }

  private void assertNothingIsDestroyed(CrashableDisk on) {
    var found =
        on.files("").stream()
            .filter(name -> name.endsWith(".log"))
            .map(name -> ByteBuffer.wrap(on.bytes(name)))
            .toList();
    assertThat(found).containsAll(written);
  }
}
