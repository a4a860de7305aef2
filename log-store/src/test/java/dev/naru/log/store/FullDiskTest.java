package dev.naru.log.store;

import static dev.naru.log.LogFixture.CLUSTER;
import static dev.naru.log.LogFixture.NODE;
import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.batch;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.AppendResult.NotAppended;
import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.disk.StorageException;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.record.TimestampType;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of a data directory when its disk fills up, and when it is full at the start. */
class FullDiskTest {

  private static final long DISK_BYTES = 1 << 20;
  private static final long BALLAST_BYTES = DISK_BYTES / 32;
  private static final long RESERVE_BYTES = DISK_BYTES / 8;
  private static final SpaceRule RULE = new SpaceRule(0.95);

  /** A file counts as a block at least, which this disk does not charge: so there are few. */
  private static final LogConfig ONE_SEGMENT =
      new LogConfig((int) DISK_BYTES, TimestampType.CREATE_TIME);

  private final CrashableDisk platter = LogFixture.formatted();
  private final FaultyDisk disk = new FaultyDisk(platter);

  FullDiskTest() {
    disk.limit(DISK_BYTES);
  }

  private static DataDirectory directory(LogStore store) {
    return store.directories().getFirst();
  }

  /** What somebody else leaves on the disk. */
  private void fillUp() {
    platter.replace("movie", new byte[(int) disk.space().usableBytes()]);
  }

  private LogStore onceStarted() {
    var store = LogFixture.open(disk);
    directory(store).lookAtSpace(RULE);
    return store;
  }

  @Test
  void recordsAreRefusedBeforeAWriteFailsHoweverLongAgoTheLookWas() {
    var store = onceStarted();
    var log = store.create(partition(0), ONE_SEGMENT);
    int appended = 0;

    for (var next = batch(1, 1000, NOW_MILLIS);
        log.whyNoRoom(next.size()).isEmpty();
        next = batch(1, 1000, NOW_MILLIS)) {
      log.appendAsLeader(next, new LeaderEpoch(1), NOW_MILLIS);
      appended++;
    }
    force(store, log);
    store.checkpointHighWatermarks();

    assertThat(directory(store).failure()).isEmpty();
    assertThat(log.durableEnd()).isEqualTo(appended).isPositive();
    assertThat(disk.space().usableBytes()).isGreaterThan(RESERVE_BYTES / 2);
    disk.limit(2 * DISK_BYTES);
    directory(store).lookAtSpace(RULE);
    assertThat(log.whyNoRoom(1000)).isEmpty();
  }

  @Test
  void whatAFollowerCopiesCountsToo() {
    var store = onceStarted();
    var log = store.create(partition(0), ONE_SEGMENT);
    int room = (int) (disk.space().usableBytes() - RESERVE_BYTES);
    assertThat(log.whyNoRoom(room / 2)).isEmpty();

    for (int bytes = 0; bytes < room / 2; bytes += 1000) {
      var copied = batch(1, 1000, NOW_MILLIS);
      copied.stamp(log.end(), new LeaderEpoch(1));
      log.appendAsFollower(copied, new LeaderEpoch(1));
    }

    assertThat(log.whyNoRoom(room / 2)).isPresent();
  }

  @Test
  void aFollowerCopiesOnWhenNoRecordsAreTakenAndStopsBeforeAWriteFails() {
    var store = onceStarted();
    var log = store.create(partition(0), ONE_SEGMENT);
    Optional<Refused> why = Optional.empty();

    for (int bytes = 0; why.isEmpty() && bytes < DISK_BYTES; bytes += 1000) {
      var copied = batch(1, 1000, NOW_MILLIS);
      copied.stamp(log.end(), new LeaderEpoch(1));
      if (log.appendAsFollower(copied, new LeaderEpoch(1)) instanceof NotAppended(var refused)) {
        why = Optional.of(refused);
      }
    }
    force(store, log);

    assertThat(why.get().code()).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(directory(store).whyFull()).isPresent();
    assertThat(directory(store).failure()).isEmpty();
    assertThat(disk.space().usableBytes()).isBetween(1L, RESERVE_BYTES);
  }

