package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How records are cut into batches and batches into segments, and when they are forced, is nobody's
 * business but the disk's: the same operations give the same reads, whatever these are. Operations
 * are drawn first and then done in one way after the other; what is read is written down, and all
 * accounts must be the same.
 */
class SameReadsTest {

  private static final int SEQUENCES = 80;
  private static final int STEPS = 40;

  @Test
  void areTheSameWhateverTheSizesOfSegmentsAndBatchesAndWheneverItIsForced() {
    Seeds.forEach(SEQUENCES, (seed, random) -> areTheSame(random));
  }

  @Test
  @Tag("property")
  void areTheSameAtLength() {
    Seeds.forEach(5_000, (seed, random) -> areTheSame(random));
  }

  private static void areTheSame(RandomGenerator random) {
    var operations = Operation.drawn(random);
    var expected = new Run(Way.PLAIN).account(operations);

    for (Way way : Way.drawn(random)) {
      assertThat(new Run(way).account(operations)).as(way.toString()).isEqualTo(expected);
    }
  }

  /** When what was written is forced. */
  private enum Flush {
    NEVER,
    AFTER_EACH_APPEND,
    NOW_AND_THEN,
    THE_WHOLE_DISK_AT_ONCE
  }

  /** One way to do the same. */
  private record Way(int segmentBytes, int batchRecords, Compression compression, Flush flush) {

    static final Way PLAIN = new Way(1 << 20, Integer.MAX_VALUE, Compression.NONE, Flush.NEVER);

    /** One of each, mixed at random. */
    static List<Way> drawn(RandomGenerator random) {
      int[] segments = {1, 500, 3_000, 20_000, 1 << 20};
      int[] batches = {1, 2, 7, 50, Integer.MAX_VALUE};
      var codecs = List.of(Compression.values());
      var flushes = List.of(Flush.values());
      return IntStream.range(0, 5)
          .mapToObj(i ->
              new Way(
                  segments[i],
                  batches[random.nextInt(batches.length)],
                  codecs.get(random.nextInt(codecs.size())),
                  flushes.get(random.nextInt(flushes.size()))))
          .toList();
    }
  }

  /** What is done. Places are parts of what there is, so that they do not depend on the way. */
  private sealed interface Operation {

    record Append(List<Draft> records, int epochsLater, boolean isLeader) implements Operation {}

    record Read(double from, double below) implements Operation {}

    record LookUp(long timestamp, double below) implements Operation {}

    record Cut(double to) implements Operation {}

    record StartOver(long at) implements Operation {}

    record RaiseStart(double to) implements Operation {}

    record Restart() implements Operation {}

    /** A record to be. */
    record Draft(long timestamp, String key, int valueBytes) {}

    static List<Operation> drawn(RandomGenerator random) {
      var operations = new ArrayList<Operation>();
      for (int i = 0; i < STEPS; i++) {
        operations.add(
            switch (random.nextInt(20)) {
              case 0, 1, 2, 3, 4, 5, 6, 7 ->
                  new Append(drafts(random), random.nextInt(4) / 3, random.nextBoolean());
              case 8, 9, 10, 11 -> new Read(random.nextDouble(), random.nextDouble());
              case 12, 13, 14 ->
                  new LookUp(NOW_MILLIS + random.nextInt(-10, 1_010), random.nextDouble());
              case 15, 16 -> new Cut(random.nextDouble());
              case 17 -> random.nextInt(4) > 0 ? new Restart() : new StartOver(random.nextInt(500));
              case 18 -> new RaiseStart(random.nextDouble() / 4);
              default -> new Restart();
            });
      }
      operations.add(new Read(0, 1));
      return operations;
    }

    private static List<Draft> drafts(RandomGenerator random) {
      return IntStream.range(0, random.nextInt(1, 30))
          .mapToObj(i ->
              new Draft(
                  NOW_MILLIS + random.nextInt(1_000),
                  "key-" + random.nextInt(10),
                  random.nextInt(8) == 0 ? random.nextInt(2_000) : random.nextInt(50)))
          .toList();
    }
  }

  /** All operations, done in one way on a log of its own. */
  private static final class Run {

    private final Way way;
    private final CrashableDisk disk = LogFixture.formatted();
    private final LogConfig config;
    private final List<String> account = new ArrayList<>();

