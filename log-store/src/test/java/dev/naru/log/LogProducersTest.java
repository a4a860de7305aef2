package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.numbered;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.disk.TracedDisk;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log knows of its producers, through all that becomes of it. */
class LogProducersTest {

  private static final long ID = 7L << 24;
  private static final LogConfig LARGE = new LogConfig(1 << 20, TimestampType.CREATE_TIME);

  /** Two batches of two numbered records each. */
  private static final LogConfig TWO_BATCHES = new LogConfig(220, TimestampType.CREATE_TIME);

  private final CrashableDisk disk = LogFixture.formatted();
  private LogStore store = LogFixture.open(disk);
  private PartitionLog log = store.create(partition(0), LARGE);

  @Test
  void knowsABatchAgainThatItHolds() {
    append(2, 0);
    append(3, 2);

    assertThat(judge(3, 2)).isEqualTo(new Duplicate(2, 5));
    assertThat(judge(1, 5)).isEqualTo(new Fresh());
    assertThat(judge(1, 6)).isInstanceOf(Refusal.class);
  }

  @Test
  void knowsWhatItsLeaderAppended() {
    var sent = numbered(2, ID, 0);
    sent.stamp(0, new LeaderEpoch(1));
    log.appendAsFollower(sent, new LeaderEpoch(1));

    assertThat(judge(2, 0)).isEqualTo(new Duplicate(0, 2));
  }

  @Test
  void knowsItAfterAStopAndReadsNoHeaders() {
    append(2, 0);
    append(2, 2);
    var before = log.producers().states();

    stopCleanly();

    assertThat(snapshots()).containsExactly("00000000000000000004.producers");
    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(store.reports().getFirst().warnings()).isEmpty();
  }

  @Test
  void writesNothingAtASecondStopThatChangedNothing() {
    append(2, 0);
    stopCleanly();
    byte[] before = disk.bytes(partition(0) + "/" + snapshots().getFirst());

    stopCleanly();

    assertThat(snapshots()).hasSize(1);
    assertThat(disk.bytes(partition(0) + "/" + snapshots().getFirst())).isEqualTo(before);
  }

  @Test
  void knowsItAfterTheProcessWasKilled() {
    append(2, 0);
    force(store, log);
    append(2, 2);
    var before = log.producers().states();

    kill();

    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(judge(2, 2)).isEqualTo(new Duplicate(2, 4));
  }

  @Test
  void aLogThatNoProducerHasWrittenWritesNothingAndReadsNothing() {
    for (int i = 0; i < 20; i++) {
      LogFixture.append(log, 2, 1);
    }
    force(store, log);
    store.sweep();
    stopCleanly();
    assertThat(snapshots()).isEmpty();
    var traced = new TracedDisk(disk);
    disk.close();

    store = LogFixture.open(traced);

    assertThat(traced.text()).doesNotContain("producers");
    assertThat(store.log(partition(0)).orElseThrow().producers().size()).isZero();
  }

