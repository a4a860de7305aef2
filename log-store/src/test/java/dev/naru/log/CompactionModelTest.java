package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.retention.DropReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A compacted log against a map (I23): the newest record of every key is there, under its offset;
 * no key occurs twice below the clean point; a deletion goes only when its time is over, and what
 * it deleted never comes back. So it is after each pass, after restarts, and after a power loss
 * before any change of the disk. What is compacted goes into new files: those that are there stay
 * as they are until they are deleted.
 */
class CompactionModelTest {

  private static final long TOMBSTONE_MILLIS = 1_000;

  @Test
  @Tag("S16")
  @Tag("S41")
  @Tag("S42")
  void aCompactedLogIsAFoldOfWhatWasAppended() {
    Seeds.forEach(150, (seed, random) -> new Run(random, Integer.MAX_VALUE).play());
  }

  @Test
  void everyCrashInACompactionLeavesAFoldOfWhatWasAppended() {
    var images = new int[1];
    Seeds.forEach(25, (seed, random) -> images[0] += new Run(random, 24).play());
    System.out.println("crash images of compactions: " + images[0]);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(images[0]).isGreaterThanOrEqualTo(5_000);
    }
  }

  @Test
  @Tag("crash")
  void everyCrashInACompactionLeavesAFoldOfWhatWasAppendedAtLength() {
    Seeds.forEach(3_000, (seed, random) -> new Run(random, 1).play());
  }

  private static final class Run {

    private static final int STEPS = 60;

    private final RandomGenerator random;
    private final int oneInChanges;
    private final CrashableDisk disk = LogFixture.formatted();
    private final CompactionTruth truth = new CompactionTruth(TOMBSTONE_MILLIS);
    private LogStore store = LogFixture.open(disk);
    private PartitionLog log;
    private long clock = NOW_MILLIS;
    private int epoch = 1;
    private int images;

    Run(RandomGenerator random, int oneInChanges) {
      this.random = random;
      this.oneInChanges = oneInChanges;
      this.log = store.create(partition(0), config());
      disk.beforeEachChange(this::maybeCrash);
    }

    private LogConfig config() {
      int[] sizes = {1, 300, 1_000, 5_000};
      return CompactionFixture.compacted(
          new LogConfig(sizes[random.nextInt(sizes.length)], TimestampType.CREATE_TIME),
          TOMBSTONE_MILLIS);
    }

    int play() {
      for (int i = 0; i < STEPS; i++) {
        clock += random.nextInt(300);
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3, 4 -> append();
          case 5 -> log.configure(config());
          case 6 -> restart();
          case 7 -> raiseStart();
          default -> compact();
        }
      }
      check(log);
      assertThat(disk.altered()).noneMatch(name -> name.matches(".*/\\d{20}[.]log.*"));
      return images;
    }

    private void append() {
      for (int batches = random.nextInt(1, 6); batches > 0; batches--) {
        var batch = batch();
        epoch += random.nextInt(9) == 0 ? 1 : 0;
        log.appendAsLeader(batch, new LeaderEpoch(epoch), clock);
        truth.append(batch);
      }
      LogFixture.force(store, log);
      log.noteHighWatermark(random.nextInt(3) == 0 ? log.highWatermark() : log.end());
    }

    private BatchBytes batch() {
      var builder = new BatchBuilder(1 << 16);
      for (int i = random.nextInt(1, 8); i > 0; i--) {
        String key = "key-" + random.nextInt(12);
        byte[] value = new byte[random.nextInt(60)];
        boolean isDeletion = random.nextInt(4) == 0;
        builder.append(
            clock,
            random.nextInt(25) == 0 ? null : ByteBuffer.wrap(key.getBytes(UTF_8)),
            isDeletion ? null : ByteBuffer.wrap(value),
            List.of());
      }
      if (random.nextInt(6) == 0) {
        builder.producer(random.nextInt(2), (short) 0, random.nextInt(50));
      }
      var codecs = Compression.values();
      return builder.build(
          random.nextBoolean() ? Compression.NONE : codecs[random.nextInt(codecs.length)]);
    }

    private void compact() {
      long memory = random.nextInt(3) == 0 ? 24 * 12 : CompactionFixture.ROOMY;
      boolean isRefused = random.nextInt(6) == 0;
      boolean isDone =
          CompactionFixture.compact(
              log,
              clock,
              memory,
              isRefused ? segments -> random.nextBoolean() && log.swap(segments) : log::swap);
      assertThat(isDone || isRefused).isTrue();
      check(log);
    }

    private void restart() {
      disk.close();
      store = LogFixture.open(disk);
      assertThat(store.damaged()).isEmpty();
      long highWatermark = log.highWatermark();
      log = store.log(partition(0)).orElseThrow();
      log.noteHighWatermark(highWatermark);
      log.configure(config());
      check(log);
    }

    private void raiseStart() {
      if (random.nextInt(4) == 0) {
        log.raiseStart(random.nextLong(log.start(), log.highWatermark() + 1), DropReason.REQUEST);
        LogFixture.force(store, log);
      }
    }

    private void maybeCrash() {
      if (random.nextInt(oneInChanges) != 0) {
        return;
      }
      for (PowerLoss loss : PowerLoss.values()) {
        images++;
        var image = disk.afterPowerLoss(loss, random);
        image.close();
        var recovered = LogFixture.open(image);
        assertThat(recovered.damaged()).isEmpty();
        recovered.log(partition(0)).ifPresent(this::check);
        assertThat(image.files(partition(0).toString())).noneMatch(name -> name.endsWith(".new"));
      }
    }

    private void check(PartitionLog found) {
      truth.check(found, clock);
    }
  }
}
