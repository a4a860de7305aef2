package dev.naru.chaos;

import dev.naru.chaos.host.NodeProcess;
import dev.naru.client.NaruClient;
import dev.naru.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some nodes on loopback, each a process with a directory of its own; ports are whatever is free.
 */
final class ProcessCluster implements AutoCloseable {

  private static final int PORTS_PER_NODE = 4;
  private static final Duration PAGE_LIMIT = Duration.ofSeconds(5);

  private final Path directory;
  private final String moreSettings;
  private final String clusterId = UUID.randomUUID().toString();
  private final List<Integer> ports;
  private final List<NodeProcess> nodes = new ArrayList<>();

  private ProcessCluster(Path directory, String moreSettings, List<Integer> ports) {
    this.directory = directory;
    this.moreSettings = moreSettings;
    this.ports = ports;
  }

  /** Starts nodes 1 to {@code count}, all voters, and returns once every one of them is ready. */
  static ProcessCluster start(Path directory, int count) {
    return start(directory, count, "");
  }

  /**
   * The same with more settings.
   *
   * @param moreSettings lines for the configuration of each node
   */
  static ProcessCluster start(Path directory, int count, String moreSettings) {
    var ports = Stream.generate(FreePorts::next).limit((long) count * PORTS_PER_NODE).toList();
    var cluster = new ProcessCluster(directory, moreSettings, ports);
    IntStream.rangeClosed(1, count).forEach(id -> cluster.nodes.add(cluster.spawn(id, count)));
    try {
      cluster.nodes.forEach(NodeProcess::awaitReady);
    } catch (AssertionError e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** Node ids start at 1. */
  NodeProcess node(int id) {
    return nodes.get(id - 1);
  }

  List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  /** Starts a stopped or killed node again, on its old directory and ports; does not wait. */
  NodeProcess restart(int id) {
    if (node(id).isAlive()) {
      throw new IllegalStateException("Expected node " + id + " to be down, but it runs");
    }
    nodes.set(id - 1, spawn(id, nodes.size()));
    return node(id);
  }

  String bootstrapServers() {
    return IntStream.rangeClosed(1, nodes.size())
        .mapToObj(id -> "127.0.0.1:" + port(id, 0))
        .collect(Collectors.joining(","));
  }

  NaruClient client() {
    return NaruClient.builder().bootstrapServers(bootstrapServers()).build();
  }

  Path dataDirectory(int id) {
    return nodeDirectory(id).resolve("data");
  }

  /** Port of the pages under http. */
  int httpPort(int id) {
    return port(id, 3);
  }

  /**
   * A node's metric, summed over its series.
   *
   * @param label only the series in whose labels this occurs
   */
  double metric(int id, String name, String label) throws IOException, InterruptedException {
    var page = URI.create("http://127.0.0.1:%d/metrics".formatted(httpPort(id)));
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(page).timeout(PAGE_LIMIT).build();
      var lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body();
      return lines
          .filter(line -> line.startsWith(name) && line.contains(label))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
  }

  private NodeProcess spawn(int id, int count) {
    try {
      Files.createDirectories(nodeDirectory(id));
      var config = Files.writeString(nodeDirectory(id).resolve("node.yaml"), config(id, count));
      return NodeProcess.start(id, config, nodeDirectory(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String config(int id, int count) {
    var voters =
        IntStream.rangeClosed(1, count)
            .mapToObj(voter -> voter + "@127.0.0.1:" + port(voter, 2))
            .collect(Collectors.joining(", "));
    return """
    cluster.id: %s
    node.id: %d
    data.dirs: [%s]
    metadata.dir: %s
    quorum.voters: [%s]
    listeners:
      client:   {bind: "127.0.0.1:%d", advertised: "127.0.0.1:%d", security: plaintext}
      internal: {bind: "127.0.0.1:%d", advertised: "127.0.0.1:%d", security: plaintext}
      raft:     {bind: "127.0.0.1:%d", advertised: "127.0.0.1:%d", security: plaintext}
      http:     {bind: "127.0.0.1:%d", advertised: "127.0.0.1:%d", security: plaintext}
    """
            .formatted(
                clusterId,
                id,
                dataDirectory(id),
                nodeDirectory(id).resolve("metadata"),
                voters,
                port(id, 0),
                port(id, 0),
                port(id, 1),
                port(id, 1),
                port(id, 2),
                port(id, 2),
                port(id, 3),
                port(id, 3))
        + moreSettings;
  }

  private Path nodeDirectory(int id) {
    return directory.resolve("node-" + id);
  }

  private int port(int id, int listener) {
    return ports.get((id - 1) * PORTS_PER_NODE + listener);
  }
}
