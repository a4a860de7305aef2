package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import org.junit.jupiter.api.Test;

/**
 * The segments of two partitions with the same offsets, epochs and lengths, each under the other's
 * name: every batch passes for the one that belongs there.
 */
class SwappedSegmentTest {

  private static final LogConfig CONFIG = new LogConfig(10_000, TimestampType.CREATE_TIME);
  private static final String FIRST = "/00000000000000000000.log";

  private final CrashableDisk disk = LogFixture.formatted();
  private LogStore store = LogFixture.open(disk);

  @Test
  void isNeverReadAfterAStart() {
    write(0);
    write(1);
    store.close();
    swap();

    store = LogFixture.open(disk);

    for (int i = 0; i < 2; i++) {
      var view = store.log(partition(i)).orElseThrow().view();
      assertDamaged(() -> view.read(0, 1, view.end()));
      assertDamaged(() -> view.read(2, 1, view.end())); // found by the index
      assertDamaged(() -> view.firstAtOrAfter(NOW_MILLIS, view.end()));
      assertThat(view.read(view.activeBase(), 1, view.end()).isEmpty()).isFalse();
    }
  }

  @Test
  void isNotReadOnceItHasBeenClosedByWhoeverReadsIt() {
    var log = write(0);
    write(1);
    log.view().read(0, 1, log.end());
    swap();

    log.view().closed().getFirst().files().open().forget(partition(0) + FIRST);

    assertDamaged(() -> log.view().read(0, 1, log.end()));
  }

  /** What is read to find out is one header, once. */
  @Test
  void costsOneSmallReadToFindOut() {
    var log = write(0);
    log.view().closed().getFirst().files().open().forget(partition(0) + FIRST);

    long first = bytesReadBy(() -> log.view().read(2, 1, log.end()));
    long second = bytesReadBy(() -> log.view().read(2, 1, log.end()));

    assertThat(first - second).isEqualTo(61);
  }

  private long bytesReadBy(Runnable reader) {
    long before = disk.bytesRead();
    reader.run();
    return disk.bytesRead() - before;
  }

  private static void assertDamaged(Runnable reader) {
    var met = catchThrowableOfType(LogDamagedException.class, reader::run);
    assertThat(met).isNotNull();
    assertThat(met.damage().segmentBase()).isZero();
    assertThat(met.damage().reason()).contains("to be what was written");
  }

  private void swap() {
    byte[] bytes = disk.bytes(partition(0) + FIRST);
    assertThat(disk.bytes(partition(1) + FIRST)).hasSameSizeAs(bytes).isNotEqualTo(bytes);
    disk.replace(partition(0) + FIRST, disk.bytes(partition(1) + FIRST));
    disk.replace(partition(1) + FIRST, bytes);
  }

  private PartitionLog write(int number) {
    var log = store.create(partition(number), CONFIG);
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(1, 2_000, NOW_MILLIS + 1_000L * number + i);
      log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS);
    }
    force(store, log);
    return log;
  }
}
