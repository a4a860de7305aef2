package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.numbered;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log knows of its producers, through all that becomes of it. */
class LogProducersTest extends NumberedLogFixture {

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
    assertThat(snapshots()).as("nothing is committed yet").isEmpty();

    commit();
    store.sweep();

    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void keepsTheNewestTwo() {
    log.configure(TWO_BATCHES);
    for (int i = 0; i < 20; i++) {
      append(2, 2 * i);
      settle();
    }

    assertThat(snapshots()).hasSize(2);
    assertThat(snapshots().getLast()).isEqualTo("00000000000000000036.producers");
  }

  @Test
  void goesOnFromTheOlderSnapshotWhenTheNewerIsDamaged() {
    log.configure(TWO_BATCHES);
    for (int i = 0; i < 20; i++) {
      append(2, 2 * i);
      settle();
    }
    var before = log.producers().states();
    disk.replace(partition(0) + "/" + snapshots().getLast(), new byte[9]);

    kill();

    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(store.reports().getFirst().warnings())
        .anyMatch(warning -> warning.contains("snapshot of producers at offset 36"));
    assertThat(snapshots())
        .as("it will never fit")
        .doesNotContain("00000000000000000036.producers");
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
    assertThat(snapshots()).as("it is not ours").hasSize(1);
  }

  @Test
  void aCaptureFromBeforeACutIsNeverWritten() {
    log.configure(TWO_BATCHES);
    append(2, 0);
    append(2, 2);
    append(2, 4);
    force(store, log);
    commit();

    log.truncateTo(2, "a loss that was declared");
    store.sweep();

    assertThat(snapshots()).isEmpty();
  }

  /** Of what is not committed it may write as much as it likes: it is what a cut takes away. */
  @Test
  void aTailThatIsCutTakesNoSnapshotAlongThatWasCommitted() {
    log.configure(TWENTY_BATCHES);
    log.appendAsLeader(numbered(2, ID + 1, 0), new LeaderEpoch(1), NOW_MILLIS);
    grow(400);
    settle();
    log.raiseStart(100, DropReason.AGE);
    settle();
    long committed = log.end();
    for (int i = 0; i < 60; i++) {
      grow(20);
      force(store, log);
      store.sweep();
    }
    long before = disk.bytesRead();

    log.truncateTo(committed, "its leader said so");

    assertThat(disk.bytesRead() - before).as("of 80 kB").isLessThan(12_000);
    assertThat(snapshots()).isNotEmpty();
    assertThat(log.producers().state(ID + 1)).as("its batches have gone").isPresent();
    kill();
    assertThat(log.producers().state(ID + 1)).isPresent();
  }

  /** Nothing is committed between two stops: the last two are not what is to be gone back to. */
  @Test
  void stopsWithATailLeaveTheSnapshotOfWhatWasCommitted() {
    append(2, 0);
    commit();
    stopCleanly();
    append(2, 2);
    stopCleanly();
    append(2, 4);
    stopCleanly();

    assertThat(snapshots())
        .containsExactly("00000000000000000002.producers", "00000000000000000006.producers");
  }

  @Test
  void aLogThatProducersBeginToWriteLateReadsOnlyWhatCameSince() {
    for (int i = 0; i < 800; i++) {
      LogFixture.append(log, 2, 1);
    }
    force(store, log);
    append(2, 0);
    settle();
    long before = disk.bytesRead();

    kill();

    assertThat(disk.bytesRead() - before).as("of 80 kB").isLessThan(20_000);
    assertThat(judge(2, 0)).isEqualTo(new Duplicate(1_600, 1_602));
    assertThat(snapshots()).containsExactly("00000000000000001600.producers");
  }

  /** Else it would read it all at each start until somebody writes to it again. */
  @Test
  void aStartThatReadMuchLeavesASnapshot() {
    grow(40);
    force(store, log);
    kill();
    assertThat(snapshots()).isEmpty();

    commit();
    store.sweep();

    assertThat(snapshots()).containsExactly("00000000000000000080.producers");
  }

  @Test
  void goesOnCountingWhileACaptureWaitsToBeCommitted() {
    log.configure(TWENTY_BATCHES);
    grow(20);
    force(store, log);
    grow(60);
    force(store, log);

    commit();
    store.sweep();

    assertThat(snapshots()).as("not what waited").containsExactly("00000000000000000160.producers");
  }

