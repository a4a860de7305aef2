package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.testing.files.PartitionFolder;
import dev.naru.testing.files.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What becomes of topics' segments: small ones, closed by size and by time, of one topic deleted by
 * size and by age, of another one compacted. Three nodes do it as processes; their files are looked
 * at while they run, and read with a parser of our own once they have stopped.
 */
final class RollRetain {

  private static final String NODE_SETTINGS =
      """
      log.retention.check.interval.ms: 1000
      log.cleaner.backoff.ms: 500
      """;
  private static final String TOPIC = "kept-for-a-while";
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final Duration SEGMENT_AGE = Duration.ofSeconds(5);
  private static final long RETENTION_BYTES = 128 << 10;
  private static final Duration RETENTION = Duration.ofSeconds(15);
  private static final int WRITTEN_BYTES = 1 << 20;
  private static final int VALUE_BYTES = 1000;
  private static final int ROUNDS = 20;

  /** A check, and the time to act on it. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** What followers learn of, and their own checks. */
  private static final Duration FOLLOWERS = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final SortedSet<Long> segments = new TreeSet<>(); // by first offset
  private long oversize;
  private long rolledMillis;
  private long keptBytes;
  private final ActiveWatch active = new ActiveWatch();
  private final ActiveWatch activeOfTable = new ActiveWatch();

  /** Runs it all in an empty directory and says what it measured. */
  Report run(Path directory) throws IOException {
    try (var cluster = ProcessCluster.start(directory, 3, NODE_SETTINGS)) {
      UUID topic;
      CompactedTable table;
      try (var client = cluster.client()) {
        topic = create(client);
        table = CompactedTable.create(client, SEGMENT_BYTES, SEGMENT_AGE);
        var folder = PartitionFolder.of(cluster.dataDirectory(leader(client, TOPIC)), topic, 0);
        for (int i = 0; i < WRITTEN_BYTES; i += 10 * VALUE_BYTES) {
          write(client, 10);
          look(folder);
        }
        long writtenNanos = System.nanoTime();
        awaitRetentionBytes(folder);
        awaitRoll(folder, writtenNanos);
        compact(cluster, client, table);
        awaitRetentionTime(folder, writtenNanos);
        table.writeHead(client);
        awaitFollowers(cluster, topic);
        // Into the segment that was never touched; last, as retention takes these, too, in a while.
        write(client, 5);
      }
      stop(cluster);
      boolean isEqual = areReplicasEqual(cluster, topic);
      var found = table.inspect(cluster);
      return new Report(
          segments.size(),
          oversize + found.oversize(),
          rolledMillis,
          keptBytes,
          found.duplicateKeysClean(),
          active.touched() + activeOfTable.touched(),
          isEqual && found.replicasEqual());
    }
  }

  /** All at once: nobody is left to hand over to. */
  private static void stop(ProcessCluster cluster) {
    var stops =
        cluster.nodes().stream().map(node -> CompletableFuture.supplyAsync(node::stop)).toList();
    assertThat(stops).as("exit statuses").allSatisfy(stop -> assertThat(stop.join()).isZero());
  }

  private static int leader(NaruClient client, String topic) {
    var partitions = client.admin().describeTopic(topic).join().partitions();
    return partitions.get(0).leader().orElseThrow();
  }

  private static UUID create(NaruClient client) {
    var topic =
        NewTopic.named(TOPIC)
            .partitions(1)
            .replicationFactor(3)
            .config("cleanup.policy", "delete")
            .config("segment.bytes", Integer.toString(SEGMENT_BYTES))
            .config("segment.ms", Long.toString(SEGMENT_AGE.toMillis()))
            .config("retention.bytes", Long.toString(RETENTION_BYTES))
            .config("retention.ms", Long.toString(RETENTION.toMillis()));
    return client.admin().createTopic(topic).join().id().orElseThrow();
  }

  /** Each is awaited, so that there are many small batches. */
  private static void write(NaruClient client, int records) {
    try (Producer<byte[], byte[]> producer =
        client.producer(Codec.bytes(), Codec.bytes()).build()) {
      for (int i = 0; i < records; i++) {
        producer.send(ProducerRecord.of(TOPIC, new byte[VALUE_BYTES])).join();
      }
    }
  }

