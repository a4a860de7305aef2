package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.testing.Eventually;
import dev.naru.testing.files.PartitionFolder;
import dev.naru.testing.files.SegmentFile;
import dev.naru.testing.files.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Keyed records in a compacted topic on three nodes, and what must be left of them. */
final class CompactedTable {

  static final String TOPIC = "newest-by-key";

  private static final int KEYS = 200;
  private static final String PADDING = "x".repeat(80);

  private static final Eventually PASSES =
      Eventually.allowing("the last segment is closed once it is idle", Duration.ofSeconds(7))
          .and("the compactor rests between passes", Duration.ofSeconds(1))
          .and("its thread gives way to all others of a loaded machine", Duration.ofSeconds(20));

  private final UUID topic;
  private final int segmentBytes;
  private final SortedMap<String, StoredRecord> newest = new TreeMap<>(); // as acknowledged
  private long written;

  private CompactedTable(UUID topic, int segmentBytes) {
    this.topic = topic;
    this.segmentBytes = segmentBytes;
  }

  static CompactedTable create(NaruClient client, int segmentBytes, Duration segmentAge) {
    var topic =
        NewTopic.named(TOPIC)
            .partitions(1)
            .replicationFactor(3)
            .config("cleanup.policy", "compact")
            .config("segment.bytes", Integer.toString(segmentBytes))
            .config("segment.ms", Long.toString(segmentAge.toMillis()))
            .config("min.cleanable.dirty.ratio", "0") // however small the last segment is
            .config("delete.retention.ms", "1000");
    return new CompactedTable(
        client.admin().createTopic(topic).join().id().orElseThrow(), segmentBytes);
  }

  /** Writes every key once more, and deletes some. */
  void write(NaruClient client, int round) {
    send(client, 0, KEYS, "round " + round + PADDING);
    send(client, round, round + 10, null);
  }

  /** Writes what no pass comes to see: the active segment. */
  void writeHead(NaruClient client) {
    send(client, 0, 10, "at last");
  }

  private void send(NaruClient client, int fromKey, int toKey, @Nullable String value) {
    try (var producer = writer(client)) {
      var sent = new TreeMap<String, CompletableFuture<RecordAck>>();
      IntStream.range(fromKey, toKey)
          .mapToObj("key-%03d"::formatted)
          .forEach(key -> sent.put(key, producer.send(ProducerRecord.of(TOPIC, key, value))));
      sent.forEach((key, ack) -> {
        long offset = ack.join().offset();
        newest.put(key, StoredRecord.ofText(offset, Optional.of(key), Optional.ofNullable(value)));
        written++;
      });
    }
  }

  PartitionFolder folder(ProcessCluster cluster, int node) {
    return PartitionFolder.of(cluster.dataDirectory(node), topic, 0);
  }

  /** Its batches fit into segments, also where many records wait for the first answer. */
  private Producer<String, String> writer(NaruClient client) {
    return client
        .producer(Codec.utf8(), Codec.utf8())
        .batchSize(2_048)
        .maxRequestSize(segmentBytes)
        .build();
  }

  /** Nobody writes any more: in the end the clean part holds everything, on each replica. */
  void awaitPasses(ProcessCluster cluster) {
    long end = newest.values().stream().mapToLong(StoredRecord::offset).max().orElseThrow() + 1;
    for (int node = 1; node <= 3; node++) {
      var folder = folder(cluster, node).path();
      PASSES.until(
          "node " + node + " has compacted its log up to " + end, () -> cleanEnd(folder) == end);
    }
  }

  // ---- what the files say, once the nodes have stopped

  /**
   * What was found.
   *
   * @param oversize segments that are too large
   * @param duplicateKeysClean records below the clean points with a key that occurs before
   */
  record Findings(long oversize, long duplicateKeysClean, boolean replicasEqual) {}

  /** Reads all replicas. What is not as it was written is an error. */
  Findings inspect(ProcessCluster cluster) throws IOException {
    long oversize = 0;
    long duplicates = 0;
    var replicas = new ArrayList<SortedMap<String, StoredRecord>>();
    for (int node = 1; node <= 3; node++) {
      var folder = folder(cluster, node);
      var segments = folder.segments();
      var records = records(segments);
      assertThat(records.size()).as("records that are left").isLessThan((int) written / 2);
      oversize += segments.stream().filter(each -> each.sizeInBytes() > segmentBytes).count();
      duplicates += duplicates(records, cleanEnd(folder.path()));
      replicas.add(fold(records));
    }
    var expected = visible(newest);
    assertThat(replicas.getFirst()).as("the newest record of each key").isEqualTo(expected);
    return new Findings(
        oversize, duplicates, replicas.stream().allMatch(replica -> replica.equals(expected)));
  }

  /** Of one chain of batches, from the first file's name to the end of the last one. */
  private static List<StoredRecord> records(List<SegmentFile> segments) {
    var records = new ArrayList<StoredRecord>();
    for (var batch : SegmentFile.chain(segments)) {
      records.addAll(batch.read());
    }
    return records;
  }

  private static long duplicates(List<StoredRecord> records, long cleanEnd) {
    var keys = new HashSet<Optional<String>>();
    return records.stream()
        .filter(each -> each.offset() < cleanEnd && !keys.add(each.key()))
        .count();
  }

  private static SortedMap<String, StoredRecord> fold(List<StoredRecord> records) {
    var newest = new TreeMap<String, StoredRecord>();
    records.forEach(each -> newest.put(each.key().orElseThrow(), each));
    return visible(newest);
  }

  /** Without what was deleted. */
  private static SortedMap<String, StoredRecord> visible(SortedMap<String, StoredRecord> newest) {
    var visible = new TreeMap<>(newest);
    visible.values().removeIf(record -> record.value().isEmpty());
    return visible;
  }

  /** As the checkpoint has it; 0 while there is none. */
  private static long cleanEnd(Path folder) throws IOException {
    var checkpoint = folder.resolve("compaction");
    if (!Files.exists(checkpoint)) {
      return 0;
    }
    return Files.readAllLines(checkpoint).stream()
        .filter(line -> line.startsWith("clean-end "))
        .mapToLong(line -> Long.parseLong(line.substring("clean-end ".length())))
        .findFirst()
        .orElseThrow();
  }
}
