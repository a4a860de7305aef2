package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.AppendResult.Appended;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LogAgainstModelTest {

  private static final int SEQUENCES = 500;
  private static final int STEPS = 40;
  private static final List<Compression> COMPRESSIONS =
      List.of(Compression.NONE, Compression.NONE, Compression.LZ4, Compression.ZSTD);

  /** And no byte of a segment's file changes that lies before its end. */
  @Test
  @Tag("S16")
  void isASortedMapThroughAppendsCutsAndRestarts() {
    Seeds.forEach(SEQUENCES, (seed, random) -> new Run(random).play());
  }

  /** One log, one model, one sequence of operations on both. */
  private static final class Run {

    private final RandomGenerator random;
    private final CrashableDisk disk = LogFixture.formatted();
    private final LogModel model = new LogModel();
    private LogStore store = LogFixture.open(disk);
    private PartitionLog log;
    private final NumberedBatches numbered;
    private int epoch = 1;
    private long clock = NOW_MILLIS;

    Run(RandomGenerator random) {
      this.random = random;
      this.numbered = new NumberedBatches(random);
      this.log = store.create(partition(0), config());
    }

    private LogConfig config() {
      int[] sizes = {1, 300, 2_000, 20_000, 1 << 20};
      return new LogConfig(sizes[random.nextInt(sizes.length)], TimestampType.CREATE_TIME);
    }

    void play() {
      for (int i = 0; i < STEPS; i++) {
        step();
        assertThat(log.start()).isEqualTo(model.start());
        assertThat(log.end()).isEqualTo(model.end());
        assertThat(log.epochs().truncateFrom(log.end()))
            .isEqualTo(model.epochs().truncateFrom(log.end()));
        ProducerTruth.check(log, model.batches(), log.start());
      }
      readAll();
      assertThat(disk.altered()).noneMatch(name -> name.matches(".*/\\d{20}[.]log.*"));
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> appendAsLeader();
        case 5, 6, 7, 8 -> appendAsFollower();
        case 9, 10, 11 -> read();
        case 12 -> lookUpTime();
        case 13 -> askForCrc();
        case 14, 15 -> truncate();
        case 16 -> moveStart();
        case 17 -> LogFixture.force(store, log);
        case 18 -> stopAndStart();
        case 19 -> killAndStart();
        default -> throw new AssertionError();
      }
    }

    private BatchBytes batch() {
      clock += random.nextInt(-500, 1000);
      int valueBytes = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(200);
      var compression = COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size()));
      int records = random.nextInt(1, 20);
      return random.nextInt(3) == 0
          ? LogFixture.batch(records, valueBytes, clock, compression)
          : numbered.batch(records, valueBytes, clock, compression);
    }

    private void appendAsLeader() {
      epoch += random.nextInt(4) == 0 ? 1 : 0;
      log.configure(config());
      numbered.goOnAt(log);
      var batch = batch();
      if (random.nextBoolean()) {
        log.beginEpoch(new LeaderEpoch(epoch));
      }

      var appended = log.appendAsLeader(batch, new LeaderEpoch(epoch), clock);

      assertThat(appended.firstOffset()).isEqualTo(model.end());
      assertThat(batch.header().leaderEpoch()).isEqualTo(epoch);
      model.append(batch);
      assertThat(log.lastBatch()).contains(batch.header());
    }

    private void appendAsFollower() {
      var many = ByteBuffer.allocate(1 << 20);
      long offset = model.end();
      numbered.goOnAt(log);
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        epoch += random.nextInt(4) == 0 ? 1 : 0;
        var batch = batch();
        batch.stamp(offset, new LeaderEpoch(epoch));
        offset = batch.header().nextOffset();
        many.put(batch.asByteBuffer());
        model.append(batch);
      }

      var result = log.appendAsFollower(BatchBytes.of(many.flip()), new LeaderEpoch(epoch));

      assertThat(result).isInstanceOf(Appended.class);
    }

    private void read() {
      var edges = model.edges();
      long below = edges.get(random.nextInt(edges.size()));
      if (model.start() < below) {
        long offset = random.nextLong(model.start(), below);
        readOnce(offset, random.nextInt(1, 5_000), below);
      }
    }

    private long readOnce(long offset, int bytesMax, long below) {
      var memory = new LentMemory();
      var slice = log.view().read(offset, bytesMax, below, memory);

      assertThat(memory.lent()).isEqualTo(1);
      assertThat(slice.isEmpty()).isFalse();
      assertThat(slice.nextOffset()).isLessThanOrEqualTo(below);
      assertThat(slice.batches().header().baseOffset()).isLessThanOrEqualTo(offset);
      boolean isFirst = true;
      long next = offset;
      for (BatchBytes each : slice.batches().batches()) {
        assertThat(each.asByteBuffer()).isEqualTo(model.batchWith(next));
        assertThat(isFirst || slice.batches().size() <= bytesMax).isTrue();
        next = each.header().nextOffset();
        isFirst = false;
      }
      assertThat(slice.nextOffset()).isEqualTo(next);
      if (slice.isFull()) {
        int following = model.batchWith(next).remaining();
        assertThat(slice.batches().size() + following).isGreaterThan(bytesMax);
      }
      slice.batches().release();
      assertThat(memory.lent()).isZero();
      return next;
    }

    private void readAll() {
      long offset = model.start();
      while (offset < model.end()) {
        offset = readOnce(offset, 3_000, model.end());
      }
    }

    private void lookUpTime() {
      var edges = model.edges();
      long below = edges.get(random.nextInt(edges.size()));
      long timestamp = clock + random.nextInt(-5_000, 1_000);

      assertThat(log.view().firstAtOrAfter(timestamp, below).record())
          .isEqualTo(model.firstAtOrAfter(timestamp, below));
    }

    private void askForCrc() {
      var edges = model.edges();
      long end = edges.get(random.nextInt(edges.size()));
      if (end > model.start()) {
        var expected = BatchBytes.of(model.batchWith(end - 1)).header().crc();
        assertThat(log.view().crcAt(end)).hasValue(expected);
      }
    }

    private void truncate() {
      var edges = model.edges();
      if (random.nextInt(6) == 0) {
        long at = random.nextLong(model.end() + 100);
        log.startOver(at, "test");
        model.startOver(at);
      } else {
        long newEnd = edges.get(random.nextInt(edges.size()));
        boolean isCut = newEnd < model.end();
        log.truncateTo(newEnd, "test");
        model.truncateTo(newEnd);
        assertThat(!isCut || log.durableEnd() == newEnd).isTrue();
      }
    }

    private void moveStart() {
      if (random.nextInt(4) == 0) {
        long newStart = random.nextLong(model.start(), model.end() + 1);
        log.raiseStart(newStart, DropReason.REQUEST);
        model.raiseStart(newStart);
      } else if (random.nextInt(4) == 0) {
        LogFixture.force(store, log);
        store.sweep();
      } else if (random.nextInt(4) == 0) {
        log.noteHighWatermark(random.nextLong(log.start(), log.end() + 1));
      }
    }

    private void stopAndStart() {
      assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
      reopen();
      var report = store.reports().getFirst().logs().getFirst();
      assertThat(report.scannedBytes() + report.cutBytes()).isZero();
    }

    /**
     * The page cache stays, so nothing is lost, but the start that was raised since the last force
     * may be.
     */
    private void killAndStart() {
      long startOnRecord = log.start();
      LogFixture.force(store, log);
      assertThat(log.start()).isEqualTo(startOnRecord);
      if (random.nextBoolean()) {
        appendAsLeader();
      }
      store.close();
      reopen();
    }

    private void reopen() {
      store = LogFixture.open(disk);
      assertThat(store.damaged()).isEmpty();
      log = store.log(partition(0)).orElseThrow();
      epoch = Math.max(epoch, model.lastEpoch());
    }
  }
}