  private void awaitRetentionBytes(PartitionFolder folder) {
    await("retention.bytes to be kept")
        .atMost(SLACK.plus(SLACK))
        .pollInterval(LOOK)
        .until(() -> bytesIn(look(folder)) <= RETENTION_BYTES + SEGMENT_BYTES);
    keptBytes = bytesIn(active.last());
    assertThat(keptBytes).as("bytes kept").isGreaterThan(RETENTION_BYTES - SEGMENT_BYTES);
  }

  /** Nobody writes any more, yet the last segment does not stay open. */
  private void awaitRoll(PartitionFolder folder, long writtenNanos) {
    await("an idle segment to be closed")
        .atMost(SEGMENT_AGE.plus(SLACK))
        .pollInterval(LOOK)
        .until(() -> look(folder).lastEntry().getValue() == 0);
    rolledMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - writtenNanos);
    assertThat(rolledMillis).isLessThanOrEqualTo(SEGMENT_AGE.plus(SLACK).toMillis());
  }

  /** While the other topic's segments grow old. */
  private void compact(ProcessCluster cluster, NaruClient client, CompactedTable table)
      throws IOException {
    var folder = table.folder(cluster, leader(client, CompactedTable.TOPIC));
    for (int round = 0; round < ROUNDS; round++) {
      table.write(client, round);
      activeOfTable.look(folder.sizes());
    }
    table.awaitPasses(cluster);
    activeOfTable.look(folder.sizes());
  }

  private void awaitRetentionTime(PartitionFolder folder, long writtenNanos) {
    await("all closed segments to be deleted")
        .atMost(RETENTION.plus(SLACK))
        .pollInterval(LOOK)
        .until(() -> look(folder).size() == 1);
    assertThat(System.nanoTime() - writtenNanos)
        .as("time until the last closed segment went")
        .isGreaterThanOrEqualTo(RETENTION.toNanos());
  }

  private NavigableMap<Long, Long> look(PartitionFolder folder) throws IOException {
    var sizes = new TreeMap<>(folder.sizes());
    active.look(sizes);
    segments.addAll(sizes.keySet());
    return sizes;
  }

  private static long bytesIn(SortedMap<Long, Long> sizes) {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void awaitFollowers(ProcessCluster cluster, UUID topic) {
    await("all replicas to have one segment")
        .atMost(FOLLOWERS)
        .pollInterval(LOOK)
        .until(() -> {
          for (int node = 1; node <= 3; node++) {
            if (PartitionFolder.of(cluster.dataDirectory(node), topic, 0).sizes().size() != 1) {
              return false;
            }
          }
          return true;
        });
  }

  // ---- what the files say

  private boolean areReplicasEqual(ProcessCluster cluster, UUID topic) throws IOException {
    var replicas = new ArrayList<Replica>();
    for (int node = 1; node <= 3; node++) {
      var read = PartitionFolder.of(cluster.dataDirectory(node), topic, 0).segments();
      read.forEach(each -> segments.add(each.base()));
      oversize += read.stream().filter(each -> each.sizeInBytes() > SEGMENT_BYTES).count();
      replicas.add(new Replica(read.getFirst().base(), batches(read)));
    }
    return replicas.stream().allMatch(one -> replicas.stream().allMatch(one::equalsWhereBothAre));
  }

  /** What one node holds; nothing, if it took so long to stop that retention was faster. */
  private record Replica(long start, NavigableMap<Long, ByteBuffer> batches) {

    /** Each begins where a segment of its own does. */
    boolean equalsWhereBothAre(Replica other) {
      long from = Math.max(start, other.start);
      return batches.tailMap(from, true).equals(other.batches.tailMap(from, true));
    }
  }

  private static NavigableMap<Long, ByteBuffer> batches(List<SegmentFile> segments) {
    var batches = new TreeMap<Long, ByteBuffer>();
    SegmentFile.chain(segments).forEach(batch -> batches.put(batch.base(), batch.bytes()));
    return batches;
  }

  /** What a run measured. */
  record Report(
      long segments,
      long oversize,
      long rolledMillis,
      long keptBytes,
      long duplicateKeysClean,
      long activeTouched,
      boolean replicasEqual) {

    @Override
    public String toString() {
      return ("segments=%d oversize=%d rolled_ms=%d kept_bytes=%d"
              + " duplicate_keys_clean=%d active_touched=%d replicas_equal=%s")
          .formatted(
              segments,
              oversize,
              rolledMillis,
              keptBytes,
              duplicateKeysClean,
              activeTouched,
              replicasEqual);
    }
  }
}
