package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.process.Folders;
import dev.naru.bench.versus.result.Contender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Naru, started and driven by its own command. */
public final class NaruPlatform implements Platform {

  private static final int PORT_FIRST = 21300;
  private static final int PORTS_PER_NODE = 10;
  private static final String CLUSTER_ID = "6e617275-2d76-4b73-8d6b-61666b612d31"; // any

  /** The script's own flags choose another collector. */
  private static final String COLLECTOR = "-XX:-UseSerialGC -XX:+UseG1GC ";

  private static final String NODE_FLAGS = COLLECTOR + String.join(" ", Jvm.NODE_HEAP);
  private static final String CLIENT_FLAGS = COLLECTOR + String.join(" ", Jvm.CLIENT_HEAP);

  private final String java;
  private final Path script;
  private final String commit;

  /**
   * Uses this script, which is built.
   *
   * @param java the program, in the {@code bin} of its JDK
   */
  public NaruPlatform(String java, Path script, String commit) {
    this.java = java;
    this.script = script;
    this.commit = commit;
  }

  @Override
  public Contender contender() {
    return Contender.NARU;
  }

  @Override
  public Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("Naru", commit);
    settings.put(
        "Naru's nodes, JVM",
        "those of the naru script (caches of profiles, limits of inlining), then " + NODE_FLAGS);
    settings.put(
        "Naru's producers and consumers, JVM", "those of the naru script, then " + CLIENT_FLAGS);
    settings.put(
        "Naru's nodes, settings",
        "defaults, but replication factor, min.insync.replicas and flush: os, in -fsync cases"
            + " quorum (the default)");
    return settings;
  }

  @Override
  public List<Command> prepare(ClusterShape shape, Path home) {
    for (int id = 1; id <= shape.nodes(); id++) {
      Folders.write(config(home, id), configText(shape, home.resolve("node-" + id), id));
    }
    return List.of();
  }

  private static Path config(Path home, int id) {
    return home.resolve("node-" + id).resolve("node.yaml");
  }

  private static String configText(ClusterShape shape, Path folder, int id) {
    var voters =
        IntStream.rangeClosed(1, shape.nodes())
            .mapToObj(voter -> "\"" + voter + "@127.0.0.1:" + (port(voter) + 2) + "\"")
            .collect(Collectors.joining(", "));
    return """
    cluster.id: %s
    node.id: %d
    data.dirs: ["%s"]
    metadata.dir: "%s"
    quorum.voters: [%s]
    flush: %s
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
            shape.isDurable() ? "quorum" : "os",
            port(id),
            port(id) + 1,
            port(id) + 2,
            port(id) + 3);
  }

  private static int port(int id) {
    return PORT_FIRST + PORTS_PER_NODE * id;
  }

  @Override
  public Command node(Path home, int id) {
    return naru()
        .with("node", "start", "--config", config(home, id).toString(), "--format-if-empty")
        .with(Map.of("NARU_NODE_OPTS", NODE_FLAGS));
  }

  @Override
  public Optional<Path> deletedLogs(Path home, int id) {
    return Optional.of(home.resolve("node-" + id).resolve("data").resolve("lost+found"));
  }

  @Override
  public String servers(ClusterShape shape) {
    return IntStream.rangeClosed(1, shape.nodes())
        .mapToObj(id -> "127.0.0.1:" + port(id))
        .collect(Collectors.joining(","));
  }

  @Override
  public Command createTopic(String servers, TopicSpec topic) {
    return naru()
        .with("topics", "create", topic.name(), "-b", servers)
        .with("--partitions", Integer.toString(topic.partitions()))
        .with("--replication-factor", Integer.toString(topic.replicas()))
        .with("--config", "min.insync.replicas=" + topic.insyncMin());
  }

  @Override
  public Command deleteTopic(String servers, String topic) {
    return naru().with("topics", "delete", topic, "-b", servers, "--yes");
  }

  @Override
  public Command listTopics(String servers) {
    return naru().with("topics", "list", "-b", servers);
  }

  @Override
  public List<Path> commandFiles() {
    var target = script.resolveSibling("deploy").resolve("target");
    return Stream.of(target, target.resolve("lib")).flatMap(NaruPlatform::filesIn).toList();
  }

  private static Stream<Path> filesIn(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Command describeTopic(String servers, String topic) {
    return naru().with("topics", "describe", topic, "-b", servers, "-o", "jsonl");
  }

  @Override
  public List<Integer> leaders(List<String> described) {
    return described.stream()
        .flatMap(line -> JsonLine.read(line).stream())
        .flatMap(topic -> topic.objects("partitions").stream())
        .flatMap(partition -> partition.number("leader").stream().mapToObj(id -> (int) id))
        .toList();
  }

  @Override
  public Command describeCluster(String servers) {
    return naru().with("cluster", "info", "-b", servers, "-o", "jsonl");
  }

  @Override
  public int controller(List<String> described) {
    return described.stream()
        .flatMap(line -> JsonLine.read(line).stream())
        .flatMap(cluster -> cluster.number("controller").stream().mapToObj(id -> (int) id))
        .findFirst()
        .orElseThrow(() -> new BenchmarkFailure("Expected a controller, but got " + described));
  }

  @Override
  public Command produce(String servers, ProduceLoad load) {
    var command =
        perf("produce", servers, load.topic())
            .with("--values", load.values().toString())
            .with("--warmup", load.warmup().toMillis() + "ms")
            .with("--rate", Double.toString(load.perSecond()));
    for (var setting : load.settings().words()) {
      command = command.with("-X", setting);
    }
    return load.counted().isPresent()
        ? command.with("--duration", load.counted().get().toMillis() + "ms")
        : command.with("--records", Long.toString(load.recordsToCount()));
  }

  @Override
  public Optional<Figures> produced(ProduceLoad load, String line) {
    return Figures.read(line);
  }

  @Override
  public Command consume(String servers, ReadLoad load) {
    return perf("consume", servers, load.topic())
        .with("--records", Long.toString(load.records()), "--follow");
  }

  @Override
  public Optional<Figures> consumed(String line) {
    return Figures.read(line);
  }

  @Override
  public Command roundTrips(String servers, String topic, int records, int recordBytes) {
    return perf("e2e", servers, topic)
        .with("--records", Integer.toString(records))
        .with("--record-size", Integer.toString(recordBytes));
  }

  @Override
  public Function<String, Optional<Figures>> roundTripReader() {
    return Figures::read;
  }

  @Override
  public Command pacedSender(String servers, PacedLoad load) {
    return pace("send", servers, load.topic())
        .with(Double.toString(load.perSecond()), Integer.toString(load.warmup() + load.counted()))
        .with(load.values().toString());
  }

  @Override
  public Command pacedReader(String servers, PacedLoad load) {
    return pace("read", servers, load.topic())
        .with(Integer.toString(load.partitions()), Integer.toString(load.warmup()))
        .with(Integer.toString(load.counted()));
  }

  private Command pace(String what, String servers, String topic) {
    return client(Jvm.CLIENT_HEAP, "NaruPace").with(what, servers, topic);
  }

  @Override
  public Command probe(String task, String servers, int replicas, String... more) {
    return client(List.of("-Xmx256m"), "NaruProbe")
        .with(task, servers, Integer.toString(replicas))
        .with(more);
  }

  /** A program of this benchmark, started as an application would be: without Naru's script. */
  private Command client(List<String> heap, String main) {
    return Command.of(java)
        .with(heap)
        .with("-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED")
        .with("--sun-misc-unsafe-memory-access=allow", "-cp")
        .with(System.getProperty("java.class.path"))
        .with("dev.naru.bench.versus.probe." + main);
  }

  private Command perf(String what, String servers, String topic) {
    return naru()
        .with("perf", what, "-b", servers, "--topic", topic, "-o", "jsonl")
        .with(Map.of("NARU_JAVA_OPTS", CLIENT_FLAGS));
  }

  private Command naru() {
    return Command.of(script.toString())
        .with(
            Map.of(
                "NARU_BUILD",
                "never",
                "NARU_JAVA_HOME",
                Path.of(java).resolve("../..").normalize().toString()));
  }
}