  @Test
  void knowsTheLastFiveThoughOneOfThemWasMergedAcrossASnapshot() {
    grow(4);
    settle();
    stopCleanly();
    log.configure(CompactionFixture.compacted(LARGE, 0));
    log.roll(0);
    grow(2);
    LogFixture.append(log, 2, 1); // with the same keys
    log.roll(8);
    force(store, log);
    commit();
    var before = log.producers().states();
    CompactionFixture.compact(log, NOW_MILLIS, CompactionFixture.ROOMY);
    assertThat(log.view().read(0, 1_000, log.end()).batches().header().nextOffset())
        .as("one batch across the snapshot at 8")
        .isGreaterThan(8);

    kill();

    assertThat(log.producers().states()).hasSize(1);
    assertThat(before.getFirst().runs()).hasSize(5);
    for (var run : before.getFirst().runs()) {
      assertThat(judge(2, run.firstSequence()))
          .isEqualTo(new Duplicate(run.firstOffset(), run.endOffset()));
    }
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
    commit();
    log.raiseStart(log.end(), DropReason.AGE);
    settle();

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
    commit();
    log.raiseStart(log.end(), DropReason.AGE);
    settle();
    assertThat(disk.files(partition(0).toString())).noneMatch(name -> name.endsWith("0000.log"));

    kill();

    assertThat(judge(1, 2)).isEqualTo(new Fresh());
  }

  /** A look writes eight, and there are nine: the ninth keeps its segments for now. */
  @Test
  void segmentsStayUntilItIsWrittenWhoWroteToThem() {
    var logs = new ArrayList<PartitionLog>();
    for (int i = 1; i <= 9; i++) {
      var each = store.create(partition(i), LARGE);
      each.appendAsLeader(numbered(2, ID, 0), new LeaderEpoch(1), NOW_MILLIS);
      LogFixture.append(each, 2, 1);
      each.noteHighWatermark(4);
      each.raiseStart(4, DropReason.AGE);
      logs.add(each);
    }
    logs.forEach(each -> force(store, each));

    store.sweep();

    assertThat(logs.stream().filter(each -> hasFirstSegment(each.id()))).hasSize(1);
    kill();
    kill(); // the first start had deleted nothing that is not written down
    for (PartitionLog each : logs) {
      assertThat(store.log(each.id()).orElseThrow().producers().state(ID)).isPresent();
    }
    store.sweep();
    assertThat(logs).noneMatch(each -> hasFirstSegment(each.id()));
  }

  @Test
  void segmentsStayWhileWhatTellsOfThemMayBeCut() {
    append(2, 0);
    log.roll(0);
    append(2, 2);
    log.noteHighWatermark(2);
    log.raiseStart(2, DropReason.AGE);
    force(store, log);
    store.sweep();
    assertThat(hasFirstSegment(partition(0))).isTrue();

    settle();

    assertThat(hasFirstSegment(partition(0))).isFalse();
  }

  /** No log is the worse for what it was not to have any more. */
  @Test
  void whatCannotBeReadBelowTheStartIsNoDamage() {
    append(2, 0);
    log.roll(0);
    append(2, 2);
    log.noteHighWatermark(2);
    log.raiseStart(2, DropReason.AGE);
    force(store, log);
    store.close();
    disk.replace(partition(0) + "/00000000000000000000.log", new byte[50]);
    disk.lose(partition(0) + "/00000000000000000000.seal");

    reopen();

    assertThat(store.reports().getFirst().warnings())
        .anyMatch(warning -> warning.contains("wrote below the start"));
    assertThat(log.start()).isEqualTo(2);
    assertThat(log.producers().state(ID)).isPresent();
  }

  @Test
  void joinsWhatItIsToldTwice() {
    log.startOver(50, "test");
    log.adopt(List.of(state(ID, 40), state(ID + 1, 42)));
    log.adopt(List.of(state(ID + 2, 46), state(ID + 1, 44)));

    assertThat(log.producers().states())
        .extracting(ProducerState::id)
        .containsExactly(ID, ID + 2, ID + 1);
    assertThat(log.producers().state(ID + 1).orElseThrow().endOffset()).isEqualTo(46);
    var before = log.producers().states();
    append(1, 2);
    force(store, log);
    kill();
    assertThat(log.producers().states()).hasSize(before.size());
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
    commit();

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

  private boolean hasFirstSegment(PartitionId id) {
    return disk.exists(id + "/00000000000000000000.log");
  }

  private Verdict judge(int records, int sequence) {
    return log.producers().judge(numbered(records, ID, sequence).header());
  }
}
