package dev.naru.log;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.retention.Retention.NewStart;
import dev.naru.log.retention.RetentionLimits;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.Segment;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the decision that a log starts later to the deletion of the files below. */
class DroppedSegmentsTest {

  /** Three batches of two records each. */
  private static final LogConfig THREE_BATCHES = new LogConfig(400, TimestampType.CREATE_TIME);

  private final CrashableDisk disk = LogFixture.formatted();
  private LogStore store = LogFixture.open(disk);
  private PartitionLog log = store.create(partition(0), THREE_BATCHES);

  @BeforeEach
  void writeSegments() {
    for (int i = 0; i < 12; i++) {
      LogFixture.append(log, 2, 1);
    }
    LogFixture.force(store, log);
    assertThat(bases()).containsExactly(0L, 6L, 12L, 18L);
  }

  @Test
  @Tag("S39")
  void deletesWholeSegmentsBelowTheStartOnceTheStartIsOnRecord() {
    log.raiseStart(13, DropReason.SIZE);
    assertThat(store.sweep()).isEmpty();

    LogFixture.force(store, log);

    assertThat(log.view().closed()).extracting(Segment::base).containsExactly(12L);
    assertThat(bases()).containsExactly(0L, 6L, 12L, 18L);
    assertThat(store.sweep()).containsExactly(entry(DropReason.SIZE, 2));
    assertThat(disk.files(partition(0).toString()))
        .noneMatch(name -> name.contains("0000000000.") || name.contains("0000000006."));
    assertThat(bases()).containsExactly(12L, 18L);
    assertThat(store.sweep()).isEmpty();
  }

  @Test
  void givesNothingToAReaderWhoseSegmentIsGone() {
    var old = log.view();
    drop(12);

    assertThat(old.read(0, 1_000, 24).isEmpty()).isTrue();
    assertThat(old.read(12, 1, 24).batches().header().baseOffset()).isEqualTo(12);
  }

  /** What is left is later than what is asked for, and not the first of it that there was. */
  @Test
  void tellsWhoLooksForATimeInAnOldViewToLookAgain() {
    var old = log.view();
    drop(12);

    assertThat(old.firstAtOrAfter(0, 24)).isEqualTo(new TimeAnswer.LookAgain());
    assertThat(log.view().firstAtOrAfter(0, 24).record().orElseThrow().offset()).isEqualTo(12);
  }

  /** Some segment of a busy log goes or is replaced all the time. */
  @Test
  void findsATimeInAnOldViewWhoseSegmentOfThatTimeIsStillThere() {
    var timed = store.create(partition(1), THREE_BATCHES);
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(2, 10, LogFixture.NOW_MILLIS + 1_000L * i);
      timed.appendAsLeader(batch, new LeaderEpoch(1), LogFixture.NOW_MILLIS);
    }
    LogFixture.force(store, timed);
    var old = timed.view();
    timed.raiseStart(12, DropReason.AGE);
    LogFixture.force(store, timed);
    store.sweep();

