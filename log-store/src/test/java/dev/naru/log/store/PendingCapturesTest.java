package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.retention.DropReason;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import org.junit.jupiter.api.Test;

/** When it is written down what logs know of their producers. */
class PendingCapturesTest {

  private static final long MIB = 1 << 20;

  /** After each batch a snapshot is due. */
  private static final LogConfig TINY = new LogConfig(1, TimestampType.CREATE_TIME);

  private final CrashableDisk platter = LogFixture.formatted();
  private final FaultyDisk disk = new FaultyDisk(platter);
  private final LogStore store = LogFixture.open(disk);

  @Test
  void aStartReadsTheHeadersOfTwoGigabytesInAllButOfFourMegabytesOfEachLogAnyway() {
    var pending = new PendingCaptures();
    assertThat(pending.distanceBytes()).isEqualTo(64 * MIB);

    pending.logs(0);
    assertThat(pending.distanceBytes()).isEqualTo(64 * MIB);
    pending.logs(64);
    assertThat(pending.distanceBytes()).isEqualTo(32 * MIB);
    pending.logs(3_000);
    assertThat(pending.distanceBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void eightAreForcedAtALook() {
    for (int i = 0; i < 20; i++) {
      append(store.create(partition(i), TINY), 0);
    }

    assertThat(snapshotsAfterALook()).isEqualTo(8);
    assertThat(files(".producers.unforced")).as("the others are not forced").isEqualTo(12);
    assertThat(snapshotsAfterALook()).isEqualTo(16);
    assertThat(snapshotsAfterALook()).isEqualTo(20);
  }

  @Test
  void ofEachLogTheNewestIsWritten() {
    var log = store.create(partition(0), TINY);
    append(log, 0);
    append(log, 2);

    store.sweep();

    assertThat(platter.files(""))
        .filteredOn(name -> name.endsWith(".producers"))
        .containsExactly(partition(0) + "/00000000000000000004.producers");
  }

  @Test
  void oneThatFindsNoRoomIsLeftOut() {
    var log = store.create(partition(0), TINY);
    append(log, 0);
    fill();

    assertThat(snapshotsAfterALook()).isZero();

    assertThat(store.directories().getFirst().failure()).isEmpty();
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    assertThat(platter.files("")).noneMatch(name -> name.endsWith(".producers"));
  }

  @Test
  void oneThatFoundNoRoomIsTriedAgain() {
    append(store.create(partition(0), TINY), 0);
    fill();
    assertThat(snapshotsAfterALook()).isZero();

    platter.lose("movie");
    store.directories().getFirst().lookAtSpace(new SpaceRule(0.95));

    assertThat(snapshotsAfterALook()).isEqualTo(1);
  }

  /** Or a full disk would stay full. */
  @Test
  void segmentsGoWhereThereIsNoRoomToWriteWhoWroteToThem() {
    var log = store.create(partition(0), TINY);
    append(log, 0);
    append(log, 2);
    fill();
    log.raiseStart(2, DropReason.SIZE);
    LogFixture.force(store, log);

    assertThat(store.sweep()).containsEntry(DropReason.SIZE, 1);
  }

  private void fill() {
    disk.limit(8 * MIB);
    platter.replace("movie", new byte[(int) disk.space().usableBytes() - 10_000]);
    store.directories().getFirst().lookAtSpace(new SpaceRule(0.95));
  }

  private void append(PartitionLog log, int sequence) {
    var batch = LogFixture.numbered(2, 7, sequence);
    log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS);
    LogFixture.force(store, log);
    log.noteHighWatermark(log.end());
  }

  private long snapshotsAfterALook() {
    store.sweep();
    return files(".producers");
  }

  private long files(String ending) {
    return platter.files("").stream().filter(name -> name.endsWith(ending)).count();
  }
}
