package dev.naru.chaos.run;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.PowerCut;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.Recorder;
import dev.naru.chaos.load.Tally;
import dev.naru.chaos.load.Workload;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.files.ReplicaFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * All nodes lose power at the same instant, again and again, while clients write and read. They
 * come back in any order, with what was on their disks.
 */
public final class PowerLoss {

  private static final int NODES = 3;
  private static final long DISK_BYTES = 1L << 30;
  private static final Workload WORKLOAD = new Workload("cut", 6, 4, 2500, 120, 1);
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final long WRITE_MILLIS_MIN = 500;
  private static final long WRITE_MILLIS_MAX = 2500;

  private final Random dice;
  private final Tally tally = new Tally();
  private long proven;
  private long cuts;

  private PowerLoss(long seed) {
    dice = new Random(seed);
  }

  /** Runs so many cycles in an empty directory. */
  public static Report run(Path directory, long seed, int cycles) throws IOException {
    return new PowerLoss(seed).unfold(directory, cycles);
  }

  private Report unfold(Path directory, int cycles) throws IOException {
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
      client
          .admin()
          .createTopic(
              NewTopic.named(WORKLOAD.topic())
                  .partitions(WORKLOAD.partitions())
                  .replicationFactor(NODES))
          .join();
      try (var load = Load.begin(WORKLOAD, client, this::recorder)) {
        for (int cycle = 1; cycle <= cycles; cycle++) {
          cut(cluster, client, load);
          System.out.printf(
              "cycle %d of %d: %d acknowledged, %d of %d cuts proven, %d s%n",
              cycle,
              cycles,
              load.progress().acknowledged(),
              proven,
              cuts,
              Duration.ofNanos(System.nanoTime() - began).toSeconds());
        }
        load.stopWriting();
        load.readEverything("final");
        var replicas = stopAndCompare(cluster);
        return new Report(
            cycles,
            cuts,
            proven,
            load.progress().acknowledged(),
            load.progress().failed(),
            tally.lost(),
            tally.altered(),
            replicas,
            Duration.ofNanos(System.nanoTime() - began).toSeconds(),
            tally.losses() + " " + load.progress().failures());
      }
    }
  }

  private Recorder recorder(String client) {
    if (client.startsWith("writer")) {
      return tally.ofWriter();
    }
    return client.equals("final") ? tally.ofFinalReader() : tally.ofNobody();
  }

  private void cut(ChaosCluster cluster, NaruClient client, Load load) throws IOException {
    cluster.awaitInSync(client, WORKLOAD.topic(), LIMIT);
    long before = load.progress().acknowledged();
    long until = System.nanoTime() + dice.nextLong(WRITE_MILLIS_MIN, WRITE_MILLIS_MAX) * 1_000_000;
    while (System.nanoTime() < until || load.progress().acknowledged() == before) {
      LockSupport.parkNanos(1_000_000);
    }
    proven += PowerCut.of(cluster.hosts()).size();
    cuts += NODES;
    var order = new ArrayList<>(cluster.hosts());
    Collections.shuffle(order, dice);
    order.forEach(NodeHost::start);
    order.forEach(host -> host.process().awaitReady());
  }

  private static boolean stopAndCompare(ChaosCluster cluster) throws IOException {
    for (var host : cluster.hosts()) {
      int status = host.stop();
      if (status != 0) {
        throw new AssertionError(
            "Expected node %d to stop well, but %d".formatted(host.id(), status));
      }
    }
    List<Object> digests = new ArrayList<>();
    for (var host : cluster.hosts()) {
      digests.add(ReplicaFiles.digests(host.dataDirectory()));
    }
    return digests.stream().distinct().count() == 1;
  }

  /** What a run measured. */
  public record Report(
      int cycles,
      long cuts,
      long cutsProven,
      long acknowledged,
      long unanswered,
      long lost,
      long altered,
      boolean replicasEqual,
      long seconds,
      String remarks) {

    @Override
    public String toString() {
      return "cycles=%d cuts=%d proven=%d acknowledged=%d unanswered=%d lost=%d altered=%d"
              .formatted(cycles, cuts, cutsProven, acknowledged, unanswered, lost, altered)
          + " replicas_equal=%s seconds=%d %s".formatted(replicasEqual, seconds, remarks);
    }
  }
}
