package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.CompactionFixture;
import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.store.Scrubber.Findings;
import dev.naru.record.TimestampType;
import dev.naru.testing.Eventually;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ScrubberTest {

  private static final LogConfig CONFIG = new LogConfig(10_000, TimestampType.CREATE_TIME);

  private static final Eventually SOON =
      Eventually.allowing("a thread to get there", Duration.ofSeconds(1));

  private final CrashableDisk disk = LogFixture.formatted();
  private final LogStore store = LogFixture.open(disk);
  private final List<Damage> damages = new ArrayList<>();
  private final List<String> mended = new ArrayList<>();

  @Test
  void readsAllThatIsClosedAndFindsNothingWhereNothingIsWrong() {
    write(0, 1);
    write(1, 2);

    long read = pass(scrubber(), 100);

    long closed =
        store.logs().values().stream()
            .flatMap(log -> log.view().closed().stream())
            .mapToLong(segment -> segment.bytes())
            .sum();
    assertThat(read).isGreaterThanOrEqualTo(closed).isLessThan(closed + 100);
    assertThat(damages).isEmpty();
    assertThat(mended).isEmpty();
  }

  @Test
  void findsAFlippedBitInABatchThatNobodyReads() {
    write(0, 1);
    String name = partition(0) + "/00000000000000000000.log";
    byte[] bytes = disk.bytes(name);
    bytes[5_000] ^= 4;
    disk.replace(name, bytes);

    pass(scrubber(), 1 << 20);

    assertThat(damages).hasSize(1);
    assertThat(damages.getFirst().segmentBase()).isZero();
    assertThat(damages.getFirst().position()).isBetween(3_000L, 5_000L);
  }

  /** The same offsets, lengths and epochs: each batch passes for the one that belongs there. */
  @Test
  void findsTheSegmentOfAnotherPartition() {
    write(0, 1);
    write(1, 2);
    String name = "/00000000000000000000.log";
    byte[] bytes = disk.bytes(partition(0) + name);
    assertThat(disk.bytes(partition(1) + name)).hasSameSizeAs(bytes);
    disk.replace(partition(0) + name, disk.bytes(partition(1) + name));
    disk.replace(partition(1) + name, bytes);

    pass(scrubber(), 1 << 20);

    assertThat(damages.stream().map(Damage::partition)).containsExactly(partition(0), partition(1));
    assertThat(damages.getFirst().reason()).contains("to be what was written");
  }

  @Test
  void findsMissingShortenedAndExtendedSegments() {
    for (int i = 0; i < 3; i++) {
      write(i, 1);
    }
    String name = "/00000000000000000000.log";
    byte[] bytes = disk.bytes(partition(0) + name);
    disk.lose(partition(0) + name);
    disk.replace(partition(1) + name, Arrays.copyOf(bytes, bytes.length - 1));
    disk.replace(partition(2) + name, Arrays.copyOf(bytes, bytes.length + 1));

    pass(scrubber(), 1 << 20);

    assertThat(damages.stream().map(Damage::partition))
        .containsExactly(partition(0), partition(1), partition(2));
  }

  @Test
  void writesIndexesAgainThatDoNotFit() {
    write(0, 1);
    var index = partition(0) + "/00000000000000000000.index";
    var times = partition(0) + "/00000000000000000000.timeindex";
    byte[] right = disk.bytes(index);
    byte[] rightTimes = disk.bytes(times);
    assertThat(right.length).isPositive();
    byte[] wrong = right.clone();
    wrong[3] ^= 1;
    disk.replace(index, wrong);
    disk.replace(times, Arrays.copyOf(rightTimes, rightTimes.length + 5));

    pass(scrubber(), 1 << 20);

    assertThat(mended).hasSize(2);
    assertThat(disk.bytes(index)).isEqualTo(right);
    assertThat(disk.bytes(times)).isEqualTo(rightTimes);
    assertThat(damages).isEmpty();
  }

  @Test
  void hasTheOwnerSealAgainWhatLostItsSeal() {
    var log = write(0, 1);
    var seal = partition(0) + "/00000000000000000000.seal";
    byte[] right = disk.bytes(seal);
    disk.lose(seal);

    pass(scrubber(), 1 << 20);
    force(store, log);

    assertThat(mended).hasSize(1);
    assertThat(disk.bytes(seal)).isEqualTo(right);
  }

  @Test
  void goesOnWhereTheProcessBeforeStopped() {
    write(0, 1);
    write(1, 1);
    var first = scrubber();
    while (first.step(1 << 20) > 0) {}
    disk.replace(
        "scrub-progress",
        ChecksummedText.encode("scrub-progress", 1, List.of(partition(1) + " 0")).array());

    long read = pass(scrubber(), 1 << 20);

    long closed =
        store.log(partition(1)).orElseThrow().view().closed().stream()
            .mapToLong(segment -> segment.bytes())
            .sum();
    assertThat(read).isEqualTo(closed);
    assertThat(new String(disk.bytes("scrub-progress"), UTF_8))
        .doesNotContain(partition(1).toString());
  }

  /** What is read while the log is cut is no damage. */
  @Test
  void takesNoCutForDamage() {
    var log = write(0, 1);
    var scrubber = scrubber();
    scrubber.step(1_000);
    log.truncateTo(0, "for the test");

    pass(scrubber, 1_000);

    assertThat(damages).isEmpty();
  }

  /** The old seal is there until all else is done, and the new one under another name. */
  @Test
  void takesNoSwapForDamage() {
    var log = write(0, 1);
    log.configure(CompactionFixture.compacted(CONFIG, 0));
    log.noteHighWatermark(log.end());
    CompactionFixture.swapWithoutFinishing(log);
    var before = disk.files("").stream().toList();

    pass(scrubber(), 1 << 20);

    assertThat(damages).isEmpty();
    assertThat(mended).isEmpty();
    assertThat(disk.files("")).containsAll(before);
  }

  /** What it would write again is not where it was, or belongs to another log of the name. */
  @Test
  void writesNothingOfALogThatIsClosed() {
    var log = write(0, 1);
    var index = partition(0) + "/00000000000000000000.index";
    disk.replace(index, new byte[16]);
    var scrubber = scrubber();
    scrubber.step(1_000);
    log.close();

    pass(scrubber, 1 << 20);

    assertThat(mended).isEmpty();
    assertThat(disk.bytes(index)).isEqualTo(new byte[16]);
  }

  /** Else the log could be moved away under what is being written. */
  @Test
  void keepsTheLogFromBeingClosedWhileItMends() {
    var log = write(0, 1);
    var index = partition(0) + "/00000000000000000000.index";
    byte[] right = disk.bytes(index);
    disk.replace(index, new byte[16]);
    var closing = Thread.ofPlatform().unstarted(log::close);
    var ended = new AtomicBoolean();
    disk.beforeEachChange(() -> {
      if (closing.getState() == Thread.State.NEW) {
        closing.start();
        SOON.until("it waits, or has closed it", () -> isBlockedOrEnded(closing));
        ended.set(closing.getState() == Thread.State.TERMINATED);
      }
    });

    pass(scrubber(), 1 << 20);

    assertThat(disk.bytes(index)).isEqualTo(right);
    assertThat(ended).isFalse();
    SOON.until("it is closed", () -> closing.getState() == Thread.State.TERMINATED);
  }

  private static boolean isBlockedOrEnded(Thread thread) {
    return thread.getState() == Thread.State.BLOCKED
        || thread.getState() == Thread.State.TERMINATED;
  }

  private PartitionLog write(int number, int seed) {
    var log = store.create(partition(number), CONFIG);
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(1, 2_000, NOW_MILLIS + 1_000L * seed + i);
      log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS);
    }
    force(store, log);
    return log;
  }

  private Scrubber scrubber() {
    return store.scrubber(
        store.directories().getFirst(),
        new Findings() {
          @Override
          public void damaged(Damage damage) {
            damages.add(damage);
          }

          @Override
          public void unsealed(PartitionId partition, long segmentBase) {
            store.log(partition).orElseThrow().sealAgain(segmentBase);
          }

          @Override
          public void mended(String what) {
            mended.add(what);
          }
        });
  }

  private static long pass(Scrubber scrubber, int bytes) {
    long all = 0;
    long read;
    do {
      read = scrubber.step(bytes);
      all += read;
    } while (read > 0);
    return all;
  }
}
