package dev.naru.testing.cluster;

import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.node.Node;
import dev.naru.broker.node.Release;
import dev.naru.broker.node.StartException;
import dev.naru.broker.runtime.Clocks;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.ClusterDescription;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster in this JVM, on loopback, with files in a temporary directory that goes when the
 * cluster is closed. Nodes are numbered from 1 and keep directories and ports when they are killed
 * and started again. The first three vote (or the only one).
 *
 * <pre>{@code
 * try (var cluster = NaruCluster.of(3).with("num.partitions", "6").start()) {
 *   var bootstrap = cluster.bootstrapServers();
 *   cluster.kill(1);
 *   cluster.start(1);
 * }
 * }</pre>
 */
public final class NaruCluster implements AutoCloseable {

  private static final int VOTERS_MAX = 3;

  private final String clusterId = UUID.randomUUID().toString();
  private final Path directory;
  private final Map<Integer, NodeHome> homes = new TreeMap<>();
  private final Map<String, String> settings;
  private final Release release;

  /** Of nodes that were started as another release, that one. */
  private final Map<Integer, Release> releases = new ConcurrentHashMap<>();

  private final Map<Integer, Node> running = new TreeMap<>();
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  private NaruCluster(
      int nodes, int dataDirectories, Map<String, String> settings, Release release) {
    this.settings = settings;
    this.release = release;
    try {
      directory = Files.createTempDirectory("naru-cluster-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    IntStream.rangeClosed(1, nodes)
        .forEach(id -> homes.put(id, NodeHome.at(id, directory, dataDirectories)));
  }

  /** A cluster of so many nodes, to be started. */
  public static Builder of(int nodes) {
    return new Builder(nodes);
  }

  /** What a cluster is to be. */
  public static final class Builder {

    private final int nodes;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private int dataDirectories = 1;
    private Release release = Release.ofThisBuild();

    private Builder(int nodes) {
      this.nodes = nodes;
    }

    /** Gives every node this setting. */
    public Builder with(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** Gives every node so many data directories. */
    public Builder withDataDirectories(int count) {
      dataDirectories = count;
      return this;
    }

    /**
     * Every node is one of a release that knows the rules up to this metadata version, until it is
     * {@linkplain #startAs started as another}.
     */
    public Builder withMetadataVersion(int version) {
      release = new Release(release.version(), version);
      return this;
    }

    /** Starts all nodes and waits until they serve. */
    public NaruCluster start() {
      var cluster = new NaruCluster(nodes, dataDirectories, settings, release);
      try {
        cluster.startAll();
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
      return cluster;
    }
  }

  /** Where clients reach the nodes, dead or alive. */
  public String bootstrapServers() {
    return homes.values().stream().map(NodeHome::client).collect(Collectors.joining(","));
  }

  /** Where clients reach this node. */
  public String bootstrapServer(int node) {
    return home(node).client();
  }

  /** A new client of this cluster, for the caller to close. */
  public NaruClient client() {
    return NaruClient.builder().bootstrapServers(bootstrapServers()).build();
  }

  /**
   * Waits until all nodes that run are live and every partition has its leader and all its copies
   * in sync.
   */
  public void awaitHealthy() {
    try (var client = client()) {
      Eventually.allowing("an election", Duration.ofSeconds(2))
          .and("replicas that catch up and are proposed", Duration.ofSeconds(4))
          .until("the cluster is healthy", () -> isHealthy(client.admin().describeCluster()));
    }
  }

  private boolean isHealthy(CompletableFuture<ClusterDescription> asked) {
    ClusterDescription cluster;
    try {
      cluster = asked.join();
    } catch (CompletionException e) {
      return false;
    }
    return cluster.controller().isPresent()
        && cluster.liveNodeCount() == running().size()
        && cluster.offlinePartitionCount() == 0
        && cluster.underReplicatedPartitionCount() == 0;
  }

  /** Its HTTP pages. */
  public String httpAddress(int node) {
    return "127.0.0.1:" + home(node).httpPort();
  }

  /** Its data directory, or the first of them. */
  public Path dataDirectory(int node) {
    return dataDirectories(node).getFirst();
  }

  /** All its data directories. */
  public List<Path> dataDirectories(int node) {
    return home(node).data();
  }

  /**
   * As {@code naru node format --replace} does: what is not formatted stands in for a disk that is
   * gone. For a node that does not run.
   */
  public void formatReplacements(int node) {
    try {
      Node.formatReplacements(configOf(home(node)));
    } catch (StartException e) {
      throw new IllegalStateException("Node " + node + ": " + e.getMessage(), e);
    }
  }

  /** The nodes that run. */
  public List<Integer> running() {
    synchronized (running) {
      return List.copyOf(running.keySet());
    }
  }

  /** Starts the nodes that do not run, together, and waits until they serve. */
  public void startAll() {
    start(homes.keySet().stream().filter(id -> !running().contains(id)).toList());
  }

  /** Starts a node that was killed or stopped, and waits until it serves. */
  public void start(int node) {
    start(List.of(node));
  }

  /**
   * Starts a node that does not run as one of a release that knows the rules up to this metadata
   * version; it stays one. So a test upgrades nodes, and takes upgrades back.
   *
   * @throws IllegalStateException if the cluster will not have it, and why
   */
  public void startAs(int node, int metadataVersion) {
    releases.put(node, new Release(release.version() + "+" + metadataVersion, metadataVersion));
    start(node);
  }

  /** Starts these nodes together, as is needed when they are most of the quorum. */
  public void start(List<Integer> nodes) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starts =
          nodes.stream()
              .map(id -> CompletableFuture.runAsync(() -> startOne(home(id)), threads))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(starts).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void startOne(NodeHome home) {
    NodeConfig config = configOf(home);
    try {
      Node.format(config);
      var node =
          Node.start(
              releases.getOrDefault(home.id(), release),
              config,
              new TreeMap<>(),
              Clocks.SYSTEM,
              (_, _) -> ended(home.id()));
      synchronized (running) {
        running.put(home.id(), node);
      }
    } catch (StartException e) {
      throw new IllegalStateException("Node " + home.id() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private NodeConfig configOf(NodeHome home) {
    var voters =
        homes.values().stream()
            .limit(homes.size() < VOTERS_MAX ? 1 : VOTERS_MAX)
            .map(NodeHome::voter)
            .toList();
    return home.config(clusterId, voters, settings);
  }

  /** A node ended by itself: as a process it would be gone. */
  private void ended(int node) {
    var _ = Thread.ofPlatform().daemon().name("end-of-node-" + node).start(() -> kill(node));
  }

  /** Kills a node: its connections break, its ports refuse, its files are as after a crash. */
  public void kill(int node) {
    Node killed;
    synchronized (running) {
      killed = running.remove(node);
    }
    if (killed != null) {
      killed.abort();
      expectAllGivenBack(killed);
    }
  }

  /** Stops a node as SIGTERM does: it hands over first. */
  public void stop(int node) {
    Node stopped;
    synchronized (running) {
      stopped = running.remove(node);
    }
    if (stopped != null) {
      stopped.close();
      expectAllGivenBack(stopped);
    }
  }

  /** Memory that a node has lost sight of would be missing one day. */
  private void expectAllGivenBack(Node ended) {
    if (ended.lentBytes() != 0) {
      leaks.add(
          "Expected node %s to hold no batches once it ended, but it holds %d bytes"
              .formatted(ended.id(), ended.lentBytes()));
    }
  }

  private NodeHome home(int node) {
    var home = homes.get(node);
    if (home == null) {
      throw new IllegalArgumentException(
          "Expected a node of " + homes.keySet() + ", but was " + node);
    }
    return home;
  }

  /**
   * Kills what still runs and deletes the files.
   *
   * @throws IllegalStateException if a node that has ended holds memory
   */
  @Override
  public void close() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      running().forEach(id -> threads.execute(() -> kill(id)));
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!leaks.isEmpty()) {
      throw new IllegalStateException(String.join("; ", leaks));
    }
  }
}
