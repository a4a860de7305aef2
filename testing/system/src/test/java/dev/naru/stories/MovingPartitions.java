package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.testing.files.PartitionFolder;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A topic of which each partition has a copy on node 4, and two on other nodes: where its replicas
 * are by what the cluster says, and by what lies on disks.
 */
final class MovingPartitions {

  /** The node that is to hold nothing of it. */
  static final int LEAVING = 4;

  static final String TOPIC = "moved";
  static final int COPIES = 3;

  private static final int PARTITIONS = 9;
  private static final int FILL_BYTES = 16 << 10; // of a record
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ChaosCluster cluster;
  private final NaruClient client;
  private final UUID topic;

  private MovingPartitions(ChaosCluster cluster, NaruClient client, UUID topic) {
    this.cluster = cluster;
    this.client = client;
    this.topic = topic;
  }

  /** Makes the topic; node 4 leads a third of its partitions. */
  static MovingPartitions create(ChaosCluster cluster, NaruClient client) {
    var created =
        client
            .admin()
            .createTopic(
                NewTopic.named(TOPIC)
                    .partitions(PARTITIONS)
                    .replicationFactor(COPIES)
                    .config("min.insync.replicas", "2"))
            .join();
    var made = new MovingPartitions(cluster, client, created.id().orElseThrow());
    var _ = cluster.awaitInSync(client, TOPIC, LIMIT);
    made.put();
    return made;
  }

  /** Empty partitions move in no time. */
  private void put() {
    var wanted = new TreeMap<Integer, List<Integer>>();
    IntStream.range(0, PARTITIONS).forEach(partition -> wanted.put(partition, first(partition)));
    replicas().forEach((partition, nodes) -> wanted.remove(partition, nodes));
    if (!wanted.isEmpty()) {
      var moved = client.admin().operations().reassign(placements(wanted), OptionalLong.empty());
      var _ = awaitEnd(moved.join().id(), LIMIT);
    }
    var _ = cluster.awaitInSync(client, TOPIC, LIMIT);
    client.admin().electPreferredLeaders(partitions()).join();
  }

  /** Node 4 and two others, the leader first: node 4 leads three partitions, each other one two. */
  private static List<Integer> first(int partition) {
    int one = partition % COPIES + 1;
    int other = one % COPIES + 1;
    return switch (partition / COPIES) {
      case 0 -> List.of(LEAVING, one, other);
      case 1 -> List.of(one, other, LEAVING);
      default -> List.of(other, LEAVING, one);
    };
  }

