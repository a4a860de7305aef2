package dev.naru.log.store;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.groupCommit;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.record.TimestampType;
import dev.naru.types.NodeEpoch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Records of the journal are lost: what is left of it tells how far a log was durable once. */
class UnsoundJournalTest {

  private static final LogConfig ONE_SEGMENT = new LogConfig(1 << 20, TimestampType.CREATE_TIME);
  private static final String SEGMENT = "/00000000000000000000.log";

  private final CrashableDisk disk = LogFixture.formatted();
  private LogStore store = LogFixture.open(disk);
  private final PartitionLog log = store.create(partition(0), ONE_SEGMENT);
  private final PartitionLog other = store.create(partition(1), ONE_SEGMENT);

  @Test
  void whatIsBadAboveAnOldPointIsDamageAndNotATornTail() {
    durable(log);
    int bytes = log.view().active().bytes();
    durable(log);
    durable(other);
    loseRecordBeforeTheLast();
    flip(partition(0) + SEGMENT, bytes + 70);

    restart();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
    assertThat(store.log(partition(1)).orElseThrow().end()).isEqualTo(10);
  }

  @Test
  void whatIsSoundAboveAnOldPointIsThereAndTheLogBeginsWhereItDid() {
    log.raiseStart(0, DropReason.LEADER);
    durable(log);
    log.raiseStart(5, DropReason.LEADER);
    durable(log);
    durable(log);
    durable(other);
    loseRecordBeforeTheLast();

    restart();

    assertThat(store.damaged()).isEmpty();
    var found = store.log(partition(0)).orElseThrow();
    assertThat(found.start()).isEqualTo(5);
    assertThat(found.end()).isEqualTo(30);
  }

  /** The log that has the name now is another than the one that was removed. */
  @Test
  void whatIsBadInALogWhoseLastRecordSaysThatItIsGoneIsDamageToo() {
    durable(log);
    store.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "for the test");
    durable(store.create(partition(0), ONE_SEGMENT));
    durable(other);
    loseRecordBeforeTheLast();
    flip(partition(0) + SEGMENT, 70);

    restart();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
  }

  /**
   * Nothing said that the record was on disk: a power loss may leave what was written after it, and
   * not it.
   */
  @Test
  void whatIsBadAmongRecordsThatWereNotForcedIsTornAndSoIsTheTailAboveThem() {
    durable(log);
    round(log);
    round(log);
    round(other);
    loseRecordBeforeTheLast();
    append(log, 10, 1);
    int bytes = log.view().active().bytes();
    flip(partition(0) + SEGMENT, bytes - 1);

    restart();

    assertThat(store.damaged()).isEmpty();
    assertThat(store.log(partition(0)).orElseThrow().end()).isEqualTo(30);
    assertThat(store.log(partition(1)).orElseThrow().end()).isEqualTo(10);
  }

  /** Each record of the journal that a start begins was on disk before the file had its name. */
  @Test
  void whatIsBadAmongTheRecordsOfTheLastStartIsDamage() {
    durable(log);
    durable(other);
    restart();
    loseRecordBeforeTheLast();
    flip(partition(0) + SEGMENT, 70);

    restart();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
  }

  @Test
  void alsoTheLastOfThemSoThatALogWhoseBeginningIsDeletedIsNotTakenForOneThatNeverWas() {
    durable(log);
    durable(other);
    log.raiseStart(5, DropReason.LEADER);
    durable(log);
    other.raiseStart(5, DropReason.LEADER);
    durable(other);
    restart();
    flip(JournalWalk.NAME, JournalFile.HEAD_BYTES + JournalRecord.BYTES + 40);

    restart();

    assertThat(store.damaged()).isEmpty();
    assertThat(store.log(partition(0)).orElseThrow().start()).isEqualTo(5);
    assertThat(store.log(partition(1)).orElseThrow().end()).isEqualTo(20);
    assertThat(store.reports().getFirst().warnings())
        .anyMatch(it -> it.contains("no sound record"));
  }

  @Test
  void aJournalThatIsShorterThanItWasIsUnsound() {
    durable(log);
    durable(other);
    restart();
    byte[] bytes = disk.bytes(JournalWalk.NAME);
    disk.replace(JournalWalk.NAME, Arrays.copyOf(bytes, JournalFile.HEAD_BYTES));

    restart();

    assertThat(store.reports().getFirst().warnings())
        .anyMatch(it -> it.contains("no sound record"));
    assertThat(store.log(partition(0)).orElseThrow().end()).isEqualTo(10);
  }

  @Test
  void afterACleanStopNothingIsTorn() {
    durable(log);
    round(log);
    store.closeCleanly(new NodeEpoch(1));
    flip(partition(0) + SEGMENT, disk.bytes(partition(0) + SEGMENT).length - 1);
    flip(JournalWalk.NAME, disk.bytes(JournalWalk.NAME).length - JournalRecord.BYTES + 40);

    restart();

    assertThat(store.damaged()).containsOnlyKeys(partition(0));
  }

  private void round(PartitionLog written) {
    append(written, 10, 1);
    groupCommit(store, written);
  }

  private void durable(PartitionLog written) {
    append(written, 10, 1);
    force(store, written);
  }

  private void loseRecordBeforeTheLast() {
    int size = disk.bytes(JournalWalk.NAME).length;
    flip(JournalWalk.NAME, size - 2 * JournalRecord.BYTES + 40);
  }

  private void flip(String name, int at) {
    byte[] bytes = disk.bytes(name);
    bytes[at] ^= 1;
    disk.replace(name, bytes);
  }

  private void restart() {
    disk.close();
    store = LogFixture.open(disk);
  }
}