    assertThat(old.isOld()).isTrue();
    var found = old.firstAtOrAfter(LogFixture.NOW_MILLIS + 7_000, 24);
    assertThat(found.record().orElseThrow().offset()).isEqualTo(14);
    assertThat(old.firstAtOrAfter(LogFixture.NOW_MILLIS + 60_000, 24))
        .isEqualTo(new TimeAnswer.AllEarlier());
  }

  @Test
  void goesOnAfterARestart() {
    drop(13);
    LogFixture.append(log, 2, 1);
    LogFixture.force(store, log);
    store.close();

    reopen();

    assertThat(store.damaged()).isEmpty();
    assertThat(log.start()).isEqualTo(13);
    assertThat(log.end()).isEqualTo(26);
    assertThat(log.view().read(13, 1, 26).batches().header().baseOffset()).isEqualTo(12);
  }

  @Test
  @Tag("S36")
  void closesTheActiveSegmentBeforeItGoes() {
    drop(24);

    assertThat(bases()).containsExactly(24L);
    assertThat(log.start()).isEqualTo(24);
    LogFixture.append(log, 2, 1);
    LogFixture.force(store, log);
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    reopen();
    assertThat(log.start()).isEqualTo(24);
    assertThat(log.end()).isEqualTo(26);
  }

  @Test
  void deletesAtTheNextStartWhatACrashLeft() {
    log.raiseStart(12, DropReason.AGE);
    LogFixture.force(store, log); // and nobody sweeps
    store.close();

    reopen();

    assertThat(bases()).containsExactly(12L, 18L);
    assertThat(log.start()).isEqualTo(12);
  }

  @Test
  void setsAsideWhatWasNotDeletedYetWhenTheLogStartsOver() {
    log.raiseStart(12, DropReason.AGE);
    LogFixture.force(store, log);

    log.startOver(6, "test"); // a leader that has not heard of the start
    LogFixture.append(log, 2, 2);
    LogFixture.force(store, log);

    assertThat(store.sweep()).isEmpty();
    assertThat(bases()).containsExactly(6L);
    assertThat(disk.files("lost+found")).filteredOn(name -> name.endsWith(".log")).hasSize(4);
  }

  @Test
  void deletesNothingOfALogThatGetsTheNameOfAnother() {
    log.raiseStart(12, DropReason.AGE);
    LogFixture.force(store, log);
    store.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
    log = store.create(partition(0), THREE_BATCHES);

    assertThat(store.sweep()).isEmpty();
    assertThat(bases()).containsExactly(0L);
  }

  @Test
  void keepsItsDurableEndWhileSegmentsGo() {
    LogFixture.append(log, 2, 1);
    var ticket = log.prepareForce(); // under way while older segments are dropped
    drop(12);
    ticket.perform();

    assertThat(log.forced(ticket)).isEqualTo(26);
  }

  @Test
  @Tag("S35")
  void closesTheSegmentThatIsMeantAndNoOther() {
    assertThat(log.roll(6)).isFalse();
    assertThat(log.roll(18)).isTrue();
    assertThat(log.roll(18)).isFalse();
    assertThat(log.roll(24)).isFalse(); // there is nothing in it

    LogFixture.force(store, log);
    assertThat(log.view().closed()).extracting(Segment::base).contains(18L);
    store.close();
    reopen();
    assertThat(log.end()).isEqualTo(24);
    assertThat(bases()).containsExactly(0L, 6L, 12L, 18L, 24L);
  }

  @Test
  void tellsTheTimeOfItsFirstBatchAtOnceFromItsHeader() {
    assertThat(log.view().activeSinceMillis()).hasValue(LogFixture.NOW_MILLIS + 1);
    long before = disk.bytesRead();
    assertThat(log.view().activeSinceMillis()).isPresent();
    assertThat(disk.bytesRead() - before).isEqualTo(BatchHeader.SIZE);
    drop(24);
    assertThat(log.view().activeSinceMillis()).isEmpty();
  }

  @Test
  @Tag("S36")
  void findsItsStartFromItsSettings() {
    log.configure(THREE_BATCHES.withRetention(RetentionLimits.of(1, -1)));

    assertThat(log.view().newStart(24, LogFixture.NOW_MILLIS + 10))
        .contains(new NewStart(24, DropReason.AGE));
    assertThat(log.view().newStart(17, LogFixture.NOW_MILLIS + 10))
        .contains(new NewStart(12, DropReason.AGE));
    assertThat(log.view().newStart(24, LogFixture.NOW_MILLIS)).isEmpty();
    log.configure(THREE_BATCHES);
    assertThat(log.view().newStart(24, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void followersDropWhatTheirLeaderDropped() {
    var other = store.create(partition(1), THREE_BATCHES);
    var all = log.view();
    long next = 0;
    while (next < 24) {
      var slice = all.read(next, 10_000, 24);
      other.appendAsFollower(BatchBytes.of(slice.batches().asByteBuffer()), new LeaderEpoch(1));
      next = slice.nextOffset();
    }

    other.raiseStart(12, DropReason.LEADER);
    LogFixture.force(store, other);

    assertThat(store.sweep()).containsExactly(entry(DropReason.LEADER, 2));
  }

  private void drop(long below) {
    log.raiseStart(below, DropReason.AGE);
    LogFixture.force(store, log);
    store.sweep();
  }

  private void reopen() {
    disk.close();
    store = LogFixture.open(disk);
    log = store.log(partition(0)).orElseThrow();
  }

  private List<Long> bases() {
    return disk.files(partition(0).toString()).stream()
        .filter(name -> name.endsWith(".log"))
        .map(name -> Long.parseLong(name.substring(name.length() - 24, name.length() - 4)))
        .toList();
  }
}
