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
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompactorTest {

  private final LogStore store = LogFixture.open(LogFixture.formatted());
  private final List<String> heard = new ArrayList<>();
  private boolean isTaken = true;

  private final Compactor compactor =
      new Compactor(
          store,
          this::putInPlace,
          new Heard(),
          1 << 16,
          new byte[] {1},
          bytes -> {},
          () -> NOW_MILLIS);

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

    assertThat(heard).first().isEqualTo("compacted " + partition(1));
    assertThat(compactor.dirtyRatioMax()).isLessThan(1);
    assertThat(compactor.uncleanable()).isEmpty();
  }

  @Test
  void leavesLogsAloneWhoseTopicsAreNotCompacted() {
    log(0, 12).configure(LogFixture.SMALL);

    assertThat(compactor.compactOne()).isFalse();
  }

  @Test
  void deletesWhatTheOwnerDidNotTakeAndTriesAgainLater() {
    var log = log(0, 12);
    isTaken = false;

    assertThat(compactor.compactOne()).isFalse();
    assertThat(log.cleaning().cleanEnd()).isZero();
    isTaken = true;
    assertThat(compactor.compactOne()).isTrue();

    assertThat(heard).containsExactly("put off", "compacted " + partition(0));
  }

  @Test
  void aLogWhosePassFailsIsLeftAloneAndTheOthersAreNot() {
    log(0, 12);
    var failing =
        new Compactor(
            store,
            (partition, segments) -> {
              throw new IllegalStateException("a fault of ours");
            },
            new Heard(),
            1 << 16,
            new byte[] {1},
            bytes -> {},
            () -> NOW_MILLIS);

    assertThat(failing.compactOne()).isTrue();
    assertThat(failing.compactOne()).isFalse();

    assertThat(heard).containsExactly("uncleanable " + partition(0));
    assertThat(failing.uncleanable()).singleElement().asString().contains("a fault of ours");
  }

  @Test
  void paceMakesWhoHasSpentTooMuchWaitForWhatWasSpentBefore() {
    var now = new long[1];
    var waits = new ArrayList<Long>();
    var pace = new DiskPace(1_000, () -> now[0], waits::add);

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

  private CompletableFuture<Boolean> putInPlace(PartitionId partition, CompactedSegments segments) {
    return CompletableFuture.completedFuture(
        isTaken && store.log(partition).orElseThrow().swap(segments));
  }

  private final class Heard implements Compactor.Witness {

    @Override
    public void compacted(PartitionId partition, LogCompaction pass) {
      heard.add("compacted " + partition);
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
