package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.log.store.Scrubber;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that cannot give back one file's bytes has damaged what is in that file, and no more; the
 * directory and its other logs go on.
 */
class UnreadableSectorTest {

  private static final LogConfig TEN_RECORDS_EACH = new LogConfig(1, TimestampType.CREATE_TIME);
  private static final long ACTIVE = 40;

  private final FaultyDisk disk = new FaultyDisk(LogFixture.formatted());
  private final List<StorageException> ended = new ArrayList<>();
  private LogStore store = open();

  @ParameterizedTest
  @ValueSource(longs = {20, ACTIVE})
  void isDamageOfTheSegmentThatAReaderMeets(long base) {
    var log = fiveSegments(0);
    var other = fiveSegments(1);
    breakReadsOf(log(0, base));

    var damage = damageMetBy(() -> readAll(log));

    assertThat(damage.segmentBase()).isEqualTo(base);
    assertThat(damage.reason()).contains("Input/output error");
    assertGoesOn(other);
  }

  @Test
  void isDamageToALookupByTime() {
    var log = fiveSegments(0);
    breakReadsOf(log(0, 20));

    var damage = damageMetBy(() -> log.view().firstAtOrAfter(NOW_MILLIS + 2_000, Long.MAX_VALUE));

    assertThat(damage.segmentBase()).isEqualTo(20);
    assertThat(ended).isEmpty();
  }

  @Test
  void isDamageToTheScrubber() {
    fiveSegments(0);
    var other = fiveSegments(1);
    breakReadsOf(log(0, 20));
    var found = new ArrayList<Damage>();

    scrub(found);

    assertThat(found).extracting(Damage::segmentBase).containsExactly(20L);
    assertThat(found.getFirst().reason()).contains("Input/output error");
    assertGoesOn(other);
  }

  @Test
  void isDamageToACutThatHasToCopyWhatItCuts() {
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    append(log, 10, 1);
    force(store, log);
    breakReadsOf(log(0, 0));

    assertThat(damageMetBy(() -> log.truncateTo(10, "for the test")).segmentBase()).isZero();
    assertThat(ended).isEmpty();
  }

  /** Where it stays, a later append or leader would go on behind bytes that nobody can tell. */
  @Test
  void isDamageToACutWhereTheSegmentBelowBegins() {
    var log = fiveSegments(0);
    breakReadsOf(log(0, 30));

    assertThat(damageMetBy(() -> log.truncateTo(ACTIVE, "for the test")).segmentBase())
        .isEqualTo(30);
    assertThat(log.end()).isEqualTo(50);
    assertThat(ended).isEmpty();
  }

  /** A log that cannot tell its last batch passes for one without epochs, which fits anywhere. */
  @Test
  void isDamageToAStartThatDoesNotLearnHowTheLogEnds() {
    var log = fiveSegments(0);
    assertThat(log.roll(ACTIVE)).isTrue();
    force(store, log);
    store.close();
    breakReadsOf(log(0, ACTIVE));

    store = open();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
    assertThat(store.damaged().values()).extracting(Damage::segmentBase).containsExactly(ACTIVE);
    assertThat(ended).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {20, ACTIVE})
  void isRepairedLikeOtherDamage(long base) {
    var log = fiveSegments(0);
    breakReadsOf(log(0, base));

    var quarantine = store.giveUp(damageMetBy(() -> readAll(log))).orElseThrow();
    var repaired = store.repair(partition(0), TEN_RECORDS_EACH);

    assertThat(disk.exists(quarantine + log(0, base).substring(log(0, base).lastIndexOf('/'))))
        .isTrue();
    assertThat(repaired.end()).isEqualTo(base);
    disk.failWhen((operation, name) -> Optional.empty()); // a new file lies somewhere else
    append(repaired, 10, 3);
    assertGoesOn(repaired);
  }