  List<TopicPartition> partitions() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(TOPIC, partition))
        .toList();
  }

  // ---- moves

  /** Where the partitions that are on node 4 go: to the node that has no copy of it. */
  SortedMap<Integer, List<Integer>> away() {
    var away = new TreeMap<Integer, List<Integer>>();
    replicas()
        .forEach((partition, nodes) -> {
          if (nodes.contains(LEAVING)) {
            var target = new ArrayList<>(nodes);
            target.replaceAll(node -> node == LEAVING ? absent(nodes) : node);
            away.put(partition, List.copyOf(target));
          }
        });
    return away;
  }

  private static int absent(List<Integer> nodes) {
    return IntStream.range(1, LEAVING)
        .filter(node -> !nodes.contains(node))
        .findFirst()
        .orElseThrow();
  }

  /** Begins to move, once there is a controller; returns the operation. */
  UUID move(Map<Integer, List<Integer>> to, long bytesPerSecond) {
    var placements = placements(to);
    long untilNanos = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return client
            .admin()
            .operations()
            .reassign(placements, OptionalLong.of(bytesPerSecond))
            .join()
            .id();
      } catch (CompletionException e) {
        boolean isElecting =
            e.getCause() instanceof NaruException why
                && why.code() == ErrorCode.METADATA_QUORUM_LOST;
        if (!isElecting || System.nanoTime() - untilNanos > 0) {
          throw e;
        }
        Wait.hold(AGAIN);
      }
    }
  }

  private static Map<TopicPartition, List<Integer>> placements(Map<Integer, List<Integer>> wanted) {
    var placements = new LinkedHashMap<TopicPartition, List<Integer>>();
    wanted.forEach(
        (partition, nodes) -> placements.put(new TopicPartition(TOPIC, partition), nodes));
    return placements;
  }

  void cancel(UUID operation) {
    client.admin().operations().cancel(operation).join();
  }

  OperationDescription awaitEnd(UUID operation, Duration limit) {
    if (!Wait.comes(limit, () -> describe(operation).isFinished())) {
      throw new AssertionError("Expected it to end, but it is " + describe(operation));
    }
    return describe(operation);
  }

  OperationDescription describe(UUID operation) {
    return client.admin().operations().describe(operation).join();
  }

  // ---- what is there

  SortedMap<Integer, List<Integer>> replicas() {
    var replicas = new TreeMap<Integer, List<Integer>>();
    described().forEach(each -> replicas.put(each.partition(), each.replicas()));
    return replicas;
  }

  private List<PartitionDescription> described() {
    return client.admin().describeTopic(TOPIC).join().partitions();
  }

  /** Bytes of records of these partitions on these nodes, one for each. */
  long bytes(Map<Integer, Integer> nodeOf) {
    return nodeOf.entrySet().stream()
        .mapToLong(each -> bytes(each.getKey(), each.getValue()))
        .sum();
  }

  /** Bytes of records on node 4. */
  long bytesOnLeaving() {
    return partitions().stream().mapToLong(each -> bytes(each.partition(), LEAVING)).sum();
  }

  private long bytes(int partition, int node) {
    try {
      var folder = PartitionFolder.of(cluster.host(node).dataDirectory(), topic, partition);
      return folder.sizes().values().stream().mapToLong(Long::longValue).sum();
    } catch (NoSuchFileException notThere) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The node that is added for each of the partitions that move. */
  static SortedMap<Integer, Integer> added(
      Map<Integer, List<Integer>> before, Map<Integer, List<Integer>> to) {
    var added = new TreeMap<Integer, Integer>();
    to.forEach((partition, nodes) ->
        nodes.stream()
            .filter(node -> !before.getOrDefault(partition, List.of()).contains(node))
            .findFirst()
            .ifPresent(node -> added.put(partition, node)));
    return added;
  }

  /**
   * What should not be there when nothing moves and replicas are to be these: by what each node
   * says of the partitions, by the directories of all nodes, and by the operations that are known.
   */
  List<String> leftovers(Map<Integer, List<Integer>> wanted) {
    var left = new ArrayList<String>();
    for (var each : described()) {
      var nodes = wanted.getOrDefault(each.partition(), List.of());
      if (!each.replicas().equals(nodes)
          || each.copies() != COPIES
          || !Set.copyOf(each.isr()).equals(Set.copyOf(nodes))) {
        left.add("%s instead of %s".formatted(each, nodes));
      }
      cluster
          .hosts()
          .forEach(host -> {
            if (Files.exists(folder(host, each.partition())) != nodes.contains(host.id())) {
              left.add(
                  "partition %d %s on node %d"
                      .formatted(
                          each.partition(),
                          nodes.contains(host.id()) ? "missing" : "left",
                          host.id()));
            }
          });
    }
    client.admin().operations().list(true).join().forEach(each -> left.add(each.toString()));
    return left;
  }

  private Path folder(NodeHost host, int partition) {
    return PartitionFolder.of(host.dataDirectory(), topic, partition).path();
  }

  /** Megabytes that nodes have put aside for a while, for whoever wants them back. */
  long megabytesSetAside() {
    return cluster.hosts().stream()
            .mapToLong(host -> bytesBelow(host.dataDirectory().resolve("lost+found")))
            .sum()
        / 1_000_000;
  }

  private static long bytesBelow(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- records

  /** Writes so many bytes of values; returns how many records they are. */
  long fill(long bytes) {
    var value = new byte[FILL_BYTES];
    new Random(FILL_BYTES).nextBytes(value);
    long records = Math.ceilDiv(bytes, FILL_BYTES);
    var failed = new LongAdder();
    try (var producer = client.producer(Codec.bytes(), Codec.bytes()).build()) {
      for (long i = 0; i < records; i++) {
        producer.send(
            ProducerRecord.<byte[], byte[]>of(TOPIC, value).withPartition((int) (i % PARTITIONS)),
            (ack, failure) -> {
              if (failure != null) {
                failed.increment();
              }
            });
      }
      producer.flush();
    }
    if (failed.sum() > 0) {
      throw new AssertionError("Expected all to be stored, but %s are not".formatted(failed));
    }
    return records;
  }

  /** Reads everything that is there, and says how many records that are. */
  long count() {
    long count = 0;
    try (var consumer =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .autoOffsetReset(OffsetReset.NONE)
            .maxPollRecords(5000)
            .build()) {
      consumer.assign(partitions());
      consumer.seekToBeginning(partitions().toArray(TopicPartition[]::new));
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        count += consumer.poll(POLL).size();
      }
    }
    return count;
  }
}
