package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A failed write, force or rename ends the directory for the process (I15). */
class FailedDiskTest {

  private static final Operation[] ENDING = {
    Operation.CREATE,
    Operation.WRITE,
    Operation.FORCE,
    Operation.TRUNCATE,
    Operation.RENAME,
    Operation.FORCE_DIRECTORY,
    Operation.FORCE_ALL
  };

  private final List<StorageException> heard = new ArrayList<>();

  @Test
  void aFailedForceAcknowledgesNothingAndLosesNothingThatWas() {
    var platter = LogFixture.formatted();
    var store = open(platter);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 5, 1);
    LogFixture.force(store, log);
    append(log, 5, 1);
    platter.loseForcesOf(".log");

    store.requestForce(
        log, ticket -> heard.add(new StorageException("acknowledged", "", new Error())));
    var rounds = store.rounds(store.directories().getFirst());
    assertThatThrownBy(rounds::runRound).isInstanceOf(StorageException.class);
    platter.loseForcesOf("no file");

    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst()).hasMessageContaining("force");
    assertThat(store.directories().getFirst().failure()).isPresent();
    assertThatThrownBy(() -> append(log, 1, 1)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> log.prepareForce().perform()).isInstanceOf(StorageException.class);
    assertThat(log.durableEnd()).isEqualTo(5);
    assertThat(store.closeCleanly(new NodeEpoch(1))).isFalse();

    var restarted = open(platter.afterPowerLoss(PowerLoss.ALL, Seeds.random(1)));
    assertThat(restarted.directories().getFirst().lastRun().wasCleanStop()).isFalse();
    assertThat(restarted.log(partition(0)).orElseThrow().end()).isEqualTo(5);
  }

  @Test
  void aFailedForceOfTheWholeDiskAcknowledgesNothingAndLosesNothingThatWas() {
    var platter = LogFixture.formatted();
    platter.preferForceAllAbove(0);
    var store = open(platter);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 5, 1);
    LogFixture.force(store, log);
    append(log, 5, 1);
    platter.loseForcesOf(".log");

    store.requestForce(
        log, ticket -> heard.add(new StorageException("acknowledged", "", new Error())));
    var rounds = store.rounds(store.directories().getFirst());
    assertThatThrownBy(rounds::runRound).isInstanceOf(StorageException.class);
    platter.loseForcesOf("no file");

    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst()).hasMessageContaining("force all");
    store.requestForce(log, ticket -> {}); // and once more: it is not tried again
    assertThatThrownBy(rounds::runRound).hasMessageContaining("it has failed");
    assertThatThrownBy(() -> append(log, 1, 1)).isInstanceOf(StorageException.class);
    assertThat(log.durableEnd()).isEqualTo(5);
    assertThat(store.closeCleanly(new NodeEpoch(1))).isFalse();
    var restarted = open(platter.afterPowerLoss(PowerLoss.ALL, Seeds.random(1)));
    assertThat(restarted.log(partition(0)).orElseThrow().end()).isEqualTo(5);
  }

  @Test
  void whatAFailedForceLeftInThePageCacheIsWrittenAgainBeforeItCounts() {
    var platter = LogFixture.formatted();
    var store = open(platter);
    var log = store.create(partition(0), new LogConfig(400, TimestampType.CREATE_TIME));
    append(log, 5, 1);
    LogFixture.force(store, log);
    for (int i = 0; i < 10; i++) {
      append(log, 5, 1); // rolls more than once
    }
    platter.loseForcesOf(".log"); // and its pages count as clean from then on
    store.requestForce(log, ticket -> {});
    assertThatThrownBy(store.rounds(store.directories().getFirst())::runRound)
        .isInstanceOf(StorageException.class);
    platter.loseForcesOf("no file");
    store.close();

    long seen = open(platter).log(partition(0)).orElseThrow().end();

    var afterPowerLoss = open(platter.afterPowerLoss(PowerLoss.ALL, Seeds.random(1)));
    assertThat(afterPowerLoss.log(partition(0)).orElseThrow().end()).isEqualTo(seen);
  }

  @Test
  void whateverFailsEndsTheDirectoryAndKeepsWhatWasForced() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var platter = LogFixture.formatted();
          platter.preferForceAllAbove(random.nextInt(3)); // a round takes one to four
          var faulty = new FaultyDisk(platter);
          var store = open(faulty);
          var log = store.create(partition(0), LogFixture.SMALL);
          var failing = ENDING[random.nextInt(ENDING.length)];
          int[] left = {random.nextInt(60)};
          faulty.failWhen((operation, name) ->
              operation == failing && left[0]-- == 0
                  ? Optional.of("Input/output error")
                  : Optional.empty());

          long promised = 0;
          try {
            for (int i = 0; i < 40; i++) {
              append(log, 3, 1);
              LogFixture.force(store, log);
              promised = log.durableEnd();
              if (random.nextInt(10) == 0) {
                promised = promised - 3;
                log.truncateTo(promised, "test");
              }
              store.checkpointHighWatermarks();
            }
          } catch (StorageException expected) {
            assertThatThrownBy(() -> append(log, 1, 1)).isInstanceOf(StorageException.class);
            assertThat(store.closeCleanly(new NodeEpoch(1))).isFalse();
          }

          var restarted = open(platter.afterPowerLoss(PowerLoss.ANY, random));
          assertThat(restarted.damaged()).isEmpty();
          long end = restarted.log(partition(0)).map(PartitionLog::end).orElse(0L);
          assertThat(end).isGreaterThanOrEqualTo(promised);
        });
  }

  @Test
  void aFullDiskIsToldApartAndLosesNothing() {
    var platter = LogFixture.formatted();
    var faulty = new FaultyDisk(platter);
    var store = open(faulty);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 5, 1);
    LogFixture.force(store, log);
    var directory = store.directories().getFirst();

    faulty.fill(new DiskSpace(40, 1_000));
    assertThat(directory.lookAtSpace(new SpaceRule(0.95)).usedRatio()).isEqualTo(0.96);
    faulty.fill(new DiskSpace(0, 1_000));

    assertThatThrownBy(() -> append(log, 1, 1)).hasMessageContaining("No space left on device");
    assertThat(heard).hasSize(1);
    assertThat(log.end()).isEqualTo(5);
    assertThat(open(platter.afterPowerLoss(PowerLoss.NONE, Seeds.random(1))).log(partition(0)))
        .hasValueSatisfying(recovered -> assertThat(recovered.end()).isEqualTo(5));
  }

  @Test
  void aDirectoryThatFailsAtStartLeavesTheOthersAlone() {
    var good = LogFixture.formatted();
    var bad = new FaultyDisk(LogFixture.formatted());
    var opened = List.of(LogFixture.directory(good), LogFixture.directory(bad));
    bad.fail(Operation.CREATE, "durable-points.tmp");

    var store = LogStore.open(opened, LogFixture.SMALL, Runnable::run, RecoveryListener.NONE);

    assertThat(store.directories()).hasSize(1);
    assertThat(store.reports().get(1).failure()).isPresent();
    append(store.create(partition(0), LogFixture.SMALL), 1, 1);
  }

  private LogStore open(Disk disk) {
    disk.close();
    var opening =
        DataDirectory.open(disk, LogFixture.CLUSTER, LogFixture.NODE, () -> NOW_MILLIS, heard::add);
    return switch (opening) {
      case Opening.Opened(var directory) ->
          LogStore.open(List.of(directory), LogFixture.SMALL, Runnable::run, RecoveryListener.NONE);
      case Opening.NotOpened(var why) -> throw new AssertionError(why.toString());
    };
  }
}
