package dev.naru.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.naru.chaos.host.NodeProcess;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.producer.Producer;
import dev.naru.testing.files.ReplicaFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Streams the JDK's own source through three nodes while the busiest leader is killed and restarted
 * and another node is killed, then compares: every line per file in order, nothing missing, and the
 * replicas' files byte for byte.
 */
final class RealInput {

  private static final String TOPIC = "jdk-source";
  private static final int PARTITIONS = 6;
  private static final String LINE_NUMBER = "n";
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

  private final SourceLines source;
  private final long linesExpected;
  private final LineLedger ledger = new LineLedger();
  private final AckGap gap = new AckGap();

  RealInput(SourceLines source, long linesExpected) {
    this.source = source;
    this.linesExpected = linesExpected;
  }

  /** Runs it all in an empty directory and says what it measured. */
  Report run(Path directory) throws IOException {
    try (var cluster = ProcessCluster.start(directory, 3)) {
      long seconds;
      try (var client = cluster.client()) {
        client
            .admin()
            .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
            .join();
        long began = System.nanoTime();
        produce(client, cluster);
        seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
        awaitFullIsr(client);
        consume(client);
      }
      assertThat(gap.failures()).as("records that were not acknowledged").isZero();
      assertThat(ledger.complaints()).isEmpty();
      compareReplicas(cluster);
      return new Report(
          ledger.produced(),
          ledger.bytes(),
          (double) ledger.bytes() / 1_000_000 / seconds,
          gap.longestMillis(),
          ledger.duplicates());
    }
  }

  private void produce(NaruClient client, ProcessCluster cluster) throws IOException {
    try (Producer<String, byte[]> producer = client.producer(Codec.utf8(), Codec.bytes()).build()) {
      gap.expectFrom(System.nanoTime());
      source.forEach((file, number, text) -> {
        if (ledger.produced() == linesExpected / 3) {
          int busiest = busiestLeader(client);
          cluster.node(busiest).kill();
          cluster.restart(busiest);
        } else if (ledger.produced() == linesExpected * 2 / 3) {
          cluster.nodes().forEach(NodeProcess::awaitReady);
          awaitFullIsr(client);
          int another = busiestLeader(client);
          cluster.node(another).kill();
          cluster.restart(another);
          gap.expectFrom(System.nanoTime());
        }
        send(producer, file, number, text);
      });
      producer.flush();
    }
    cluster.nodes().forEach(NodeProcess::awaitReady);
  }

  private void send(Producer<String, byte[]> producer, String file, int number, String text) {
    var line = text.getBytes(StandardCharsets.ISO_8859_1);
    ledger.produced(file, number, line);
    var numberBytes = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    var _ =
        producer
            .send(ProducerRecord.of(TOPIC, file, line).withHeader(LINE_NUMBER, numberBytes))
            .whenComplete((_, failure) -> {
              if (failure == null) {
                gap.acknowledged(System.nanoTime());
              } else {
                gap.failed();
              }
            });
  }

  private void consume(NaruClient client) {
    try (var consumer = client.consumer(Codec.utf8(), Codec.bytes()).build()) {
      var partitions = consumer.partitionsOf(TOPIC);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions.toArray(TopicPartition[]::new));
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        for (var rec : consumer.poll(Duration.ofSeconds(1))) {
          int number = rec.headers().get(0).value().orElseThrow().getInt();
          ledger.consumed(requireNonNull(rec.key()), number, requireNonNull(rec.value()));
        }
      }
    }
  }

  private static int busiestLeader(NaruClient client) {
    return describe(client).partitions().stream()
        .flatMap(partition -> partition.leader().stream().boxed())
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .orElseThrow()
        .getKey();
  }

  private static void awaitFullIsr(NaruClient client) {
    await()
        .atMost(SETTLE_LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() ->
            describe(client).partitions().stream()
                .allMatch(partition -> partition.isr().size() == 3));
  }

  private static TopicDescription describe(NaruClient client) {
    return client.admin().describeTopic(TOPIC).join();
  }

  private static void compareReplicas(ProcessCluster cluster) throws IOException {
    for (var node : cluster.nodes()) {
      assertThat(node.stop()).as("exit status of node " + node.id()).isZero();
    }
    var first = ReplicaFiles.digests(cluster.dataDirectory(1));
    assertThat(first).hasSize(PARTITIONS);
    for (int other : List.of(2, 3)) {
      assertThat(ReplicaFiles.digests(cluster.dataDirectory(other))).isEqualTo(first);
    }
  }

  /** What a run measured. */
  record Report(
      long records, long bytes, double megabytesPerSecond, long longestGapMillis, long duplicates) {

    @Override
    public String toString() {
      return "records=%d bytes=%d mb_s=%.1f longest_gap_ms=%d duplicates=%d"
          .formatted(records, bytes, megabytesPerSecond, longestGapMillis, duplicates);
    }
  }
}
