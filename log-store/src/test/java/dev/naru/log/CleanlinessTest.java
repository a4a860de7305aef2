package dev.naru.log;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log remembers of compaction, its own and that of logs it was copied from. */
class CleanlinessTest {

  private static final LogConfig COMPACTED =
      CompactionFixture.compacted(new LogConfig(1 << 20, TimestampType.CREATE_TIME), 0);

  private final CrashableDisk disk = LogFixture.formatted();
  private LogStore store = LogFixture.open(disk);
  private PartitionLog log = store.create(partition(0), COMPACTED);

  @BeforeEach
  void write() {
    for (int i = 0; i < 5; i++) {
      LogFixture.append(log, 10, 1);
    }
    LogFixture.force(store, log);
  }

  @Test
  void remembersWhatItsLeaderLacksOverARestart() {
    log.cleaning().copying(50, 80, 70);

    reopen();

    assertThat(log.cleaning().purgedBelow()).isEqualTo(80);
    assertThat(log.cleaning().cleanBelow()).isEqualTo(70);
  }

  @Test
  void forgetsWhatALeaderBeforeLackedOfWhatIsStillToCome() {
    log.cleaning().copying(50, 80, 70);

    log.cleaning().copying(60, 0, 0);

    assertThat(log.cleaning().purgedBelow()).isEqualTo(60);
    assertThat(log.cleaning().cleanBelow()).isZero();
    log.cleaning().copying(70, 65, 0);
    assertThat(log.cleaning().purgedBelow()).isEqualTo(60);
  }

  @Test
  void promisesNothingAboveACut() {
    log.cleaning().copying(50, 80, 70);

    log.truncateTo(30, "test");

    assertThat(log.cleaning().purgedBelow()).isEqualTo(30);
    assertThat(log.cleaning().cleanBelow()).isEqualTo(30);
  }

  @Test
  void promisesNothingOnceItStartsOver() {
    log.cleaning().copying(50, 80, 70);

    log.startOver(20, "test");

    assertThat(log.cleaning().purgedBelow()).isEqualTo(20);
    assertThat(log.cleaning().cleanBelow()).isZero();
  }

  /** A log that was copied may lack deletions also in the segment that was never closed. */
  @Test
  void takesAllOfItForPurgedWhenItDoesNotKnow() {
    log.cleaning().copying(50, 50, 0);
    LogFixture.force(store, log);
    disk.lose(partition(0) + "/compaction");

    reopen();

    assertThat(log.cleaning().purgedBelow()).isEqualTo(50);
    log.truncateTo(30, "test");
    assertThat(log.cleaning().purgedBelow()).isEqualTo(30);
  }

  /** Else the next start would take what is on disk for all there is to know. */
  @Test
  void writesDownWhatItDoesNotKnowWithWhatItLearns() {
    log.cleaning().copying(50, 80, 0);
    disk.lose(partition(0) + "/compaction");
    reopen();

    log.cleaning().copying(50, 0, 90);
    reopen();

    assertThat(log.cleaning().purgedBelow()).isEqualTo(50);
    assertThat(log.cleaning().cleanBelow()).isEqualTo(90);
  }

  /** What its own passes have made clean, it need not have copied from a clean log. */
  @Test
  void writesNothingWhenItGoesOnWithWhatItHasMadeCleanItself() {
    log.roll(0);
    LogFixture.force(store, log);
    log.noteHighWatermark(50);
    assertThat(CompactionFixture.compact(log, 0, CompactionFixture.ROOMY)).isTrue();
    assertThat(log.cleaning().cleanBelow()).isEqualTo(50);
    disk.lose(partition(0) + "/compaction");

    log.cleaning().copying(50, 0, 50);

    assertThat(disk.exists(partition(0) + "/compaction")).isFalse();
    assertThat(log.cleaning().cleanBelow()).isEqualTo(50);
  }

  @Test
  void aLogThatNobodyHasLookedAtYetIsKnownAfterARestart() {
    reopen();

    assertThat(log.cleaning().purgedBelow()).isZero();
    assertThat(log.cleaning().isRollDue()).isFalse();
  }

  /** Else whoever copies from it and is interrupted would begin anew until it rolls by itself. */
  @Test
  void whatIsOpenIsClosedWhereItDoesNotKnowSoThatAPassReachesTheEnd() {
    disk.lose(partition(0) + "/compaction");
    reopen();
    log.noteHighWatermark(log.end());

    assertThat(log.cleaning().isRollDue()).isTrue();
    assertThat(log.roll(0)).isTrue();
    LogFixture.force(store, log);
    assertThat(CompactionFixture.compact(log, LogFixture.NOW_MILLIS, CompactionFixture.ROOMY))
        .isTrue();

    assertThat(log.cleaning().isRollDue()).isFalse();
    assertThat(log.cleaning().purgedBelow()).isEqualTo(50);
    assertThat(log.cleaning().cleanBelow()).isEqualTo(50);
  }

  @Test
  void whatIsOpenStaysOpenWhileTheCopyIsOnItsWayToWhatItsLeaderLacks() {
    log.cleaning().copying(50, 80, 70);

    assertThat(log.cleaning().isRollDue()).isFalse();
  }

  private void reopen() {
    disk.close();
    store = LogFixture.open(disk);
    log = store.log(partition(0)).orElseThrow();
    log.configure(COMPACTED);
  }
}
