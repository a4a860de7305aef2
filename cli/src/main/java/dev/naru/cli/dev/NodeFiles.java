package dev.naru.cli.dev;

import dev.naru.cli.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files of one node of a dev cluster, under {@code node-ID}. */
record NodeFiles(Path directory) {

  private static final int TAIL_BYTES_MAX = 16 << 10;

  static NodeFiles of(Path clusterDirectory, int node) {
    return new NodeFiles(clusterDirectory.resolve("node-" + node));
  }

  Path config() {
    return directory.resolve("node.yaml");
  }

  /** What the node logs. */
  Path log() {
    return directory.resolve("node.log");
  }

  /** What the node prints: its ready line. */
  Path output() {
    return directory.resolve("node.out");
  }

  /** Writes the configuration of a node. */
  void writeConfig(DevState cluster, int node) {
    try {
      Files.createDirectories(directory);
      Files.writeString(config(), configText(cluster, node));
      Files.writeString(output(), "");
    } catch (IOException e) {
      throw FileFaults.of(directory, e);
    }
  }

  private String configText(DevState cluster, int node) {
    var ports = cluster.ports();
    var voters =
        cluster.nodes().stream()
            .map(voter -> JsonWriter.quoted(voter.id() + "@" + ports.raft(voter.id())))
            .collect(Collectors.joining(", "));
    return """
    # Written by naru dev at each start.
    cluster.id: %s
    node.id: %d
    data.dirs: [%s]
    metadata.dir: %s
    quorum.voters: [%s]
    listeners:
      client: {bind: "%s", security: plaintext}
      internal: {bind: "%s", security: plaintext}
      raft: {bind: "%s", security: plaintext}
      http: {bind: "%s", security: plaintext}
    """
        .formatted(
            cluster.clusterId(),
            node,
            JsonWriter.quoted(directory.resolve("data").toString()),
            JsonWriter.quoted(directory.resolve("metadata").toString()),
            voters,
            ports.client(node),
            ports.internal(node),
            ports.raft(node),
            ports.http(node));
  }

  /** The ready line, once the node has printed it. */
  Optional<String> readyLine() {
    return lines(output(), 0).stream().filter(line -> line.startsWith("ready ")).findFirst();
  }

  /** How long the log is: where that of the next process begins. */
  long logBytes() {
    try {
      return Files.exists(log()) ? Files.size(log()) : 0;
    } catch (IOException e) {
      throw FileFaults.of(log(), e);
    }
  }

  /** The last lines of the log after this many bytes. */
  List<String> logTail(long begin, int count) {
    var lines = lines(log(), begin);
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private static List<String> lines(Path file, long begin) {
    try (var channel = Files.newByteChannel(file)) {
      long from = Math.max(begin, channel.size() - TAIL_BYTES_MAX);
      var bytes = ByteBuffer.allocate((int) Math.max(channel.size() - from, 0));
      channel.position(from);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until the end, which another process may be moving
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw FileFaults.of(file, e);
    }
  }
}
