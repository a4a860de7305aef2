package dev.naru.bench.idle;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.process.Folders;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Nodes as users start them: by the script, with its flags, and with no setting but addresses. */
final class IdleCluster implements AutoCloseable {

  private static final int PORT_FIRST = 21500;
  private static final int PORTS_PER_NODE = 10;
  private static final int COPIES = 3;
  private static final String CLUSTER_ID = "6e617275-2d69-4964-8c65-2d6e6f646573"; // any
  private static final String TOPIC = "idle";
  private static final Duration START_MAX = Duration.ofMinutes(3);
  private static final Duration STOP_MAX = Duration.ofMinutes(2);
  private static final Duration SYNC_MAX = Duration.ofMinutes(3);
  private static final long LOOK_MILLIS = 500;

  private final Path home;
  private final int count;
  private final List<Child> nodes = new ArrayList<>();

  private IdleCluster(Path home, int count) {
    this.home = home;
    this.count = count;
  }

  /**
   * Starts it in a folder of its own and waits until it serves.
   *
   * @param script the {@code naru} of the sources, which is built
   */
  static IdleCluster start(Path script, Path home, int count) {
    Folders.delete(home);
    var cluster = new IdleCluster(home, count);
    try {
      for (int id = 1; id <= count; id++) {
        cluster.nodes.add(cluster.startNode(script, id));
      }
      for (var node : cluster.nodes) {
        var _ =
            node.await(
                line -> Optional.of(line).filter(text -> text.startsWith("ready ")), START_MAX);
      }
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private Child startNode(Path script, int id) {
    var config = home.resolve("node-" + id + ".yaml");
    Folders.write(config, config(id));
    var command =
        Command.of(script.toString(), "node", "start", "--format-if-empty", "--config")
            .with(config.toString())
            .with(Map.of("NARU_BUILD", "never"));
    return Child.start(command, home.resolveSibling("nodes-%d-node-%d.log".formatted(count, id)));
  }

  private String config(int id) {
    var voters =
        IntStream.rangeClosed(1, count)
            .mapToObj(voter -> "\"%d@127.0.0.1:%d\"".formatted(voter, port(voter) + 2))
            .collect(Collectors.joining(", "));
    var folder = home.resolve("node-" + id);
    return """
    cluster.id: %s
    node.id: %d
    data.dirs: ["%s"]
    metadata.dir: "%s"
    quorum.voters: [%s]
    listeners:
      client: {bind: "127.0.0.1:%d", security: plaintext}
      internal: {bind: "127.0.0.1:%d", security: plaintext}
      raft: {bind: "127.0.0.1:%d", security: plaintext}
      http: {bind: "127.0.0.1:%d", security: plaintext}
    """
        .formatted(
            CLUSTER_ID,
            id,
            folder.resolve("data"),
            folder.resolve("metadata"),
            voters,
            port(id),
            port(id) + 1,
            port(id) + 2,
            port(id) + 3);
  }

  private static int port(int id) {
    return PORT_FIRST + PORTS_PER_NODE * id;
  }

  /** Copies of each partition. */
  int copies() {
    return Math.min(COPIES, count);
  }

  /** The processes of its nodes, in the order of their ids. */
  List<Long> pids() {
    return nodes.stream().map(Child::pid).toList();
  }

  /** Makes the topic, and waits until all replicas are in sync. The client goes away. */
  void create(int partitions) {
    var properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:" + port(1));
    try (var naru = NaruClient.fromProperties(properties)) {
      var topic = NewTopic.named(TOPIC).partitions(partitions).replicationFactor(copies());
      naru.admin().createTopic(topic).join();
      long deadline = System.nanoTime() + SYNC_MAX.toNanos();
      while (!isInSync(naru)) {
        if (System.nanoTime() - deadline > 0) {
          throw new BenchmarkFailure(
              "Expected all replicas to be in sync within %d s".formatted(SYNC_MAX.toSeconds()));
        }
        pause(Duration.ofMillis(LOOK_MILLIS));
      }
    }
  }

  private boolean isInSync(NaruClient naru) {
    return naru.admin().describeTopic(TOPIC).join().partitions().stream()
        .allMatch(each -> each.leader().isPresent() && each.isr().size() == copies());
  }

  /** Refuses a cluster of which a node has ended, as one does without memory. */
  void requireWhole() {
    if (!nodes.stream().allMatch(Child::isAlive)) {
      throw new BenchmarkFailure(
          "Expected all nodes to run, but one has ended; look into "
              + home.resolveSibling("nodes-%d-node-*.log".formatted(count)));
    }
  }

  static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait, but was interrupted", e);
    }
  }

  /** Ends all nodes and deletes their data. */
  @Override
  public void close() {
    nodes.forEach(Child::terminate);
    nodes.forEach(node -> node.endsWithin(STOP_MAX));
    nodes.forEach(Child::close);
    Folders.delete(home);
  }
}
