package dev.naru.log.store;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.Watermark;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.disk.StorageException;
import dev.naru.log.disk.TracedDisk;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LogStoreTest {

  private final CrashableDisk disk = LogFixture.formatted();

  private static PartitionLog log(LogStore store, int number) {
    return store.log(partition(number)).orElseThrow();
  }

  @Test
  void aCheckpointKeepsTheHighWatermarksItDidNotChange() {
    var store = LogFixture.open(disk);
    for (int i = 0; i < 3; i++) {
      var log = store.create(partition(i), LogFixture.SMALL);
      append(log, 10, 1);
      log.noteHighWatermark(5 + i);
      force(store, log);
    }
    store.checkpointHighWatermarks();
    store.close();
    disk.lose(partition(1) + "/00000000000000000000.log");

    var second = LogFixture.open(disk);
    assertThat(second.damaged()).containsOnlyKeys(partition(1));
    log(second, 0).noteHighWatermark(9);
    second.checkpointHighWatermarks();
    second.close();

    String checkpoint = new String(disk.bytes("high-watermarks"), StandardCharsets.UTF_8);
    assertThat(checkpoint)
        .contains(partition(0) + " 9 0\n")
        .contains(partition(1) + " 6 0\n")
        .contains(partition(2) + " 7 0\n");
  }

  @Test
  void aCheckpointKeepsTheEpochThatAHighWatermarkIsOf() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    log.noteHighWatermark(5);
    log.noteAgreed(new LeaderEpoch(4));
    force(store, log);
    store.checkpointHighWatermarks();
    log.noteAgreed(new LeaderEpoch(5)); // and no checkpoint after that
    store.close();

    var found = log(LogFixture.open(disk), 0);

    assertThat(found.watermark()).isEqualTo(new Watermark(5, new LeaderEpoch(4)));
  }

  /** With thousands of logs, what is read of each is what a start takes. */
  @Test
  void aStartAfterAKillReadsNoMoreOfLargeBatchesThanTheirHeaders() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), new LogConfig(1 << 26, TimestampType.CREATE_TIME));
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(200, 1_000, LogFixture.NOW_MILLIS + i);
      log.appendAsLeader(batch, new LeaderEpoch(1), LogFixture.NOW_MILLIS);
    }
    force(store, log);
    var killed = disk.afterPowerLoss(PowerLoss.LATEST, Seeds.random(1)); // all that was written
    int bytes = killed.bytes(partition(0) + "/00000000000000000000.log").length;
    long readBefore = killed.bytesRead();

    var started = LogFixture.open(killed);

    assertThat(log(started, 0).end()).isEqualTo(2_400);
    int lastBatchAndHeaders = bytes / 12 + 12 * 5_000;
    assertThat(killed.bytesRead() - readBefore).isLessThan(lastBatchAndHeaders + 20_000);
  }

  @Test
  void aTornTailIsCutSetAsideAndTold() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    force(store, log);
    append(log, 10, 2);
    store.close();
    String name = partition(0) + "/00000000000000000000.log";
    byte[] whole = disk.bytes(name);
    disk.replace(name, Arrays.copyOf(whole, whole.length - 1));

    var report = LogFixture.open(disk).reports().getFirst().logs().getFirst();

    assertThat(report.end()).isEqualTo(10);
    assertThat(report.cutBytes()).isPositive();
    String place = report.setAside().orElseThrow();
    assertThat(disk.bytes(place + "/00000000000000000010.log")).hasSize((int) report.cutBytes());
    assertThat(new String(disk.bytes(place + "/manifest"), StandardCharsets.UTF_8))
        .contains("why Torn tail at byte " + whole.length / 2)
        .contains("time-millis " + LogFixture.NOW_MILLIS);
  }

  @Test
  void damageIsQuarantinedAndStaysDamageUntilTheLogIsSetAside() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    force(store, log);
    store.close();
    String name = partition(0) + "/00000000000000000000.log";
    byte[] bytes = disk.bytes(name);
    bytes[80] ^= 1;
    disk.replace(name, bytes);

    var second = LogFixture.open(disk);
    var damaged = second.reports().getFirst().damaged().getFirst();
    assertThat(second.log(partition(0))).isEmpty();
    String quarantine = damaged.quarantine().orElseThrow();
    assertThat(disk.bytes(quarantine + "/00000000000000000000.log")).isEqualTo(bytes);
    second.close();

    var third = LogFixture.open(disk);
    assertThat(third.damaged()).containsOnlyKeys(partition(0));
    assertThatThrownBy(() -> third.create(partition(0), LogFixture.SMALL))
        .isInstanceOf(IllegalStateException.class);
    third.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "refetched");
    append(third.create(partition(0), LogFixture.SMALL), 3, 2);
    assertThat(third.closeCleanly(new NodeEpoch(1))).isTrue();

    var fourth = LogFixture.open(disk);
    assertThat(fourth.damaged()).isEmpty();
    assertThat(log(fourth, 0).end()).isEqualTo(3);
  }

  @Test
  void damageFoundWhileRunningIsRememberedOverARestart() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), new LogConfig(1, TimestampType.CREATE_TIME));
    append(log, 10, 1);
    append(log, 10, 1);
    force(store, log);

    store.giveUp(new Damage(partition(0), 0, 17, "Expected what was written, but was not"));

    assertThat(store.log(partition(0))).isEmpty();
    log.prepareForce().perform();
    store.close();
    assertThat(LogFixture.open(disk).damaged()).containsOnlyKeys(partition(0));
  }

  @Test
  void aLogThatWasSetAsideIsNotMissed() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    force(store, log);
    var late = log.prepareForce();

    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "its topic was deleted");
    late.perform();
    store.close();

    var again = LogFixture.open(disk);
    assertThat(again.damaged()).isEmpty();
    assertThat(again.logs()).isEmpty();
    assertThat(disk.files("lost+found")).anyMatch(name -> name.endsWith(".log"));
  }

  @Test
  void aNewLogDoesNotInheritAHighWatermark() {
    var faulty = new FaultyDisk(disk);
    var store = LogFixture.open(faulty);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    log.noteHighWatermark(10);
    force(store, log);
    store.checkpointHighWatermarks();
    faulty.fail(Operation.CREATE, "high-watermarks.tmp"); // a crash after the log was moved
    assertThatThrownBy(() ->
            store.setAside(
                partition(0),
                SetAsideReason.TOPIC_DELETED,
                Keep.FOR_A_TIME,
                "its replica was moved elsewhere"))
        .isInstanceOf(StorageException.class);
    store.close();

    var second = LogFixture.open(disk);
    append(second.create(partition(0), LogFixture.SMALL), 3, 2);
    second.close();

    assertThat(log(LogFixture.open(disk), 0).highWatermark()).isZero();
  }

  @Test
  void aLogOnRecordWhoseDirectoryIsGoneIsDamaged() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    force(store, log);
    store.close();
    disk.rename(partition(0).toString(), "stolen");

    var again = LogFixture.open(disk);

    assertThat(again.damaged()).containsOnlyKeys(partition(0));
    assertThat(again.reports().getFirst().warnings())
        .containsExactly("Left alone what is not ours: memory/stolen");
  }

  @Test
  void withoutItsRecordNothingBadPassesForATornTail() {
    var store = LogFixture.open(disk);
    for (int i = 0; i < 2; i++) {
      var log = store.create(partition(i), LogFixture.SMALL);
      append(log, 10, 1);
      force(store, log);
    }
    store.close();
    disk.lose("durable-points");
    String name = partition(1) + "/00000000000000000000.log";
    disk.replace(name, Arrays.copyOf(disk.bytes(name), 100));

    var again = LogFixture.open(disk);

    assertThat(log(again, 0).end()).isEqualTo(10);
    assertThat(again.damaged()).containsOnlyKeys(partition(1));
  }

  @Test
  void anEmptiedSegmentWithoutItsSealIsDamage() {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), new LogConfig(1, TimestampType.CREATE_TIME));
    append(log, 10, 1);
    append(log, 10, 1);
    force(store, log);
    store.close();
    disk.lose(partition(0) + "/00000000000000000000.seal");
    disk.replace(partition(0) + "/00000000000000000000.log", new byte[0]);

    assertThat(LogFixture.open(disk).damaged()).containsOnlyKeys(partition(0));
  }

  @Test
  void neitherOfTwoTwinsIsUsed() {
    var other = LogFixture.formatted();
    for (CrashableDisk each : List.of(disk, other)) {
      var store = LogFixture.open(each);
      append(store.create(partition(0), LogFixture.SMALL), 1, 1);
      store.closeCleanly(new NodeEpoch(1));
    }

    var both = List.of(LogFixture.directory(disk), LogFixture.directory(other));
    var store = LogStore.open(both, LogFixture.SMALL, Runnable::run, RecoveryListener.NONE);

    assertThat(store.logs()).isEmpty();
    assertThat(store.damaged()).containsOnlyKeys(partition(0));
  }

  @Test
  void logsSpreadOverTheDirectoriesAndProgressIsTold() {
    var other = LogFixture.formatted();
    var both = List.of(LogFixture.directory(disk), LogFixture.directory(other));
    var store = LogStore.open(both, LogFixture.SMALL, Runnable::run, RecoveryListener.NONE);
    for (int i = 0; i < 6; i++) {
      append(store.create(partition(i), LogFixture.SMALL), 1, 1);
    }
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();

    var told = new ArrayList<String>();
    LogStore.open(
        List.of(LogFixture.directory(disk)),
        LogFixture.SMALL,
        Runnable::run,
        progress -> told.add(progress.done() + "/" + progress.total()));

    assertThat(told).containsExactly("0/3", "1/3", "2/3", "3/3");
  }

  @Test
  void progressTellsWhatWasReadAboveTheDurablePoints() {
    var store = LogFixture.open(disk);
    for (int i = 0; i < 3; i++) {
      append(store.create(partition(i), LogFixture.SMALL), 1, 1); // never forced
    }
    store.close();

    var told = new ArrayList<Long>();
    var found =
        LogStore.open(
            List.of(LogFixture.directory(disk)),
            LogFixture.SMALL,
            Runnable::run,
            progress -> told.add(progress.scannedBytes()));

    assertThat(told).isSorted().startsWith(0L);
    assertThat(told.getLast())
        .isPositive()
        .isEqualTo(
            found.reports().getFirst().logs().stream()
                .mapToLong(RecoveryReport.Log::scannedBytes)
                .sum());
  }

  @Test
  void theJournalStaysSmall() {
    var store = LogFixture.open(disk);
    for (int i = 0; i < 100; i++) {
      append(store.create(partition(i), LogFixture.SMALL), 1, 1);
    }
    long largest = 0;
    for (int i = 0; i < 600; i++) {
      store.logs().values().forEach(log -> store.requestForce(log, log::forced));
      store.rounds(store.directories().getFirst()).runRound();
      largest = Math.max(largest, size());
    }

    assertThat(largest).isBetween(4L << 20, 5L << 20);
    assertThat(size()).isLessThan(2L << 20);
    store.close();
    assertThat(LogFixture.open(disk).logs()).hasSize(100);
  }

  private long size() {
    try (var journal = disk.open("durable-points").orElseThrow()) {
      return journal.size();
    }
  }

  @Test
  void aStartAfterACleanStopForcesNoLogAgainAndNeedNot() {
    var store = LogFixture.open(disk);
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
    for (int i = 0; i < 20; i++) {
      append(store.create(partition(i), LogFixture.SMALL), 1 + i, 1); // nothing of it is forced yet
    }
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();

    var traced = new TracedDisk(disk);
    LogFixture.open(traced).close();

    assertThat(traced.text().lines().filter(line -> line.startsWith("FORCE"))).hasSizeLessThan(10);
    var afterPowerLoss =
        LogFixture.open(disk.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault()));
    for (int i = 0; i < 20; i++) {
      assertThat(log(afterPowerLoss, i).end()).isEqualTo(1 + i);
    }
  }

  @Test
  void aCleanStopIsNotBelievedOfWhatIsNotOnRecord() {
    var store = LogFixture.open(disk);
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
    append(store.create(partition(0), LogFixture.SMALL), 3, 1);
    store.closeCleanly(new NodeEpoch(1));
    String name = partition(0) + "/00000000000000000000.log";
    var more = LogFixture.batch(2);
    more.stamp(3, new LeaderEpoch(1));
    try (var file = disk.open(name).orElseThrow()) {
      file.write(more.asByteBuffer(), file.size()); // by whom ever
    }

    assertThat(log(LogFixture.open(disk), 0).end()).isEqualTo(5);

    var image = disk.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault());
    assertThat(log(LogFixture.open(image), 0).end()).as("what one start saw").isEqualTo(5);
  }

  @Test
  void unknownFilesAreLeftAlone() {
    var store = LogFixture.open(disk);
    append(store.create(partition(0), LogFixture.SMALL), 1, 1);
    store.closeCleanly(new NodeEpoch(1));
    disk.create("notes.txt").write(ByteBuffer.wrap(new byte[] {1}), 0);
    disk.create(partition(0) + "/core").write(ByteBuffer.wrap(new byte[] {2}), 0);

    var again = LogFixture.open(disk);

    assertThat(again.reports().getFirst().warnings()).hasSize(2);
    assertThat(disk.bytes("notes.txt")).containsExactly(1);
    assertThat(disk.bytes(partition(0) + "/core")).containsExactly(2);
  }
}
