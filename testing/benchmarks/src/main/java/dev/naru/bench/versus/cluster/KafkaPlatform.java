package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.process.Folders;
import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Measure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kafka in KRaft mode, each node both broker and controller, and Kafka's own tools. */
public final class KafkaPlatform implements Platform {

  private static final int PORT_FIRST = 21100;
  private static final int PORTS_PER_NODE = 10;
  private static final String CLUSTER_ID = "bmFydS12cy1rYWZrYS0wMQ"; // any 16 bytes

  /** What Kafka's own scripts pass, but for the heap. */
  private static final List<String> FLAGS =
      List.of(
          "-server",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent",
          "-Djava.awt.headless=true");

  private static final Pattern PRODUCED =
      Pattern.compile(
          "(\\d+)( steady state)? records sent, ([\\d.]+) records/sec .*?"
              + "([\\d.]+) ms max latency, (\\d+) ms 50th, \\d+ ms 95th, (\\d+) ms 99th, (\\d+) ms"
              + " 99\\.9th.*");
  private static final Pattern ROUND_TRIPPED =
      Pattern.compile("Percentiles: 50th = (\\d+), 99th = (\\d+), 99\\.9th = (\\d+)");
  private static final Pattern MEAN_ROUND_TRIP = Pattern.compile("Avg latency: ([\\d.]+) ms");
  private static final Pattern LEADER = Pattern.compile("Partition: \\d+\\s+Leader: (\\d+)");
  private static final Pattern CONTROLLER = Pattern.compile("LeaderId:\\s+(\\d+)");

  private final String java;
  private final Path folder;
  private final Path probe;
  private final Path classes;

  /**
   * Uses the jars in {@code brokers} and {@code tools} of this folder, and in {@code classes} what
   * of this benchmark speaks to Kafka.
   *
   * @param probe the source of KafkaProbe
   * @param classes of this benchmark, which know nothing of either system where KafkaPace needs
   *     them
   */
  public KafkaPlatform(String java, Path folder, Path probe, Path classes) {
    this.java = java;
    this.folder = folder;
    this.probe = probe;
    this.classes = classes;
  }

  @Override
  public Contender contender() {
    return Contender.KAFKA;
  }

