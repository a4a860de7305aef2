package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.CompactedSegments;
import dev.naru.log.CompactionFixture;
import dev.naru.log.LogCompaction;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompactorTest {

  private final LogStore store = LogFixture.open(LogFixture.formatted());
  private final List<String> heard = new ArrayList<>();
  private final Set<PartitionId> refusing = new HashSet<>();
  private long now = NOW_MILLIS;

  private final Compactor compactor = compactor(this::putInPlace);

  @Test
  void compactsTheDirtiestFirstUntilNoneIsDue() {
    var few = log(0, 4);
    var many = log(1, 12);
    CompactionFixture.compact(few, NOW_MILLIS, CompactionFixture.ROOMY);
    fill(few, 1);

    assertThat(compactor.compactOne()).isTrue();
    assertThat(many.cleaning().cleanEnd()).isPositive();
    while (compactor.compactOne()) {
      assertThat(heard).hasSizeLessThan(10);
    }

    assertThat(heard).first().isEqualTo("freed of " + partition(1));
    assertThat(compactor.dirtyRatioMax()).isLessThan(1);
    assertThat(compactor.uncleanable()).isEmpty();
  }

  @Test
  void whatHasWaitedForTooLongComesBeforeWhatIsDirtier() {
    var late = log(0, 12);
    CompactionFixture.compact(late, NOW_MILLIS, CompactionFixture.ROOMY);
    late.configure(
        LogFixture.SMALL.withCleanup(
            CleanupPolicy.COMPACT, new CompactionLimits(0.99, 0, 1_000, 1_000)));
    fill(late, 4);
    log(1, 12);
    now += 2_000;

    assertThat(compactor.compactOne()).isTrue();

    assertThat(heard).last().isEqualTo("compacted " + partition(0));
  }

  @Test
  void deletionsToBeForgottenAreNotKeptWaitingByDirtierLogs() {
    var quiet = log(0, 12);
    delete(quiet);
    fill(quiet, 4);
    CompactionFixture.compact(quiet, NOW_MILLIS, CompactionFixture.ROOMY);
    quiet.configure(
        LogFixture.SMALL.withCleanup(
            CleanupPolicy.COMPACT, new CompactionLimits(1, 0, Long.MAX_VALUE, 1_000)));
    var dirty = List.of(log(1, 12), log(2, 12));
    now += 2_000;

    for (int i = 0; i < 2; i++) {
      assertThat(compactor.compactOne()).isTrue();
      dirty.forEach(each -> fill(each, 12));
    }

    assertThat(heard).contains("compacted " + partition(0));
  }

  @Test
  void aLogThatIsOutOfUseIsPutOffUnread() {
    var log = log(0, 12);
    var owners =
        new Compactor.Owners() {
          @Override
          public CompletableFuture<Boolean> putInPlace(
              PartitionId partition, CompactedSegments segments) {
            throw new AssertionError("Expected no segments for a log that is out of use");
          }

          @Override
          public CompletableFuture<OptionalLong> purgeEnd(PartitionId partition) {
            return CompletableFuture.completedFuture(OptionalLong.empty());
          }
        };
    var unused = compactor(owners);

    assertThat(unused.compactOne()).isTrue();
    assertThat(unused.compactOne()).isFalse();

    assertThat(heard).isEmpty();
    assertThat(log.cleaning().cleanEnd()).isZero();
  }

  @Test
  void leavesLogsAloneWhoseTopicsAreNotCompacted() {
    log(0, 12).configure(LogFixture.SMALL);

    assertThat(compactor.compactOne()).isFalse();
  }

  @Test
  void deletesWhatTheOwnerDidNotTakeAndTriesAgainLater() {
    var log = log(0, 12);
    refusing.add(partition(0));

    compactAll();
    assertThat(log.cleaning().cleanEnd()).isZero();
    refusing.clear();
    compactAll();
    assertThat(heard).containsExactly("put off");
    now += CompactionTurns.PUT_OFF_MILLIS;
    compactAll();

    assertThat(heard)
        .containsExactly("put off", "freed of " + partition(0), "compacted " + partition(0));
  }

  @Test
  void aLogThatIsPutOffKeepsNoOtherWaiting() {
    log(0, 12);
    log(1, 12);
    refusing.add(partition(0));

    compactAll();

    assertThat(heard).contains("compacted " + partition(1));
  }

  @Test
  void aClockThatIsPutBackMakesNoLogWaitForIt() {
    log(0, 12);
    refusing.add(partition(0));
    compactAll();
    refusing.clear();

    now -= 3_600_000;
    compactAll();

    assertThat(heard).contains("compacted " + partition(0));
  }

  @Test
  void deletionsStayThatTheOwnerStillWantsToTell() {
    var log = log(0, 12);
    var asked = new ArrayList<PartitionId>();
    var owners =
        new Compactor.Owners() {
          @Override
          public CompletableFuture<Boolean> putInPlace(
              PartitionId partition, CompactedSegments segments) {
            return CompactorTest.this.putInPlace(partition, segments);
          }

          @Override
          public CompletableFuture<OptionalLong> purgeEnd(PartitionId partition) {
            asked.add(partition);
            return CompletableFuture.completedFuture(OptionalLong.of(0));
          }
        };

    assertThat(compactor(owners).compactOne()).isTrue();

    assertThat(asked).containsExactly(partition(0));
    assertThat(log.cleaning().purgedBelow()).isZero();
  }

  @Test
  void aLogWhosePassFailsIsLeftAloneAndTheOthersAreNot() {
    log(0, 12);
    var failing = compactor(CompactorTest::fail);

    assertThat(failing.compactOne()).isTrue();
    assertThat(failing.compactOne()).isFalse();
    assertThat(failing.dirtyRatioMax()).isEqualTo(1); // it is as dirty as before

    assertThat(heard).containsExactly("uncleanable " + partition(0));
    assertThat(failing.uncleanable()).singleElement().asString().contains("a fault of ours");
  }

  @Test
  void aLogThatIsOpenedAgainIsNotLeftAloneAnyMore() {
    log(0, 12);
    var failing =
        compactor((partition, segments) ->
            heard.isEmpty() ? fail(partition, segments) : putInPlace(partition, segments));
    assertThat(failing.compactOne()).isTrue();

    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "damaged, and made anew");
    assertThat(failing.uncleanable()).isEmpty();
    log(0, 12);
    assertThat(failing.compactOne()).isTrue();

    assertThat(heard).first().isEqualTo("uncleanable " + partition(0));
    assertThat(heard).last().isEqualTo("compacted " + partition(0));
  }

  @Test
  void paceMakesWhoHasSpentTooMuchWaitForWhatWasSpentBefore() {
    var now = new long[1];
    var waits = new ArrayList<Long>();
    var pace =
        new DiskPace(
            () -> 1_000,
            () -> now[0],
            nanos -> {
              now[0] += nanos;
              return waits.add(nanos);
            });

    pace.spent(500);
    pace.spent(500);
    now[0] = 10_000_000_000L;
    pace.spent(500);

    assertThat(waits).containsExactly(500_000_000L);
  }

  private PartitionLog log(int number, int batches) {
    var log = store.create(partition(number), CompactionFixture.compacted(LogFixture.SMALL, 1_000));
    fill(log, batches);
    return log;
  }

  private void fill(PartitionLog log, int batches) {
    for (int i = 0; i < 4 * batches; i++) {
      LogFixture.append(log, 5, 1);
    }
    LogFixture.force(store, log);
    log.noteHighWatermark(log.end());
  }

  private static void delete(PartitionLog log) {
    var builder = new BatchBuilder(1 << 10);
    builder.append(NOW_MILLIS, ByteBuffer.wrap(new byte[] {7}), null, List.of());
    log.appendAsLeader(builder.build(Compression.NONE), new LeaderEpoch(1), NOW_MILLIS);
  }

  private void compactAll() {
    for (int i = 0; compactor.compactOne(); i++) {
      assertThat(i).isLessThan(10);
    }
  }

  private Compactor compactor(Compactor.Owners owners) {
    return new Compactor(
        store, owners, new Heard(), 1 << 16, new byte[] {1}, bytes -> {}, () -> now);
  }

  private static CompletableFuture<Boolean> fail(
      PartitionId partition, CompactedSegments segments) {
    throw new IllegalStateException("a fault of ours");
  }

  private CompletableFuture<Boolean> putInPlace(PartitionId partition, CompactedSegments segments) {
    return CompletableFuture.completedFuture(
        !refusing.contains(partition) && store.log(partition).orElseThrow().swap(segments));
  }

  private final class Heard implements Compactor.Witness {

    @Override
    public void compacted(PartitionId partition, LogCompaction pass) {
      heard.add("compacted " + partition);
    }

    @Override
    public void replaced(PartitionId partition, long bytesFreed) {
      if (bytesFreed > 0 && !heard.contains("freed of " + partition)) {
        heard.add("freed of " + partition);
      }
    }

    @Override
    public void putOff(PartitionId partition, String why) {
      heard.add("put off");
    }

    @Override
    public void uncleanable(PartitionId partition, RuntimeException fault) {
      heard.add("uncleanable " + partition);
    }

    @Override
    public void damaged(LogDamagedException damage) {
      heard.add("damaged");
    }
  }
}
