package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.groupCommit;
import static dev.naru.log.LogFixture.partition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogCompaction.Step;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogCleaningTest {

  private static final long TOMBSTONE_MILLIS = 1_000;
  private static final long LATER = NOW_MILLIS + 2 * TOMBSTONE_MILLIS;
  private static final LogConfig ONE_BATCH_EACH =
      CompactionFixture.compacted(new LogConfig(1, TimestampType.CREATE_TIME), TOMBSTONE_MILLIS);

  private final CrashableDisk disk = LogFixture.formatted();
  private final LogStore store = LogFixture.open(disk);
  private final PartitionLog log = store.create(partition(0), ONE_BATCH_EACH);

  @Test
  void aDeletionCountsAsGoneOnceTheOwnerHasPutTheSegmentWithoutItInPlace() {
    aDeletionWhoseTimeIsOver();

    var prepared = prepare(Long.MAX_VALUE);

    assertThat(prepared.purgedBelow()).isEqualTo(2);
    assertThat(log.cleaning().purgedBelow()).isZero();
    assertThat(purgedBelowAfterACrash()).isEqualTo(2);
    assertThat(log.swap(prepared)).isTrue();
    assertThat(log.cleaning().purgedBelow()).isEqualTo(2);
  }

  @Test
  void aSegmentThatIsNotPutInPlaceLeavesItsDeletionsThere() {
    aDeletionWhoseTimeIsOver();

    prepare(Long.MAX_VALUE).discard();

    assertThat(log.cleaning().purgedBelow()).isZero();
    assertThat(purgedBelowAfterACrash()).isZero();
  }

  @Test
  void whatACrashLeftUnsaidOfDeletionsIsSaidByTheNextPass() {
    aDeletionWhoseTimeIsOver();
    prepare(Long.MAX_VALUE); // and nobody decides: its thread is gone

    prepare(Long.MAX_VALUE).discard();

    assertThat(purgedBelowAfterACrash()).isZero();
  }

  @Test
  void deletionsThatSomebodyHasNotReadStayAndTheRestGoes() {
    aDeletionWhoseTimeIsOver();
    put("twice");
    put("twice");
    put("active");
    commit();
    long before = log.view().closed().stream().mapToLong(each -> each.bytes()).sum();

    pass(1);

    assertThat(log.cleaning().purgedBelow()).isZero();
    assertThat(log.view().closed().stream().mapToLong(each -> each.bytes()).sum())
        .isLessThan(before);
    // Nor is there a pass after the other until it has been read.
    assertThat(log.cleaning().plan(LATER).isDue()).isFalse();
    assertThat(log.cleaning().plan(LATER + 3_600_000).isDue()).isTrue();
  }

  @Test
  void aLogThatIsNotThereAnyMoreIsNeitherWrittenToNorTakenForAFailedDisk() {
    aDeletionWhoseTimeIsOver();
    var another = store.create(partition(1), ONE_BATCH_EACH);
    put("dirty");
    put("active");
    commit();
    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "its topic was deleted");
    store.setAside(
        partition(1), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "its topic was deleted");

    log.cleaning().plan(LATER);
    another.cleaning().plan(LATER);
    boolean isBegun = another.cleaning().pass(CompactionFixture.run(LATER, 1 << 16)).begin();

    assertThat(isBegun).isFalse();
    assertThat(store.create(partition(2), ONE_BATCH_EACH).end()).isZero();
  }

  /** A power loss would leave a record of before, and a start would read from there. */
  @Test
  void whatIsNotDurablyOnRecordAsClosedIsLeftAlone() {
    put("key");
    put("key");
    put("active");
    groupCommit(store, log);
    log.noteHighWatermark(log.end());

    assertThat(log.cleaning().plan(LATER).cleanableEnd()).isZero();
    store.rounds(store.directories().getFirst()).forceRecord();
    assertThat(log.cleaning().plan(LATER).cleanableEnd()).isEqualTo(2);
  }

  private void aDeletionWhoseTimeIsOver() {
    put("key");
    append("key", null);
    put("active");
    commit();
    assertThat(CompactionFixture.compact(log, NOW_MILLIS, CompactionFixture.ROOMY)).isTrue();
    put("active");
    commit();
  }

  private void pass(long purgeEnd) {
    var pass = begin(purgeEnd);
    Step step = pass.next();
    while (!(step instanceof Step.Done)) {
      if (step instanceof Step.Prepared(var segments)) {
        assertThat(log.swap(segments)).isTrue();
        segments.finish();
      }
      step = pass.next();
    }
  }

  private CompactedSegments prepare(long purgeEnd) {
    var pass = begin(purgeEnd);
    while (true) {
      if (pass.next() instanceof Step.Prepared(var segments)) {
        return segments;
      }
    }
  }

  private LogCompaction begin(long purgeEnd) {
    var pass =
        log.cleaning()
            .pass(new CompactionRun(LATER, purgeEnd, 1 << 16, new byte[] {1}, bytes -> {}));
    assertThat(pass.begin()).isTrue();
    return pass;
  }

  private long purgedBelowAfterACrash() {
    var image = disk.afterPowerLoss(PowerLoss.ALL, new SplittableRandom(1));
    image.close();
    return LogFixture.open(image).log(partition(0)).orElseThrow().cleaning().purgedBelow();
  }

  private void put(String key) {
    append(key, ByteBuffer.allocate(100));
  }

  private void append(String key, @Nullable ByteBuffer value) {
    var builder = new BatchBuilder(1 << 16);
    builder.append(NOW_MILLIS, ByteBuffer.wrap(key.getBytes(UTF_8)), value, List.of());
    log.appendAsLeader(builder.build(Compression.NONE), new LeaderEpoch(1), NOW_MILLIS);
  }

  private void commit() {
    LogFixture.force(store, log);
    log.noteHighWatermark(log.end());
  }
}
