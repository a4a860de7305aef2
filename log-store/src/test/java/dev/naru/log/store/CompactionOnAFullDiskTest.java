package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.CompactionFixture;
import dev.naru.log.CompactionRun;
import dev.naru.log.LogCompaction.Step;
import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.Pace;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.SpaceRule;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compaction needs room before it frees some. */
class CompactionOnAFullDiskTest {

  private static final int MIB = 1 << 20;
  private static final SpaceRule RULE = new SpaceRule(0.95);

  private final CrashableDisk platter = LogFixture.formatted();
  private final FaultyDisk disk = new FaultyDisk(platter);
  private final LogStore store;
  private final PartitionLog log;

  CompactionOnAFullDiskTest() {
    disk.limit(16 * MIB);
    store = LogFixture.open(disk);
    store.directories().getFirst().lookAtSpace(RULE);
    log =
        store.create(
            partition(0),
            CompactionFixture.compacted(
                new LogConfig(3 * MIB, TimestampType.CREATE_TIME), Long.MAX_VALUE));
  }

  @Test
  void aDiskThatFillsUpUnderAPassPutsItOffBeforeAWriteFails() {
    for (int i = 0; i < 32; i++) {
      append("key-" + i); // all of them stay
    }
    commit();

    var last =
        pass(bytes -> {
          if (platter.files("").stream().anyMatch(name -> name.endsWith(".log.new"))) {
            leave(100_000);
          }
        });

    assertThat(last)
        .isInstanceOfSatisfying(
            Step.Stopped.class,
            stop -> assertThat(stop.why().code()).isEqualTo(ErrorCode.DISK_FULL));
    assertThat(store.directories().getFirst().failure()).isEmpty();
    assertThat(platter.files("")).noneMatch(name -> name.endsWith(".new"));
  }

  @Test
  void aDiskWithoutRoomForASegmentIsCompactedFree() {
    for (int i = 0; i < 40; i++) {
      append("key-" + i % 2);
    }
    commit();
    long before = bytesClosed();
    leave(2 * MIB);

    var last = pass(bytes -> {});

    assertThat(last).isInstanceOf(Step.Done.class);
    assertThat(bytesClosed()).isLessThan(before / 2);
  }

  @Test
  void segmentsThatWouldBecomeOneAreDoneOneByOneWhereThereIsNoRoom() {
    for (int i = 0; i < 30; i++) {
      append("key-" + i);
      log.roll(log.view().active().base());
    }
    append("key-0");
    log.roll(log.view().active().base());
    commit();
    leave(MIB + 400_000); // of which a mebibyte stays free; each segment has 200 kB

    var last = pass(bytes -> {});

    assertThat(last).isInstanceOf(Step.Done.class);
  }

  private long bytesClosed() {
    return log.view().closed().stream().mapToLong(each -> each.bytes()).sum();
  }

  /** Somebody else takes all but this of the disk. */
  private void leave(long bytes) {
    platter.replace("movie", new byte[0]);
    platter.replace("movie", new byte[Math.toIntExact(disk.space().usableBytes() - bytes)]);
    store.directories().getFirst().lookAtSpace(RULE);
  }

  private Step pass(Pace pace) {
    var run = new CompactionRun(NOW_MILLIS, Long.MAX_VALUE, 1 << 16, new byte[] {1}, pace);
    try (var pass = log.cleaning().pass(run)) {
      assertThat(pass.begin()).isTrue();
      while (true) {
        switch (pass.next()) {
          case Step.Prepared(var segments) -> {
            assertThat(log.swap(segments)).isTrue();
            segments.finish();
          }
          case Step.Unchanged() -> {
            // on to the next
          }
          case Step last -> {
            return last;
          }
        }
      }
    }
  }

  private void append(String key) {
    var builder = new BatchBuilder(MIB);
    builder.append(NOW_MILLIS, key.getBytes(UTF_8), new byte[200_000], List.of());
    log.appendAsLeader(builder.build(Compression.NONE), new LeaderEpoch(1), NOW_MILLIS);
  }

  private void commit() {
    LogFixture.force(store, log);
    log.noteHighWatermark(log.end());
  }
}
