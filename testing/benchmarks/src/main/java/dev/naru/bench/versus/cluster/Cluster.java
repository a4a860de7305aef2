package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.machine.PageCache;
import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * A cluster in a directory of its own, which is deleted with it. Its nodes are children of this
 * process.
 */
public final class Cluster implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);
  private static final Duration COMMAND_MAX = Duration.ofMinutes(2);

  private static final String SEGMENT = ".log"; // on both sides

  /** Of thousands of small files none is worth a second name. */
  private static final long KEPT_BYTES_MIN = 1 << 20;

  private final Platform platform;
  private final ClusterShape shape;
  private final Path home;
  private final Path logs;
  private final PageCache cache;
  private final Map<Integer, Child> nodes = new TreeMap<>();
  private int commands;

  private Cluster(Platform platform, ClusterShape shape, Path home, Path logs, PageCache cache) {
    this.platform = platform;
    this.shape = shape;
    this.home = home;
    this.logs = logs;
    this.cache = cache;
  }

  /**
   * Makes one whose nodes do not run yet.
   *
   * @param home for its data, where nothing may be yet
   * @param logs for what its processes print
   * @param cache keeps the pages of its segments when they are deleted
   */
  public static Cluster prepare(
      Platform platform, ClusterShape shape, Path home, Path logs, PageCache cache) {
    Folders.delete(home);
    var cluster = new Cluster(platform, shape, home, logs, cache);
    platform.prepare(shape, home).forEach(cluster::run);
    return cluster;
  }

  /**
   * Starts all nodes and returns the milliseconds until a record was acknowledged.
   *
   * @param onChild told each process as soon as there is one
   */
  public double start(LongConsumer onChild) {
    var probing = platform.probe("first-ack", servers(), shape.nodes());
    try (var probe = Child.start(probing, log("first-ack"))) {
      onChild.accept(probe.pid());
      probe.await(line -> Optional.of(line).filter("ready"::equals), COMMAND_MAX);
      long startNanos = System.nanoTime();
      for (int id = 1; id <= shape.nodes(); id++) {
        onChild.accept(startNode(id, "").pid());
      }
      var acked = probe.await(line -> Optional.of(line).filter("acked"::equals), START_MAX);
      return (acked.nanos() - startNanos) / 1e6;
    }
  }

  /** Starts a node again whose process has ended. */
  public Child restart(int id) {
    if (!node(id).endsWithin(STOP_MAX)) {
      throw new BenchmarkFailure(
          "Expected node %d to end within %d s, but it did not"
              .formatted(id, STOP_MAX.toSeconds()));
    }
    return startNode(id, "-again");
  }

  private Child startNode(int id, String logSuffix) {
    var node = Child.start(platform.node(home, id), log("node-" + id + logSuffix));
    nodes.put(id, node);
    return node;
  }

  /** Whose cluster it is. */
  public Platform platform() {
    return platform;
  }

  /** What it is like. */
  public ClusterShape shape() {
    return shape;
  }

  /** First contacts of clients. */
  public String servers() {
    return platform.servers(shape);
  }

  /** The processes of its nodes. */
  public List<Long> pids() {
    return nodes.values().stream().map(Child::pid).toList();
  }

  /** A node. */
  public Child node(int id) {
    return Optional.ofNullable(nodes.get(id))
        .orElseThrow(() -> new IllegalArgumentException("Expected a node, but there is no " + id));
  }

  /** Whether no node has ended. */
  public boolean isWhole() {
    return nodes.values().stream().allMatch(Child::isAlive);
  }

  /** Runs a command to its end. */
  public List<String> run(Command command) {
    return Child.run(command, log("command-" + ++commands), COMMAND_MAX);
  }

  /** A file for what a process prints. */
  public Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /** A node that leads a partition of this topic and is not the controller. */
  public int leaderOf(String topic) {
    int controller = controller();
    var leaders = platform.leaders(run(platform.describeTopic(servers(), topic)));
    return leaders.stream()
        .filter(leader -> leader != controller)
        .findFirst()
        .orElseThrow(() ->
            new BenchmarkFailure(
                "Expected a leader beside the controller %d, but leaders are %s"
                    .formatted(controller, leaders)));
  }

  /** The controller now. */
  public int controller() {
    return platform.controller(run(platform.describeCluster(servers())));
  }

  /**
   * Bytes of all its segments; both systems map sparse indexes, which are larger than they look.
   */
  public long segmentBytes() {
    try (var files = Files.walk(home)) {
      return files.mapToLong(Cluster::segmentBytesOf).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file went away meanwhile: it is being deleted
    }
  }

  /** 0 for what is no segment. */
  private static long segmentBytesOf(Path file) {
    try {
      return file.toString().endsWith(SEGMENT) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * To be called before a topic is deleted: the pages of all segments stay where they are. Those of
   * other topics have none that are worth it.
   */
  public void keepPages() {
    try (var files = Files.walk(home)) {
      files.filter(file -> segmentBytesOf(file) >= KEPT_BYTES_MIN).forEach(cache::keep);
    } catch (IOException | UncheckedIOException e) {
      // A file went away meanwhile: the next run starts with that much less in memory.
    }
  }

  /** To be called after a topic was deleted: the next run finds memory and disk as this one did. */
  public void trimAndSync() {
    cache.trimAndSync();
  }

  /** Deletes what nodes keep of topics that were deleted. */
  public void forgetDeletedTopics() {
    for (int id : nodes.keySet()) {
      platform.deletedLogs(home, id).ifPresent(Cluster::deleteContents);
    }
  }

  private static void deleteContents(Path folder) {
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        Folders.delete(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all nodes and deletes their data. */
  @Override
  public void close() {
    nodes.values().forEach(Child::terminate);
    nodes.values().forEach(node -> node.endsWithin(STOP_MAX));
    nodes.values().forEach(Child::close);
    keepPages();
    Folders.delete(home);
    cache.trimAndSync();
  }
}