    /** Where appends began: a place for a cut that is between batches in every way. */
    private final List<Long> edges = new ArrayList<>();

    private LogStore store = LogFixture.open(disk);
    private PartitionLog log;
    private int epoch = 1;
    private int appends;

    Run(Way way) {
      this.way = way;
      this.config = new LogConfig(way.segmentBytes(), TimestampType.CREATE_TIME);
      if (way.flush() == Flush.THE_WHOLE_DISK_AT_ONCE) {
        disk.preferForceAllAbove(0);
      }
      this.log = store.create(partition(0), config);
    }

    List<String> account(List<Operation> operations) {
      for (Operation operation : operations) {
        perform(operation);
        account.add(log.start() + " to " + log.end() + ", epochs " + log.epochs().toText());
      }
      return account;
    }

    private void perform(Operation operation) {
      switch (operation) {
        case Operation.Append append -> append(append);
        case Operation.Read(var from, var below) -> read(offsetAt(from), edgeAt(below));
        case Operation.LookUp(var timestamp, var below) ->
            account.add(log.view().firstAtOrAfter(timestamp, edgeAt(below)).record().toString());
        case Operation.Cut(var to) -> cut(edgeAt(to));
        case Operation.StartOver(var at) -> {
          log.startOver(at, "test");
          edges.clear();
        }
        case Operation.RaiseStart(var to) -> log.raiseStart(edgeAt(to), DropReason.REQUEST);
        case Operation.Restart() -> restart();
      }
    }

    private void append(Operation.Append append) {
      epoch += append.epochsLater();
      edges.add(log.end());
      for (int from = 0; from < append.records().size(); ) {
        int to = (int) Math.min(append.records().size(), (long) from + way.batchRecords());
        append(batch(append.records().subList(from, to)), append.isLeader());
        from = to;
      }
      boolean isTime = appends++ % 3 == 0;
      if (way.flush() != Flush.NEVER && (way.flush() != Flush.NOW_AND_THEN || isTime)) {
        LogFixture.force(store, log);
      }
    }

    private BatchBytes batch(List<Operation.Draft> drafts) {
      var builder = new BatchBuilder(1 << 20);
      for (var draft : drafts) {
        builder.append(
            draft.timestamp(),
            draft.key().getBytes(StandardCharsets.UTF_8),
            new byte[draft.valueBytes()],
            List.of());
      }
      return builder.build(way.compression());
    }

    private void append(BatchBytes batch, boolean isLeader) {
      if (isLeader) {
        log.appendAsLeader(batch, new LeaderEpoch(epoch), NOW_MILLIS);
      } else {
        batch.stamp(log.end(), new LeaderEpoch(epoch));
        log.appendAsFollower(batch, new LeaderEpoch(epoch));
      }
    }

    private long offsetAt(double part) {
      return log.start() + (long) (part * (log.end() - log.start()));
    }

    private long edgeAt(double part) {
      var open = edges.stream().filter(edge -> edge >= log.start()).toList();
      int at = (int) (part * (open.size() + 1));
      return at >= open.size() ? log.end() : open.get(at);
    }

    private void read(long from, long below) {
      long offset = from;
      while (offset < below) {
        var slice = log.view().read(offset, 1_500, below);
        for (BatchBytes batch : slice.batches().batches()) {
          note(batch, offset);
        }
        offset = slice.nextOffset();
      }
    }

    private void note(BatchBytes batch, long from) {
      var records = RecordReader.open(batch, InflationLimit.DEFAULT);
      while (records.hasNext()) {
        var each = records.next();
        if (each.offset() >= from) {
          String key = StandardCharsets.UTF_8.decode(each.key().orElseThrow()).toString();
          int size = each.value().map(ByteBuffer::remaining).orElseThrow();
          account.add(
              "%d@%d at %d: %s, %d bytes"
                  .formatted(
                      each.offset(), batch.header().leaderEpoch(), each.timestamp(), key, size));
        }
      }
    }

    private void cut(long newEnd) {
      log.truncateTo(newEnd, "test");
      edges.removeIf(edge -> edge >= newEnd);
    }

    private void restart() {
      assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
      store = LogFixture.open(disk);
      log = store.log(partition(0)).orElseThrow();
      log.configure(config);
    }
  }
}