  @Test
  void aFullDiskTakesOverWhatALeaderKnowsOfItsProducersAndWritesItLater() {
    var store = onceStarted();
    var log = store.create(partition(0), ONE_SEGMENT);
    force(store, log);
    fillUp();
    directory(store).lookAtSpace(RULE);

    var run = new Run(0, 2, 0, OptionalInt.empty());
    log.adopt(List.of(new ProducerState(7, (short) 0, 0, List.of(run))));
    store.sweep();

    assertThat(directory(store).failure()).isEmpty();
    assertThat(log.producers().state(7)).isPresent();
    platter.lose("movie");
    directory(store).lookAtSpace(RULE);
    store.sweep();
    assertThat(platter.files("")).anyMatch(name -> name.endsWith("00000.producers"));
  }

  @Test
  void aStartOnAFullDiskGivesTheBallastUpAndMakesItAgainOnceThereIsRoom() {
    onceStarted().close();
    assertThat(platter.bytes(Ballast.NAME)).hasSize((int) BALLAST_BYTES);
    fillUp();

    var store = LogFixture.open(disk);
    directory(store).noteNodeEpoch(new NodeEpoch(7));
    directory(store).lookAtSpace(RULE);

    assertThat(platter.exists(Ballast.NAME)).isFalse();
    assertThat(directory(store).failure()).isEmpty();
    assertThat(directory(store).whyFull().orElseThrow().reason()).contains("to keep 131072 bytes");
    platter.lose("movie");
    directory(store).lookAtSpace(RULE);
    assertThat(directory(store).whyFull()).isEmpty();
    assertThat(platter.bytes(Ballast.NAME)).hasSize((int) BALLAST_BYTES);
    assertThat(store.closeCleanly(new NodeEpoch(7))).isTrue();
  }

  @Test
  void withoutABallastAFullDiskTakesNotEvenANodeEpoch() {
    var directory = LogFixture.directory(disk);
    fillUp();

    assertThatThrownBy(() -> directory.noteNodeEpoch(new NodeEpoch(7)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("No space left on device");
  }

  @Test
  void aBallastIsNotForeignAndAHalfOneIsFinished() {
    platter.replace(Ballast.NAME, new byte[100]);

    var store = onceStarted();

    assertThat(store.reports().getFirst().warnings()).isEmpty();
    assertThat(platter.bytes(Ballast.NAME)).hasSize((int) BALLAST_BYTES);
  }

  @Test
  void aBallastIsNeverWhyRecordsAreRefused() {
    long room = disk.space().usableBytes();
    disk.create("movie").write(ByteBuffer.allocate((int) (room - RESERVE_BYTES - 1000)), 0);

    var store = LogFixture.open(disk);
    directory(store).lookAtSpace(RULE);

    assertThat(platter.exists(Ballast.NAME)).isFalse();
  }

  @Test
  void aBallastIsNothingThatFormatWouldDestroy() {
    var empty = CrashableDisk.empty();
    empty.create(Ballast.NAME).close();

    var meta = new DirectoryMeta(CLUSTER, NODE, new UUID(1, 2));

    assertThat(DataDirectory.format(empty, meta)).isEmpty();
  }

  @Test
  void aNewLogIsMadeWhereThereIsRoom() {
    var roomy = LogFixture.formatted();
    var both = List.of(LogFixture.directory(disk), LogFixture.directory(roomy));
    var store = LogStore.open(both, ONE_SEGMENT, Runnable::run, RecoveryListener.NONE);
    store.create(partition(0), ONE_SEGMENT);
    store.create(partition(1), ONE_SEGMENT);
    store.create(partition(2), ONE_SEGMENT); // in the first again, as it has no more than the other
    fillUp();
    both.forEach(each -> each.lookAtSpace(RULE));

    for (int i = 3; i < 6; i++) {
      store.create(partition(i), ONE_SEGMENT);
    }

    assertThat(store.logs().keySet().stream().filter(id -> store.directoryOf(id) == both.getLast()))
        .containsExactly(partition(1), partition(3), partition(4), partition(5));
  }
}
