package dev.naru.bench.compaction;

import dev.naru.bench.versus.machine.Memory;
import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import dev.naru.client.NaruClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A node in a process of its own, as the {@code naru} script starts it, and what it says. */
final class OneNode implements AutoCloseable {

  static final String HEAP = "256m";

  private static final int PORT = 21410;
  private static final String CLUSTER_ID = "6e617275-2d63-4f6d-8061-6374696f6e31"; // any
  private static final Duration START_MAX = Duration.ofMinutes(3);
  private static final Duration STOP_MAX = Duration.ofMinutes(2);
  private static final Pattern COMPACTED =
      Pattern.compile(".*Compacted (\\S+) up to offset (\\d+): (\\d+) bytes have become (\\d+).*");
  private static final Pattern DELETED =
      Pattern.compile(".*Deleted the files of (\\d+) segments.*");

  private final Path data;
  private final Child process;
  private final long startNanos;

  private OneNode(Path data, Child process, long startNanos) {
    this.data = data;
    this.process = process;
    this.startNanos = startNanos;
  }

  /** One pass over a log. */
  record Pass(long nanos, String partition, long end, long bytesBefore, long bytesAfter) {}

  /**
   * Starts one and waits until it serves.
   *
   * @param home of its data, which may be there already
   * @param name of the file for what it prints
   * @param settings lines of its configuration
   */
  static OneNode start(Path script, Path home, String name, String... settings) {
    var config = home.resolve("node.yaml");
    write(config, configText(home) + String.join("\n", settings) + "\n");
    var command =
        Command.of(script.toString(), "node", "start", "--format-if-empty", "--config")
            .with(config.toString())
            .with(Map.of("NARU_BUILD", "never", "NARU_NODE_OPTS", jvm(home, name)));
    long startNanos = System.nanoTime();
    var process = Child.start(command, home.resolveSibling(name + ".log"));
    process.await(line -> Optional.of(line).filter(text -> text.startsWith("ready ")), START_MAX);
    return new OneNode(home.resolve("data"), process, startNanos);
  }

  private static String jvm(Path home, String name) {
    return "-Xmx" + HEAP + " -Xlog:gc:file=" + home.resolveSibling(name + ".gc");
  }

  private static String configText(Path home) {
    return """
    cluster.id: %s
    node.id: 1
    data.dirs: ["%s"]
    metadata.dir: "%s"
    quorum.voters: ["1@127.0.0.1:%d"]
    listeners:
      client: {bind: "127.0.0.1:%d", security: plaintext}
      internal: {bind: "127.0.0.1:%d", security: plaintext}
      raft: {bind: "127.0.0.1:%d", security: plaintext}
      http: {bind: "127.0.0.1:%d", security: plaintext}
    """
        .formatted(
            CLUSTER_ID,
            home.resolve("data"),
            home.resolve("metadata"),
            PORT + 2,
            PORT,
            PORT + 1,
            PORT + 2,
            PORT + 3);
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NaruClient connect() {
    var properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:" + PORT);
    return NaruClient.fromProperties(properties);
  }

  /** When its process was started. */
  long startNanos() {
    return startNanos;
  }

  /** Passes that it has told of. */
  List<Pass> passes() {
    return process.lines().stream()
        .flatMap(line -> {
          var found = COMPACTED.matcher(line.text());
          return found.matches()
              ? Stream.of(
                  new Pass(
                      line.nanos(),
                      found.group(1),
                      Long.parseLong(found.group(2)),
                      Long.parseLong(found.group(3)),
                      Long.parseLong(found.group(4))))
              : Stream.empty();
        })
        .toList();
  }

  /** How many segments it has deleted for retention so far. */
  int deletedSegments() {
    return process.lines().stream()
        .map(line -> DELETED.matcher(line.text()))
        .filter(found -> found.matches())
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }

  LogFolder folder(String partition) {
    return new LogFolder(data.resolve(partition));
  }

  double residentMebibytes() {
    return Memory.meanResidentMebibytes(List.of(process.pid()));
  }

  /** Refuses a node that has ended, as one does without memory. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchmarkFailure(
          "Expected the node to run, but it has ended; its last line: "
              + process.lines().getLast().text());
    }
  }

  /** Stops it cleanly. */
  @Override
  public void close() {
    process.terminate();
    process.endsWithin(STOP_MAX);
    process.close();
  }
}
