package dev.naru.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.naru.chaos.host.LoopDisk;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.testing.files.ReplicaFiles;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Three nodes whose disks fill up. They warn, then refuse records, and lose none that they have
 * acknowledged; everything else goes on. They take records again by themselves, once a topic is
 * deleted or its records are old enough. And a node starts on a disk on which nothing is left.
 */
final class FullDisk implements AutoCloseable {

  private static final long DISK_BYTES = 160 << 20;
  private static final int NODES = 3;
  private static final int VALUE_BYTES = 200_000;
  private static final int DELETED_BYTES = 24 << 20;

  /**
   * On a disk as small as these what is kept for the rest begins at 0.875, and the warning before.
   */
  private static final double WARNING_RATIO = 0.78;

  private static final String NODE_SETTINGS = "log.retention.check.interval.ms: 1000\n";
  private static final Duration RETENTION = Duration.ofSeconds(10);

  private static final String KEPT = "kept";
  private static final String DELETED = "deleted";
  private static final String BRIEF = "brief";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Nodes look at their disks every second. */
  private static final Duration LOOKS = Duration.ofSeconds(3);

  private final List<LoopDisk> disks = new ArrayList<>();
  private final ProcessCluster cluster;
  private final NaruClient client;
  private final Producer<byte[], byte[]> producer;
  private final BitSet acknowledged = new BitSet();
  private final SplittableRandom random = new SplittableRandom(0);
  private int written;

  private FullDisk(Path directory) throws IOException {
    try {
      for (int node = 1; node <= NODES; node++) {
        var place = directory.resolve("node-" + node);
        disks.add(LoopDisk.mount(directory.resolve("disk-" + node), place, DISK_BYTES));
      }
      cluster = ProcessCluster.start(directory, NODES, NODE_SETTINGS);
    } catch (IOException | RuntimeException | AssertionError e) {
      disks.forEach(LoopDisk::close);
      throw e;
    }
    client = cluster.client();
    producer = client.producer(Codec.bytes(), Codec.bytes()).retries(0).build();
  }

  /** Runs it all in an empty directory and says what it measured. */
  static Report run(Path directory) throws IOException {
    try (var story = new FullDisk(directory)) {
      return story.unfold();
    }
  }

  private Report unfold() throws IOException {
    var kept = create(NewTopic.named(KEPT).config("retention.ms", "-1"));
    var _ = create(NewTopic.named(DELETED));
    for (int bytes = 0; bytes < DELETED_BYTES; bytes += VALUE_BYTES) {
      assertThat(offer(DELETED)).isTrue();
    }

    double warnedAt = writeUntilWarned();
    double refusedAt = writeUntilRefused();
    assertThat(lost()).as("acknowledged records that cannot be read").isZero();
    awaitInSync();

    client.admin().deleteTopic(DELETED).join();
    long afterDeletion = millisUntilTaken();

    var _ =
        create(
            NewTopic.named(BRIEF)
                .config("retention.ms", Long.toString(RETENTION.toMillis()))
                .config("segment.bytes", Integer.toString(1 << 20)));
    while (offer(BRIEF)) {
      assertThat(usedRatio()).as("used of the fullest disk").isLessThan(1);
    }
    long afterRetention = millisUntilTaken();

    restartWithNothingLeft();
    awaitInSync();
    long lost = lost();
    stopAll();
    return new Report(
        warnedAt,
        refusedAt,
        acknowledged.cardinality(),
        lost,
        afterDeletion,
        afterRetention,
        areReplicasEqual(kept));
  }

  private UUID create(NewTopic topic) {
    return client
        .admin()
        .createTopic(topic.partitions(1).replicationFactor(NODES))
        .join()
        .id()
        .orElseThrow();
  }

  // ---- filling up

  private double writeUntilWarned() throws IOException {
    while (usedRatio() < WARNING_RATIO) {
      assertThat(offer(KEPT)).as("whether a record is taken at %.3f", usedRatio()).isTrue();
    }
    double ratio = usedRatio();
    await("every node to warn").atMost(LIMIT).until(() -> warnings() >= NODES);
    assertThat(offer(KEPT)).as("whether a record is taken after the warning").isTrue();
    return ratio;
  }