  /** Nobody may take it for the torn tail of a crash, and cut off what had been acknowledged. */
  @Test
  void isDamageToAStartAlsoAboveTheDurablePoint() {
    var log = fiveSegments(0);
    var other = fiveSegments(1);
    append(log, 10, 2);
    store.close();
    breakReadsOf(log(0, 50));

    store = open();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
    var told = store.reports().getFirst().damaged().getFirst();
    assertThat(told.damage().reason()).contains("Input/output error");
    assertThat(told.quarantine()).isPresent();
    assertThat(store.log(partition(1)).orElseThrow().end()).isEqualTo(other.end());
    assertThat(ended).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".index",
        ".timeindex",
        ".seal",
        "leader-epochs",
        "high-watermarks",
        "durable-points",
        "node-epoch"
      })
  void ofAFileThatCanBeMadeAnewHarmsNobody(String nameEnd) {
    var log = largeBatches(0);
    store.checkpointHighWatermarks();
    breakReadsOf(nameEnd);
    assertReads(log);
    store.close();

    store = open();

    assertThat(store.damaged()).isEmpty();
    assertReads(store.log(partition(0)).orElseThrow());
    var found = new ArrayList<Damage>();
    scrub(found);
    assertThat(found).isEmpty();
    assertThat(ended).isEmpty();
  }

  /** Whose the directory is is known to nobody then. */
  @Test
  void ofTheDirectorysNameTagEndsIt() {
    store.close();
    breakReadsOf("naru.meta");

    assertThatThrownBy(this::open).isInstanceOf(StorageException.class);
  }

  // ---- the logs

  /** [0, 10), [10, 20) and so on, the last one active; all durable. */
  private PartitionLog fiveSegments(int number) {
    var log = store.create(partition(number), TEN_RECORDS_EACH);
    for (int i = 0; i < 5; i++) {
      var batch = LogFixture.batch(10, 10, NOW_MILLIS + 1_000L * i);
      log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS);
    }
    force(store, log);
    return log;
  }

  /** With entries in both indexes of the closed segment. */
  private PartitionLog largeBatches(int number) {
    var log = store.create(partition(number), new LogConfig(20_000, TimestampType.CREATE_TIME));
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(1, 3_000, NOW_MILLIS + i);
      log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS);
    }
    force(store, log);
    return log;
  }

  private static String log(int number, long base) {
    return partition(number) + "/%020d.log".formatted(base);
  }

  private void breakReadsOf(String nameEnd) {
    disk.fail(Operation.READ, nameEnd);
  }

  private static Damage damageMetBy(Runnable reader) {
    var met = catchThrowableOfType(LogDamagedException.class, reader::run);
    assertThat(met).isNotNull();
    return met.damage();
  }

  private static void readAll(PartitionLog log) {
    long offset = log.start();
    while (offset < log.end()) {
      offset = log.view().read(offset, 1, log.end()).nextOffset();
    }
  }

  private static void assertReads(PartitionLog log) {
    for (int i = 0; i < 12; i++) {
      assertThat(log.view().read(i, 1, log.end()).batches().batches())
          .extracting(batch -> batch.header().baseOffset())
          .containsExactly((long) i);
      assertThat(
              log.view().firstAtOrAfter(NOW_MILLIS + i, log.end()).record().orElseThrow().offset())
          .isEqualTo(i);
    }
  }

  private void assertGoesOn(PartitionLog log) {
    assertThat(ended).isEmpty();
    append(log, 1, 3);
    force(store, log);
    assertThat(log.durableEnd()).isEqualTo(log.end());
    readAll(log);
  }

  private void scrub(List<Damage> found) {
    var scrubber =
        store.scrubber(
            store.directories().getFirst(),
            new Scrubber.Findings() {
              @Override
              public void damaged(Damage damage) {
                found.add(damage);
              }

              @Override
              public void unsealed(PartitionId partition, long segmentBase) {}

              @Override
              public void mended(String what) {}
            });
    while (scrubber.step(1 << 20) > 0) {}
  }

  private LogStore open() {
    disk.close();
    var opening =
        DataDirectory.open(disk, LogFixture.CLUSTER, LogFixture.NODE, () -> NOW_MILLIS, ended::add);
    return switch (opening) {
      case Opening.Opened(var directory) ->
          LogStore.open(List.of(directory), TEN_RECORDS_EACH, Runnable::run, RecoveryListener.NONE);
      case Opening.NotOpened(var why) -> throw new AssertionError(why.toString());
    };
  }
}