  @Test
  void takesASnapshotWhenASegmentHasBeenWrittenAndForced() {
    log.configure(TWO_BATCHES);
    append(2, 0);
    append(2, 2);
    append(2, 4);
    store.sweep();
    assertThat(snapshots()).as("nothing is durable yet").isEmpty();

    force(store, log);
    store.sweep();

    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void keepsTheNewestTwo() {
    log.configure(TWO_BATCHES);
    for (int i = 0; i < 20; i++) {
      append(2, 2 * i);
      force(store, log);
      store.sweep();
    }

    assertThat(snapshots()).hasSize(2);
    assertThat(snapshots().getLast()).isEqualTo("00000000000000000036.producers");
  }

  @Test
  void goesOnFromTheOlderSnapshotWhenTheNewerIsDamaged() {
    log.configure(TWO_BATCHES);
    for (int i = 0; i < 20; i++) {
      append(2, 2 * i);
      force(store, log);
      store.sweep();
    }
    var before = log.producers().states();
    disk.replace(partition(0) + "/" + snapshots().getLast(), new byte[9]);

    kill();

    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(store.reports().getFirst().warnings())
        .anyMatch(warning -> warning.contains("snapshot of producers at offset 36"));
  }

  @Test
  void readsAllHeadersWhenNoSnapshotIsLeft() {
    append(2, 0);
    append(2, 2);
    stopCleanly();
    var before = log.producers().states();
    store.close();
    disk.lose(partition(0) + "/" + snapshots().getFirst());

    reopen();

    assertThat(log.producers().states()).isEqualTo(before);
  }

  @Test
  void forgetsWhatIsCut() {
    append(2, 0);
    append(2, 2);

    log.truncateTo(2, "test");

    assertThat(judge(2, 2)).isEqualTo(new Fresh());
    assertThat(judge(2, 0)).isEqualTo(new Duplicate(0, 2));
  }

  @Test
  void forgetsWhatIsCutBelowTheHighWatermark() {
    for (int i = 0; i < 4; i++) {
      append(2, 2 * i);
    }
    log.noteHighWatermark(8);

    log.truncateTo(4, "a loss that was declared");

    assertThat(judge(2, 4)).isEqualTo(new Fresh());
    assertThat(judge(2, 2)).isEqualTo(new Duplicate(2, 4));
  }

  @Test
  void noSnapshotOutlivesACutBelowIt() {
    append(2, 0);
    append(2, 2);
    stopCleanly();

    log.truncateTo(2, "test");

    assertThat(snapshots()).isEmpty();
    kill();
    assertThat(judge(2, 2)).isEqualTo(new Fresh());
  }

  /** A batch of the same size and numbers lies there now; it is another one. */
  @Test
  void aSnapshotOfOtherBatchesIsNotBelieved() {
    append(2, 0);
    append(2, 2);
    stopCleanly();
    var old = disk.bytes(partition(0) + "/" + snapshots().getFirst());
    log.truncateTo(2, "test");
    log.appendAsLeader(numbered(2, ID + 1, 0), new LeaderEpoch(1), NOW_MILLIS);
    force(store, log);
    store.close();
    disk.replace(partition(0) + "/00000000000000000004.producers", old);

    reopen();

    assertThat(judge(2, 2)).isEqualTo(new Fresh());
    assertThat(log.producers().state(ID + 1)).isPresent();
  }

  @Test
  void theSnapshotOfAnotherLogIsNotBelieved() {
    append(2, 0);
    var other = store.create(partition(1), LARGE);
    other.appendAsLeader(numbered(2, ID + 1, 0), new LeaderEpoch(1), NOW_MILLIS);
    stopCleanly();
    store.close();
    String name = "/00000000000000000002.producers";
    disk.replace(partition(0) + name, disk.bytes(partition(1) + name));

    reopen();

    assertThat(log.producers().state(ID)).isPresent();
    assertThat(log.producers().state(ID + 1)).isEmpty();
  }

  @Test
  void aCaptureFromBeforeACutIsNeverWritten() {
    log.configure(TWO_BATCHES);
    append(2, 0);
    append(2, 2);
    append(2, 4);
    force(store, log);

    log.truncateTo(2, "test");
    store.sweep();

    assertThat(snapshots()).isEmpty();
  }

  @Test
  void knowsNobodyWhenItStartsOver() {
    append(2, 0);
    stopCleanly();

    log.startOver(50, "test");

    assertThat(log.producers().size()).isZero();
    assertThat(snapshots()).isEmpty();
    kill();
    assertThat(log.producers().size()).isZero();
  }

  @Test
  void knowsProducersWhoseBatchesHaveGone() {
    log.configure(TWO_BATCHES);
    append(2, 0);
    for (int i = 0; i < 6; i++) {
      LogFixture.append(log, 2, 1);
    }
    log.raiseStart(log.end(), DropReason.AGE);
    force(store, log);
    store.sweep();

    assertThat(judge(1, 2)).isEqualTo(new Fresh());
    kill();
    assertThat(log.start()).isEqualTo(14);
    assertThat(judge(1, 2)).isEqualTo(new Fresh());
    stopCleanly();
    assertThat(judge(2, 0)).isEqualTo(new Duplicate(0, 2));
  }

  /** The last snapshot is from before; what came since it would be unknown when it has gone. */
  @Test
  void takesASnapshotBeforeBatchesGoThatNoneTellsOf() {
    append(2, 0);
    LogFixture.append(log, 2, 1);
    log.raiseStart(log.end(), DropReason.AGE);
    force(store, log);
    store.sweep();
    assertThat(disk.files(partition(0).toString())).noneMatch(name -> name.endsWith("0000.log"));

    kill();

    assertThat(judge(1, 2)).isEqualTo(new Fresh());
  }

  @Test
  void adoptsWhatAnotherLogKnewBelow() {
    log.startOver(50, "test");
    log.adopt(List.of(state(ID, 40)));

    assertThat(judge(2, 0)).isEqualTo(new Duplicate(40, 42));
    append(1, 2);

    assertThatThrownBy(() -> log.adopt(List.of(state(ID, 40))))
        .hasMessageContaining("Expected an empty log");
  }

  @Test
  void adoptsNothingWithoutATrace() {
    log.adopt(List.of());
    stopCleanly();

    assertThat(snapshots()).isEmpty();
  }

  /** Its leader would not send it again once there are records. */
  @Test
  void whatItAdoptedIsThereWheneverWhatCameAfterIs() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var platter = LogFixture.formatted();
          var first = LogFixture.open(platter);
          var copy = first.create(partition(0), LARGE);
          copy.appendAsLeader(numbered(3, ID + 9, 0), new LeaderEpoch(1), NOW_MILLIS);
          force(first, copy);

          platter.beforeEachChange(() -> {
            for (PowerLoss loss : PowerLoss.values()) {
              var image = platter.afterPowerLoss(loss, random);
              var found = LogFixture.open(image).log(partition(0)).orElseThrow();
              if (found.start() == 50 && found.end() > 50) {
                assertThat(found.producers().state(ID)).isPresent();
              }
              if (found.start() == 50) {
                assertThat(found.producers().state(ID + 9)).isEmpty();
              }
            }
          });
          copy.startOver(50, "test");
          copy.adopt(List.of(state(ID, 40)));
          copy.appendAsLeader(numbered(2, ID + 1, 0), new LeaderEpoch(1), NOW_MILLIS);
          force(first, copy);
          copy.appendAsLeader(numbered(2, ID + 1, 2), new LeaderEpoch(1), NOW_MILLIS);
        });
  }

  @Test
  void aCaptureOfALogThatWasSetAsideIsNotWritten() {
    log.configure(TWO_BATCHES);
    append(2, 0);
    append(2, 2);
    append(2, 4);
    force(store, log);

    store.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
    store.sweep();

    assertThat(store.directories().getFirst().failure()).isEmpty();
    assertThat(disk.files(partition(0).toString())).isEmpty();
  }

  private static ProducerState state(long id, long firstOffset) {
    var donor = ProducerLedger.emptyAt(0);
    var batch = numbered(2, id, 0);
    batch.stamp(firstOffset, new LeaderEpoch(1));
    donor.note(batch.header());
    return donor.state(id).orElseThrow();
  }

  private void append(int records, int sequence) {
    log.appendAsLeader(numbered(records, ID, sequence), new LeaderEpoch(1), NOW_MILLIS);
  }

  private Verdict judge(int records, int sequence) {
    return log.producers().judge(numbered(records, ID, sequence).header());
  }

  private List<String> snapshots() {
    return disk.files(partition(0).toString()).stream()
        .filter(name -> name.endsWith(".producers"))
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .toList();
  }

  private void stopCleanly() {
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    reopen();
  }

  private void kill() {
    store.close();
    reopen();
  }

  private void reopen() {
    store = LogFixture.open(disk);
    assertThat(store.damaged()).isEmpty();
    log = store.log(partition(0)).orElseThrow();
    log.configure(LARGE);
  }
}
