package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.Inspection;
import dev.naru.log.inspect.Wanted;
import dev.naru.log.store.LogStore;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.random.RandomGenerator;

/**
 * What crashes leave: each image of the disk is recovered and held against what had been promised.
 */
final class CrashImages {

  /** Of so many changes that are not forced all subsets are tried, of more a sample. */
  private static final int ALL_SUBSETS_OF = 7;

  private static final int SAMPLE = 16;

  private final RandomGenerator random;
  private final PartitionId id;
  private final LogPromise promise;
  private int count;

  /** Of a disk with one log. */
  CrashImages(RandomGenerator random, PartitionId id, LogPromise promise) {
    this.random = random;
    this.id = id;
    this.promise = promise;
  }

  /** How many there were. */
  int count() {
    return count;
  }

  /** Every image that a crash now may leave, or many of them. */
  void checkEach(CrashableDisk disk) {
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

  /** An image for each kind of power loss; after some of them, the recovery crashes as well. */
  void checkSome(CrashableDisk disk) {
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
    count++;
    image.close();
    if (random.nextInt(8) == 0) {
      promise.checkSetAside(image);
      checkInspected(image);
    }
    var recovered = LogFixture.open(image);
    assertThat(recovered.damaged()).isEmpty();
    var found = recovered.log(id);
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

    var again = LogFixture.open(image).log(log.id()).orElseThrow();

    assertThat(again.start()).isEqualTo(start);
    assertThat(again.end()).isEqualTo(end);
    assertThat(again.epochs()).isEqualTo(epochs);
  }
}