  @Override
  public Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("Kafka's nodes", jarVersion("brokers", "kafka_2.13-"));
    settings.put("Kafka's tools", jarVersion("tools", "kafka-tools-"));
    settings.put("Kafka's nodes, JVM", String.join(" ", jvm(Jvm.NODE_HEAP)));
    settings.put("Kafka's producers and consumers, JVM", String.join(" ", jvm(Jvm.CLIENT_HEAP)));
    settings.put(
        "Kafka's nodes, settings",
        "KRaft, broker and controller in one; defaults, but replication factor,"
            + " min.insync.replicas and log.segment.delete.delay.ms=1000; -fsync cases:"
            + " log.flush.interval.messages=1; no logging");
    return settings;
  }

  private String jarVersion(String part, String prefix) {
    try (var jars = Files.list(folder.resolve(part))) {
      return jars.map(jar -> String.valueOf(jar.getFileName()))
          .filter(
              name -> name.startsWith(prefix) && Character.isDigit(name.charAt(prefix.length())))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> jvm(List<String> heap) {
    var flags = new ArrayList<>(heap);
    flags.addAll(FLAGS);
    return flags;
  }

  @Override
  public List<Command> prepare(ClusterShape shape, Path home) {
    var commands = new ArrayList<Command>();
    for (int id = 1; id <= shape.nodes(); id++) {
      Folders.write(config(home, id), configText(shape, home, id));
      commands.add(
          program("brokers", List.of("-Xmx256m"), "kafka.tools.StorageTool")
              .with("format", "--cluster-id", CLUSTER_ID, "--config", config(home, id).toString()));
    }
    return commands;
  }

  private static Path config(Path home, int id) {
    return home.resolve("node-" + id).resolve("server.properties");
  }

  private static String configText(ClusterShape shape, Path home, int id) {
    var voters =
        IntStream.rangeClosed(1, shape.nodes())
            .mapToObj(voter -> voter + "@127.0.0.1:" + (port(voter) + 1))
            .collect(Collectors.joining(","));
    return """
    process.roles=broker,controller
    node.id=%d
    controller.quorum.voters=%s
    controller.listener.names=CONTROLLER
    listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
    log.dirs=%s
    offsets.topic.replication.factor=%d
    transaction.state.log.replication.factor=%d
    transaction.state.log.min.isr=%d
    share.coordinator.state.topic.replication.factor=%d
    share.coordinator.state.topic.min.isr=%d
    # Or the disk of a deleted topic is given back after a minute only.
    log.segment.delete.delay.ms=1000
    """
            .formatted(
                id,
                voters,
                port(id),
                port(id) + 1,
                home.resolve("node-" + id).resolve("data"),
                shape.nodes(),
                shape.nodes(),
                shape.insyncMin(),
                shape.nodes(),
                shape.insyncMin())
        + (shape.isDurable() ? "log.flush.interval.messages=1\n" : "");
  }

  private static int port(int id) {
    return PORT_FIRST + PORTS_PER_NODE * id;
  }

  @Override
  public Command node(Path home, int id) {
    return program("brokers", Jvm.NODE_HEAP, "kafka.Kafka").with(config(home, id).toString());
  }

  @Override
  public Optional<Path> deletedLogs(Path home, int id) {
    return Optional.empty();
  }

  @Override
  public String servers(ClusterShape shape) {
    return IntStream.rangeClosed(1, shape.nodes())
        .mapToObj(id -> "127.0.0.1:" + port(id))
        .collect(Collectors.joining(","));
  }

  @Override
  public Command createTopic(String servers, TopicSpec topic) {
    return topics(servers)
        .with("--create", "--topic", topic.name())
        .with("--partitions", Integer.toString(topic.partitions()))
        .with("--replication-factor", Integer.toString(topic.replicas()))
        .with("--config", "min.insync.replicas=" + topic.insyncMin());
  }

  @Override
  public Command deleteTopic(String servers, String topic) {
    return topics(servers).with("--delete", "--topic", topic);
  }

  @Override
  public Command listTopics(String servers) {
    return topics(servers).with("--list");
  }

  @Override
  public List<Path> commandFiles() {
    try (var jars = Files.list(folder.resolve("tools"))) {
      return jars.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Command describeTopic(String servers, String topic) {
    return topics(servers).with("--describe", "--topic", topic);
  }

  @Override
  public List<Integer> leaders(List<String> described) {
    var found = LEADER.matcher(String.join("\n", described));
    return found.results().map(result -> Integer.valueOf(result.group(1))).toList();
  }

  @Override
  public Command describeCluster(String servers) {
    return tool("MetadataQuorumCommand", List.of("-Xmx256m"))
        .with("--bootstrap-server", servers, "describe", "--status");
  }

  @Override
  public int controller(List<String> described) {
    var found = CONTROLLER.matcher(String.join("\n", described));
    if (!found.find()) {
      throw new BenchmarkFailure("Expected a LeaderId, but Kafka's tool printed " + described);
    }
    return Integer.parseInt(found.group(1));
  }

  @Override
  public Command produce(String servers, ProduceLoad load) {
    return tool("ProducerPerformance", Jvm.CLIENT_HEAP)
        .with("--bootstrap-server", servers, "--topic", load.topic())
        .with("--payload-file", load.values().toString())
        .with("--throughput", load.perSecond() == 0 ? "-1" : Double.toString(load.perSecond()))
        .with("--warmup-records", Long.toString(load.warmupRecords()))
        .with("--num-records", Long.toString(load.warmupRecords() + load.recordsToCount()))
        .with("--reporting-interval", "1000")
        .with("--command-property")
        .with(load.settings().words());
  }

  /** With a warm-up the tool prints two such lines, and the second one counts. */
  @Override
  public Optional<Figures> produced(ProduceLoad load, String line) {
    var found = PRODUCED.matcher(line);
    boolean hasWarmup = load.warmupRecords() > 0;
    if (!found.matches() || hasWarmup != (found.group(2) != null)) {
      return Optional.empty();
    }
    long records = Long.parseLong(found.group(1));
    double perSecond = Double.parseDouble(found.group(3));
    return Optional.of(
        new Figures(
            records,
            OptionalDouble.of(records / perSecond),
            Map.of(
                Measure.MAX_MILLIS, Double.valueOf(found.group(4)),
                Measure.P50_MILLIS, Double.valueOf(found.group(5)),
                Measure.P99_MILLIS, Double.valueOf(found.group(6)),
                Measure.P999_MILLIS, Double.valueOf(found.group(7)))));
  }

  @Override
  public Command consume(String servers, ReadLoad load) {
    return tool("ConsumerPerformance", Jvm.CLIENT_HEAP)
        .with("--bootstrap-server", servers, "--topic", load.topic())
        .with("--num-records", Long.toString(load.records()))
        .with("--timeout", "120000", "--hide-header");
  }

  /** Commas between ten fields; the eighth is the time without that of joining the group. */
  @Override
  public Optional<Figures> consumed(String line) {
    var fields = line.split(", ", -1);
    return fields.length == 10 && Character.isDigit(line.charAt(0))
        ? Optional.of(Figures.of(Long.parseLong(fields[4]), Long.parseLong(fields[7]) / 1e3))
        : Optional.empty();
  }

  @Override
  public Command roundTrips(String servers, String topic, int records, int recordBytes) {
    return tool("EndToEndLatency", Jvm.CLIENT_HEAP)
        .with(servers, topic, Integer.toString(records), "all", Integer.toString(recordBytes));
  }

  /**
   * The mean comes in a line before, and as a fraction where percentiles are whole milliseconds.
   */
  @Override
  public Function<String, Optional<Figures>> roundTripReader() {
    var latencies = new EnumMap<Measure, Double>(Measure.class);
    return line -> {
      var mean = MEAN_ROUND_TRIP.matcher(line);
      var percentiles = ROUND_TRIPPED.matcher(line);
      if (mean.lookingAt()) {
        latencies.put(Measure.MEAN_MILLIS, Double.valueOf(mean.group(1)));
      }
      if (!percentiles.matches()) {
        return Optional.empty();
      }
      latencies.put(Measure.P50_MILLIS, Double.valueOf(percentiles.group(1)));
      latencies.put(Measure.P99_MILLIS, Double.valueOf(percentiles.group(2)));
      latencies.put(Measure.P999_MILLIS, Double.valueOf(percentiles.group(3)));
      return Optional.of(new Figures(0, OptionalDouble.empty(), latencies));
    };
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
    var path =
        String.join(
            ":", classPath("tools"), folder.resolve("classes").toString(), classes.toString());
    return Command.of(java)
        .with(jvm(Jvm.CLIENT_HEAP))
        .with("-cp", path, "KafkaPace")
        .with(what, servers, topic);
  }

  @Override
  public Command probe(String task, String servers, int replicas, String... more) {
    return Command.of(java, "-Xmx256m", "-cp", classPath("tools"), probe.toString())
        .with(task, servers, Integer.toString(replicas))
        .with(more);
  }

  private Command topics(String servers) {
    return tool("TopicCommand", List.of("-Xmx256m")).with("--bootstrap-server", servers);
  }

  private Command tool(String name, List<String> heap) {
    return program("tools", heap, "org.apache.kafka.tools." + name);
  }

  private Command program(String part, List<String> heap, String main) {
    return Command.of(java).with(jvm(heap)).with("-cp", classPath(part), main);
  }

  private String classPath(String part) {
    return folder.resolve(part) + "/*";
  }
}
