package dev.naru.chaos.host;

import static org.awaitility.Awaitility.await;

import dev.naru.chaos.host.Network.Listener;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Some nodes, each on a host of its own; and what may be asked of them. */
public final class ChaosCluster implements AutoCloseable {

  private static final int PAGE_MILLIS_MAX = 2000;
  private static final Pattern METADATA_INDEX = Pattern.compile("\"metadata.index\": \"(\\d+)\"");

  private final Layout layout;
  private final Network network;
  private final List<NodeHost> hosts = new ArrayList<>();
  private final String clusterId = UUID.randomUUID().toString();

  private ChaosCluster(Layout layout, Network network) {
    this.layout = layout;
    this.network = network;
  }

  /**
   * Starts all nodes and returns once every one of them is ready.
   *
   * @param diskBytes the size of each node's own disk; without one it lies on the disk of the test
   * @param withClocks whether the nodes' clocks can be put off
   * @param moreSettings lines for the configuration of each node
   */
  public static ChaosCluster start(
      Path directory,
      Layout layout,
      Network network,
      Optional<Long> diskBytes,
      boolean withClocks,
      String moreSettings)
      throws IOException {
    return start(directory, layout, network, diskBytes, withClocks, _ -> moreSettings);
  }

  /** Nodes of this release, each on the disk of the test. */
  public static ChaosCluster start(
      Path directory, Layout layout, Network network, NodeRelease release) throws IOException {
    return start(directory, layout, network, Optional.empty(), false, _ -> "", release);
  }

  /**
   * The same where nodes differ.
   *
   * @param moreSettings lines for the configuration of the node with this id
   */
  public static ChaosCluster start(
      Path directory,
      Layout layout,
      Network network,
      Optional<Long> diskBytes,
      boolean withClocks,
      IntFunction<String> moreSettings)
      throws IOException {
    return start(
        directory,
        layout,
        network,
        diskBytes,
        withClocks,
        moreSettings,
        new NodeRelease.ThisCode());
  }