  private double writeUntilRefused() throws IOException {
    do {
      while (offer(KEPT)) {
        assertThat(usedRatio()).as("used of the fullest disk").isLessThan(1);
      }
    } while (isTakenAgain());
    return usedRatio();
  }

  /** Between two looks at the disk a node counts what it writes, and rather too much. */
  private boolean isTakenAgain() {
    try {
      await().atMost(LOOKS).until(() -> offer(KEPT));
      return true;
    } catch (ConditionTimeoutException refusedAllTheTime) {
      return false;
    }
  }

  private double usedRatio() throws IOException {
    double most = 0;
    for (var disk : disks) {
      most = Math.max(most, disk.usedRatio());
    }
    return most;
  }

  private long warnings() throws IOException, InterruptedException {
    long warned = 0;
    for (int node = 1; node <= NODES; node++) {
      warned += cluster.metric(node, "naru_events_total", "DISK_WATERMARK") > 0 ? 1 : 0;
    }
    return warned;
  }

  /** Sends one more record; false if a full disk is why it is not taken, as nothing else may be. */
  private boolean offer(String topic) {
    var value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    int number = written++;
    ByteBuffer.wrap(value).putInt(number);
    try {
      var _ = producer.send(ProducerRecord.of(topic, value)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof NaruException refused && refused.code() == ErrorCode.DISK_FULL) {
        return false;
      }
      throw e;
    }
    if (topic.equals(KEPT)) {
      acknowledged.set(number);
    }
    return true;
  }

  private long millisUntilTaken() {
    long began = System.nanoTime();
    await("records to be taken again").atMost(LIMIT).until(() -> offer(KEPT));
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  // ---- what goes on meanwhile

  private long lost() {
    var missing = (BitSet) acknowledged.clone();
    try (var consumer = client.consumer(Codec.bytes(), Codec.bytes()).build()) {
      var partitions = consumer.partitionsOf(KEPT);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions.toArray(TopicPartition[]::new));
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        for (var rec : consumer.poll(Duration.ofSeconds(1))) {
          missing.clear(ByteBuffer.wrap(requireNonNull(rec.value())).getInt());
        }
      }
    }
    return missing.cardinality();
  }

  private void awaitInSync() {
    await("all replicas to be in sync")
        .atMost(LIMIT)
        .until(() ->
            client.admin().describeTopic(KEPT).join().partitions().stream()
                .allMatch(partition -> partition.isr().size() == NODES));
  }

  private void restartWithNothingLeft() throws IOException {
    var taken = disks.getFirst().fill();
    cluster.node(1).kill();
    cluster.restart(1).awaitReady();
    assertThat(lost()).as("acknowledged records that cannot be read").isZero();
    Files.delete(taken);
  }

  private void stopAll() {
    for (var node : cluster.nodes()) {
      assertThat(node.stop()).as("exit status of node " + node.id()).isZero();
    }
  }

  /** Of the topic that loses nothing; replicas of the others lose segments when they come to it. */
  private boolean areReplicasEqual(UUID topic) throws IOException {
    var digests = new TreeSet<String>();
    for (int node = 1; node <= NODES; node++) {
      var kept = topic + "-0";
      digests.add(String.valueOf(ReplicaFiles.digests(cluster.dataDirectory(node)).get(kept)));
    }
    return digests.size() == 1;
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    client.close();
    cluster.close();
    disks.forEach(LoopDisk::close);
  }

  /** What a run measured. */
  record Report(
      double warnedAt,
      double refusedAt,
      long acknowledged,
      long lost,
      long afterDeletionMillis,
      long afterRetentionMillis,
      boolean replicasEqual) {

    @Override
    public String toString() {
      return "warned_at=%.3f refused_at=%.3f acknowledged=%d lost=%d"
              .formatted(warnedAt, refusedAt, acknowledged, lost)
          + " resumed_after_deletion_ms=%d resumed_after_retention_ms=%d replicas_equal=%s"
              .formatted(afterDeletionMillis, afterRetentionMillis, replicasEqual);
    }
  }
}
