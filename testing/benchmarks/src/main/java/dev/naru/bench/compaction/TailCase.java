package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What a consumer at the end of a log has of compaction and retention beside it, on one node: twice
 * in turn a quiet time, and one in which another log is compacted and a third one loses a segment
 * now and then.
 *
 * <p>What is compacted and deleted is written before, with times from which it is due at the
 * beginning of its phase: for compaction all at once, for retention spread over the phase.
 */
final class TailCase {

  private static final int VALUE_BYTES = 232;
  private static final int DELETED_SEGMENT_BYTES = 64 << 20;
  private static final Duration AGE = Duration.ofHours(1);
  private static final long LOOK_MILLIS = 100;

  /** Nobody measures while files of a gigabyte are on their way to the disk. */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  /** What a phase works on: as much as it has time for. */
  private final int compactedRecords;

  private final int compactedKeys;
  private final int deletedRecords;
  private final Duration fill;
  private final Duration quiet;
  private final Duration busyMax;

  private final Options options;
  private final List<String> lines = new ArrayList<>();

  private TailCase(Options options) {
    this.options = options;
    int part = options.isQuick() ? 50 : 1;
    this.compactedRecords = 5_000_000 / part; // the first segment is full, and due
    this.compactedKeys = 1_000_000 / part;
    this.deletedRecords = 8_000_000 / part;
    this.fill = Duration.ofSeconds(options.isQuick() ? 20 : 60);
    this.quiet = Duration.ofSeconds(options.isQuick() ? 5 : 40);
    this.busyMax = Duration.ofSeconds(options.isQuick() ? 15 : 150);
  }

  /** Runs it; a line for each phase, and one for all. */
  static List<String> run(Path script, Options options) {
    var home = Work.emptied(options.work(), "tail");
    var one = new TailCase(options);
    try (var node =
            OneNode.start(
                script,
                home,
                "tail-node",
                "log.cleaner.backoff.ms: 1s",
                "log.retention.check.interval.ms: 1s");
        var client = node.connect()) {
      one.run(node, client);
    }
    Work.emptied(options.work(), "tail");
    return one.lines;
  }

  private void run(OneNode node, NaruClient client) {
    var first = Instant.now().plus(fill).plus(quiet);
    var second = first.plus(busyMax).plus(SETTLE).plus(quiet);
    create(client, NewTopic.named("tail"));
    var partitions = List.of(prepare(client, 1, first), prepare(client, 2, second));
    try (var tail =
        TailLoad.start(client, "tail", fill.plus(busyMax).plus(quiet).multipliedBy(3))) {
      var with = new ArrayList<Latencies>();
      var without = new ArrayList<Latencies>();
      for (int i = 0; i < 2; i++) {
        var due = i == 0 ? first : second;
        without.add(quiet(tail, "quiet-" + (i + 1), due));
        with.add(busy(node, tail, "busy-" + (i + 1), partitions.get(i)));
        Work.pause(SETTLE.toMillis());
      }
      lines.add(
          "p99 fetched: %s read: %s"
              .formatted(
                  compared(without, with, Latencies::fetchedMillis99),
                  compared(without, with, Latencies::readMillis99)));
    }
  }

  private static String compared(
      List<Latencies> without, List<Latencies> with, ToDoubleFunction<Latencies> of) {
    double before = mean(without, of);
    double beside = mean(with, of);
    return String.format(
        Locale.ROOT, "without=%.2f with=%.2f ratio=%.2f", before, beside, beside / before);
  }

  /** Of two, which is their median. */
  private static double mean(List<Latencies> phases, ToDoubleFunction<Latencies> of) {
    return phases.stream().mapToDouble(of).average().orElseThrow();
  }

  // ---- what is there before

  private String prepare(NaruClient client, int phase, Instant due) {
    var compacted =
        NewTopic.named("compacted-" + phase)
            .config("cleanup.policy", "compact")
            .config("segment.bytes", Integer.toString(options.segmentBytes()))
            .config("min.compaction.lag.ms", Long.toString(AGE.toMillis()));
    var deleted =
        NewTopic.named("deleted-" + phase)
            .config("segment.bytes", Integer.toString(DELETED_SEGMENT_BYTES))
            .config("retention.ms", Long.toString(AGE.toMillis()));
    String partition = create(client, compacted);
    create(client, deleted);
    var cleanable = due.minus(AGE);
    new KeyedRecords(compactedKeys, VALUE_BYTES, phase)
        .write(client, compacted.name(), compactedRecords, number -> cleanable);
    long stepNanos = busyMax.toNanos() / deletedRecords;
    new KeyedRecords(compactedKeys, VALUE_BYTES, phase)
        .write(
            client,
            deleted.name(),
            deletedRecords,
            number -> cleanable.plusNanos(number * stepNanos));
    Work.say("wrote what phase %d works on", phase);
    return partition;
  }

  /** Returns its partition, as the node's log names it. */
  private static String create(NaruClient client, NewTopic topic) {
    var _ = client.admin().createTopic(topic.partitions(1).replicationFactor(1)).join();
    return topic.name() + "/0";
  }

  // ---- phases

  private Latencies quiet(TailLoad tail, String name, Instant until) {
    long leftMillis = Duration.between(Instant.now(), until).toMillis();
    if (leftMillis < quiet.toMillis()) {
      throw new BenchmarkFailure(
          "Expected %d ms for %s, but %d are left: this machine is too slow for what is written"
              .formatted(quiet.toMillis(), name, leftMillis));
    }
    Work.pause(leftMillis - quiet.toMillis());
    long fromNanos = System.nanoTime();
    Work.pause(quiet.toMillis() - LOOK_MILLIS);
    return add(name, tail.between(fromNanos, System.nanoTime()), "");
  }

  /** As long as the pass lasts. */
  private Latencies busy(OneNode node, TailLoad tail, String name, String partition) {
    int deletedBefore = node.deletedSegments();
    Work.pause(LOOK_MILLIS);
    long fromNanos = System.nanoTime();
    var pass = awaitPass(node, partition, fromNanos);
    int deleted = node.deletedSegments() - deletedBefore;
    double seconds = (pass.nanos() - fromNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    return add(
        name,
        tail.between(fromNanos, pass.nanos()),
        String.format(
            Locale.ROOT,
            " compacted=%d to=%d seconds=%.1f segments_deleted=%d",
            pass.bytesBefore(),
            pass.bytesAfter(),
            seconds,
            deleted));
  }

  private OneNode.Pass awaitPass(OneNode node, String partition, long fromNanos) {
    while (System.nanoTime() - fromNanos < busyMax.toNanos()) {
      node.requireAlive();
      for (var pass : node.passes()) {
        if (pass.partition().equals(partition)) {
          return pass;
        }
      }
      Work.pause(LOOK_MILLIS);
    }
    throw new BenchmarkFailure(
        "Expected a pass over %s within %d s, but there was none"
            .formatted(partition, busyMax.toSeconds()));
  }

  private Latencies add(String name, Latencies latencies, String work) {
    lines.add(name + " " + latencies + work);
    Work.say("%s %s%s", name, latencies, work);
    return latencies;
  }
}
