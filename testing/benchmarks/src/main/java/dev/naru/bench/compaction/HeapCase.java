package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A log of 10 GB with 10 million keys is compacted by a node that has a heap of 256 MiB. It is
 * written while the node does not look for something to compact; then the node starts again, and
 * the time until all is clean counts from there. At the end a consumer reads what is left.
 */
final class HeapCase {

  private static final String TOPIC = "table";
  private static final int VALUE_BYTES = 232; // with the key and what a record has besides, 256 B
  private static final int RECORD_BYTES = 256;
  private static final long SEED = 1;
  private static final Duration PASSES_MAX = Duration.ofHours(1);
  private static final long LOOK_MILLIS = 200;

  private final Path script;
  private final Options options;
  private final Path home;
  private final KeyedRecords records;

  private HeapCase(Path script, Options options) {
    this.script = script;
    this.options = options;
    this.home = Work.emptied(options.work(), "heap");
    this.records = new KeyedRecords(options.keys(), VALUE_BYTES, SEED);
  }

  /** Runs it and says what it came to. */
  static String run(Path script, Options options) {
    var one = new HeapCase(script, options);
    var partition = one.write();
    var line = one.compact(partition);
    Work.emptied(options.work(), "heap");
    return line;
  }

  private String write() {
    try (var node = OneNode.start(script, home, "heap-write", "log.cleaner.backoff.ms: 1h");
        var client = node.connect()) {
      var topic =
          client
              .admin()
              .createTopic(
                  NewTopic.named(TOPIC)
                      .partitions(1)
                      .replicationFactor(1)
                      .config("cleanup.policy", "compact")
                      .config("segment.bytes", Integer.toString(options.segmentBytes()))
                      .config("min.cleanable.dirty.ratio", "0.01"))
              .join();
      long bytes = options.bytes() + options.segmentBytes(); // the last segment is not compacted
      var now = Instant.now();
      long startNanos = System.nanoTime();
      records.write(client, TOPIC, (int) (bytes / RECORD_BYTES), number -> now);
      Work.say("wrote %,d records in %.0f s", records.count(), secondsSince(startNanos));
      return topic.id().orElseThrow() + "-0";
    }
  }

  private String compact(String partition) {
    long before = new LogFolder(home.resolve("data").resolve(partition)).closedBytes();
    try (var node =
            OneNode.start(
                script,
                home,
                "heap-compact",
                "log.cleaner.backoff.ms: 1s",
                "log.cleaner.io.max.bytes.per.second: 10GiB");
        var client = node.connect()) {
      double resident = awaitClean(node, partition);
      var passes = node.passes();
      double seconds = (passes.getLast().nanos() - node.startNanos()) / 1e9;
      long read = passes.stream().mapToLong(OneNode.Pass::bytesBefore).sum();
      long after = node.folder(partition).closedBytes();
      var left = check(client, node.folder(partition).cleanEnd());
      return String.format(
          Locale.ROOT,
          "bytes_before=%d bytes_after=%d seconds=%.1f mb_per_s=%.1f passes=%d rewritten_bytes=%d"
              + " keys=%d records=%d left=%d clean_keys=%d twice=0 heap_max=%s resident_mib=%.0f",
          before,
          after,
          seconds,
          before / seconds / 1e6,
          passes.size(),
          read,
          options.keys(),
          records.count(),
          left.records(),
          left.cleanKeys(),
          OneNode.HEAP,
          resident);
    }
  }

  private KeyedRecords.Left check(NaruClient client, long cleanEnd) {
    long startNanos = System.nanoTime();
    var left = records.check(client, TOPIC, cleanEnd);
    Work.say("read %,d records in %.0f s", left.records(), secondsSince(startNanos));
    return left;
  }

  /** The most memory that the process was seen with. */
  private static double awaitClean(OneNode node, String partition) {
    double resident = 0;
    int told = 0;
    long deadline = System.nanoTime() + PASSES_MAX.toNanos();
    while (node.folder(partition).cleanEnd() < node.folder(partition).activeBase()
        || node.passes().isEmpty()) {
      node.requireAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new BenchmarkFailure("Expected all to be clean after an hour, but it is not");
      }
      resident = Math.max(resident, node.residentMebibytes());
      for (var passes = node.passes(); told < passes.size(); told++) {
        Work.say(
            "%.0f s: %s", (passes.get(told).nanos() - node.startNanos()) / 1e9, passes.get(told));
      }
      Work.pause(LOOK_MILLIS);
    }
    Work.pause(LOOK_MILLIS); // the line of the last pass comes after its checkpoint
    return Math.max(resident, node.residentMebibytes());
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