  private static ChaosCluster start(
      Path directory,
      Layout layout,
      Network network,
      Optional<Long> diskBytes,
      boolean withClocks,
      IntFunction<String> moreSettings,
      NodeRelease release)
      throws IOException {
    var cluster = new ChaosCluster(layout, network);
    try {
      for (int id = 1; id <= layout.nodes(); id++) {
        var place = directory.resolve("node-" + id);
        cluster.hosts.add(
            diskBytes.isPresent()
                ? NodeHost.withDisk(id, place, network, diskBytes.get())
                : NodeHost.withDirectory(id, place, network));
      }
      for (var host : cluster.hosts) {
        host.install(release);
        host.configure(cluster.config(host) + moreSettings.apply(host.id()));
        if (withClocks && Clocks.whyNot().isEmpty()) {
          Clocks.prepare(host);
        }
      }
      cluster.startAll();
    } catch (IOException | RuntimeException | AssertionError e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** Starts all nodes that are down, and waits for all. Voters come first: all wait for them. */
  public void startAll() {
    start(hosts.stream().filter(host -> layout.voters().contains(host.id())).toList());
    start(hosts);
  }

  private static void start(List<NodeHost> hosts) {
    hosts.stream().filter(host -> !host.isAlive()).forEach(NodeHost::start);
    hosts.forEach(host -> host.process().awaitReady());
  }

  /** Starts a node more, which only listens to the metadata quorum, and waits until it is ready. */
  public NodeHost join(Path directory, String moreSettings) throws IOException {
    int id = hosts.size() + 1;
    var host = NodeHost.withDirectory(id, directory.resolve("node-" + id), network);
    hosts.add(host);
    host.configure(config(host) + moreSettings);
    host.start();
    host.process().awaitReady();
    return host;
  }

  public List<NodeHost> hosts() {
    return List.copyOf(hosts);
  }

  /** Node ids start at 1. */
  public NodeHost host(int id) {
    return hosts.get(id - 1);
  }

  public Network network() {
    return network;
  }

  /** A client of all nodes. */
  public NaruClient client() {
    return clientSettings().build();
  }

  /** The same, for those who want other settings. */
  public NaruClient.Builder clientSettings() {
    return NaruClient.builder().bootstrapServers(bootstrapServers()).plaintext();
  }

  /** Where clients find all nodes. */
  public String bootstrapServers() {
    return hosts.stream()
        .map(host -> network.advertised(host.id(), Listener.CLIENT).toString())
        .collect(Collectors.joining(","));
  }

  /**
   * Waits until every partition of a topic has a leader and all its replicas are in sync. Whoever
   * is asked may be behind, as a node that was cut off is for a while: what is told counts only if
   * all nodes have the same metadata.
   */
  public TopicDescription awaitInSync(NaruClient client, String topic, Duration limit) {
    var seen = new ArrayList<TopicDescription>();
    await("all replicas of " + topic + " to be in sync")
        .atMost(limit)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> {
          seen.clear();
          var before = metadataIndices();
          seen.add(client.admin().describeTopic(topic).join());
          return seen.getFirst().partitions().stream().allMatch(ChaosCluster::isInSync)
              && before.size() == 1
              && before.equals(metadataIndices());
        });
    return seen.getFirst();
  }

  /** Up to which entry of the metadata log nodes are; a node that is not ready adds its name. */
  private Set<String> metadataIndices() {
    return hosts.stream()
        .map(host ->
            page(host.id(), "/healthz?verbose")
                .flatMap(text -> METADATA_INDEX.matcher(text).results().findFirst())
                .map(found -> found.group(1))
                .orElse("node " + host.id()))
        .collect(Collectors.toSet());
  }

  private static boolean isInSync(PartitionDescription partition) {
    return partition.leader().isPresent() && partition.isr().size() == partition.replicas().size();
  }

  /**
   * A node's metric, summed over its series; empty if the node does not answer or shows none.
   *
   * @param label only the series in whose labels this occurs
   */
  public Optional<Double> metric(int id, String name, String label) {
    return page(id, "/metrics")
        .flatMap(page ->
            page.lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .reduce(Double::sum));
  }

  /** The pages of metrics of those nodes that answer. */
  public List<String> metricsPages() {
    return hosts.stream().flatMap(host -> page(host.id(), "/metrics").stream()).toList();
  }

  /** How far a node's wall clock is ahead of this one's, to the second; empty without answer. */
  public Optional<Duration> clockOffset(int id) {
    try {
      var connection = connect(id, "/livez");
      try (var body = connection.getInputStream()) {
        body.readAllBytes();
      }
      long reported = connection.getDate();
      return reported == 0
          ? Optional.empty()
          : Optional.of(Duration.ofMillis(reported - System.currentTimeMillis()));
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
  }

  private Optional<String> page(int id, String path) {
    try (InputStream body = connect(id, path).getInputStream()) {
      return Optional.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
  }

  private URLConnection connect(int id, String path) throws IOException {
    var address = network.advertised(id, Listener.HTTP);
    var connection = URI.create("http://" + address + path).toURL().openConnection();
    connection.setConnectTimeout(PAGE_MILLIS_MAX);
    connection.setReadTimeout(PAGE_MILLIS_MAX);
    return connection;
  }

  @Override
  public void close() {
    for (var host : hosts) {
      try {
        host.close();
      } catch (AssertionError e) { // the others must be closed all the same
        System.err.println("could not clear away host " + host.id() + ": " + e);
      }
    }
    network.close();
  }

  private String config(NodeHost host) {
    var voters =
        layout.voters().stream()
            .map(voter -> voter + "@" + network.advertised(voter, Listener.RAFT))
            .collect(Collectors.joining(", "));
    var listeners = new StringBuilder();
    for (var listener : Listener.values()) {
      listeners.append(
          "  %s: {bind: \"%s\", advertised: \"%s\", security: plaintext}%n"
              .formatted(
                  listener.key(),
                  network.bound(host.id(), listener),
                  network.advertised(host.id(), listener)));
    }
    return """
    cluster.id: %s
    node.id: %d
    data.dirs: [%s]
    metadata.dir: %s
    quorum.voters: [%s]
    listeners:
    %s\
    """
        .formatted(
            clusterId,
            host.id(),
            host.dataDirectory(),
            host.metadataDirectory(),
            voters,
            listeners);
  }
}
