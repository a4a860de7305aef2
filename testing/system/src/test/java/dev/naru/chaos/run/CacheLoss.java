package dev.naru.chaos.run;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.PowerCut;
import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.Recorder;
import dev.naru.chaos.load.Tally;
import dev.naru.chaos.load.Workload;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.TopicDescription;
import dev.naru.testing.files.PartitionFolder;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.PartitionName;
import dev.naru.testing.history.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * What {@code flush=os} does not promise, shown: acknowledged records lay in the page caches of all
 * replicas when all lost power. Each cut hits a topic of its own. What is lost is counted in the
 * files that are left, in those of whichever replica kept most; and how many partitions have no
 * leader afterwards, because no replica is known to hold everything.
 */
public final class CacheLoss {

  private static final int NODES = 3;
  private static final long DISK_BYTES = 1L << 30;
  private static final int PARTITIONS = 6;
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration WRITE_MIN = Duration.ofSeconds(1);
  private static final Duration WRITE_MAX = Duration.ofSeconds(3);
  private static final Duration ELECTION_LIMIT = Duration.ofSeconds(5);

  private final Random dice;
  private final Path directory;
  private final Tally tally = new Tally();
  private final List<TopicDescription> topics = new ArrayList<>();
  private long acknowledged;
  private long leaderless;
  private long proven;

  private CacheLoss(long seed, Path directory) {
    this.dice = new Random(seed);
    this.directory = directory;
  }

  /** Runs so many cycles in an empty directory. */
  public static Report run(Path directory, long seed, int cycles) throws IOException {
    return new CacheLoss(seed, directory).unfold(cycles);
  }

  private Report unfold(int cycles) throws IOException {
    long began = System.nanoTime();
    try (var cluster =
            ChaosCluster.start(
                directory,
                Layout.allVote(NODES),
                new Loopback(),
                Optional.of(DISK_BYTES),
                false,
                "");
        var client = cluster.client()) {
      for (int cycle = 1; cycle <= cycles; cycle++) {
        cut(cluster, client, "os-" + cycle);
      }
      cluster.hosts().forEach(NodeHost::stop);
      for (var topic : topics) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          readMostOf(cluster, topic, partition);
        }
      }
    }
    return new Report(
        cycles,
        (long) cycles * NODES,
        proven,
        acknowledged,
        tally.lost(),
        (long) cycles * PARTITIONS,
        leaderless,
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  private void cut(ChaosCluster cluster, NaruClient client, String topic) throws IOException {
    var workload = new Workload(topic, PARTITIONS, 4, 2500, 120, 0);
    client
        .admin()
        .createTopic(
            NewTopic.named(topic)
                .partitions(PARTITIONS)
                .replicationFactor(NODES)
                .config("flush", "os"))
        .join();
    topics.add(cluster.awaitInSync(client, topic, LIMIT));
    try (var load = Load.begin(workload, client, this::recorder)) {
      boolean _ = Wait.comes(LIMIT, () -> load.progress().acknowledged() > 0);
      Wait.hold(Wait.between(dice, WRITE_MIN, WRITE_MAX));
      proven += PowerCut.of(cluster.hosts()).size();
      load.abandonWriting();
      acknowledged += load.progress().acknowledged();
    }
    cluster.startAll();
    boolean _ = Wait.comes(ELECTION_LIMIT, () -> leaderless(client, topic) == 0);
    leaderless += leaderless(client, topic);
  }

  private static long leaderless(NaruClient client, String topic) {
    return client.admin().describeTopic(topic).join().partitions().stream()
        .filter(partition -> partition.leader().isEmpty())
        .count();
  }

  private Recorder recorder(String client) {
    return tally.ofWriter();
  }

  private void readMostOf(ChaosCluster cluster, TopicDescription topic, int partition)
      throws IOException {
    var most = new ArrayList<Polled>();
    for (var host : cluster.hosts()) {
      var records = read(host, topic.id().orElseThrow(), topic.name(), partition);
      if (records.size() > most.size()) {
        most.clear();
        most.addAll(records);
      }
    }
    try (var reader = tally.ofFinalReader()) {
      most.forEach(reader::record);
    }
  }

  private static List<Polled> read(NodeHost host, UUID id, String topic, int partition)
      throws IOException {
    var folder = PartitionFolder.of(host.dataDirectory(), id, partition);
    var records = new ArrayList<Polled>();
    if (!Files.isDirectory(folder.path())) {
      return records;
    }
    try (var log = folder.batches()) {
      for (var batch = log.next(); batch.isPresent(); batch = log.next()) {
        for (var stored : batch.get().read()) {
          records.add(
              new Polled(
                  0,
                  new PartitionName(topic, partition),
                  stored.offset(),
                  batch.get().leaderEpoch(),
                  stored.valueBytes().flatMap(Payload::read)));
        }
      }
    }
    return records;
  }

  /** What a run measured. */
  public record Report(
      int cycles,
      long cuts,
      long cutsProven,
      long acknowledged,
      long lost,
      long partitions,
      long leaderless,
      long seconds) {

    @Override
    public String toString() {
      return "cycles=%d cuts=%d proven=%d acknowledged=%d lost=%d"
              .formatted(cycles, cuts, cutsProven, acknowledged, lost)
          + " partitions=%d without_leader=%d seconds=%d"
              .formatted(partitions, leaderless, seconds);
    }
  }
}
