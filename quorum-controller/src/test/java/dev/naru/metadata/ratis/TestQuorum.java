package dev.naru.metadata.ratis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.Voter;
import dev.naru.testing.Eventually;
import dev.naru.testing.FreePorts;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real Ratis servers of one cluster in this JVM, on loopback ports that were free a moment ago. */
final class TestQuorum implements AutoCloseable {

  static final UUID CLUSTER = UUID.fromString("6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10");

  /** Above Ratis' pauses on a loaded machine, below what a test's reader waits for. */
  static final Eventually SOON =
      Eventually.allowing("an election", ofSeconds(10)).and("a restart of Ratis", ofSeconds(10));

  final ConcurrentLinkedQueue<String> fatal = new ConcurrentLinkedQueue<>();
  private final Path root;
  private final RatisSettings settings;
  private final List<Voter> voters;
  private final Map<NodeId, HostPort> addresses = new TreeMap<>();
  private final Map<NodeId, RatisMetadataLog> running = new ConcurrentSkipListMap<>();
  private long sequence;

  TestQuorum(Path root, RatisSettings settings, int voters, int listeners) {
    this.root = root;
    this.settings = settings;
    IntStream.rangeClosed(1, voters + listeners)
        .forEach(id -> addresses.put(new NodeId(id), new HostPort("127.0.0.1", FreePorts.next())));
    this.voters =
        IntStream.rangeClosed(1, voters)
            .mapToObj(NodeId::new)
            .map(node -> new Voter(node, address(node)))
            .toList();
  }

  QuorumSeat seat(NodeId node) {
    var internal = new HostPort("127.0.0.1", 20_000 + node.value());
    var address = address(node);
    return new QuorumSeat(
        CLUSTER, node, voters, root.resolve("node-" + node), address, address, internal);
  }

  private HostPort address(NodeId node) {
    return Optional.ofNullable(addresses.get(node)).orElseThrow();
  }

  void format(NodeId node) throws MetadataLogException {
    MetadataDirectory.format(seat(node).directory(), CLUSTER, node, new UUID(5, node.value()));
  }

  RatisMetadataLog start(NodeId node) throws MetadataLogException {
    if (!MetadataDirectory.isFormatted(seat(node).directory())) {
      format(node);
    }
    var log =
        RatisMetadataLog.start(
            seat(node),
            settings,
            new LogRuntime(
                Thread.ofPlatform().daemon().factory(),
                new SimpleMeterRegistry(),
                (reason, cause) -> fatal.add("node " + node + ": " + reason + " " + cause)));
    running.put(node, log);
    return log;
  }

  /**
   * All voters, one of which leads, and the start of the log at each. Two are enough for a leader
   * and for commits; until the third holds an entry its vote does not count, and neither of the two
   * can be spared.
   */
  void startVoters() throws MetadataLogException {
    for (Voter voter : voters) {
      start(voter.node());
    }
    awaitController();
    SOON.until("every voter holds the start of the log", this::everyVoterHoldsSomeLog);
  }

  private boolean everyVoterHoldsSomeLog() throws IOException {
    for (Voter voter : voters) {
      if (log(voter.node()).logStart() < 0) {
        return false;
      }
    }
    return true;
  }

  void stop(NodeId node) {
    remove(node).close();
  }

  /** Counts it as gone; the caller closes it. */
  RatisMetadataLog remove(NodeId node) {
    return Optional.ofNullable(running.remove(node)).orElseThrow();
  }

  void loseDisk(NodeId node) {
    delete(seat(node).directory());
  }

  void loseLog(NodeId node) {
    delete(MetadataDirectory.raft(seat(node).directory()));
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  RatisMetadataLog log(NodeId node) {
    return Optional.ofNullable(running.get(node)).orElseThrow();
  }

  List<RatisMetadataLog> running() {
    return List.copyOf(running.values());
  }

  /** The running node that leads and has applied the start of its term. */
  Optional<NodeId> controller() {
    return running.entrySet().stream()
        .filter(entry -> entry.getValue().leads())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Where none leads, what each node believes says why. */
  NodeId awaitController() {
    SOON.untilAsserted(
        "one of the voters leads", () -> assertThat(controller()).as(this::beliefs).isPresent());
    return controller().orElseThrow();
  }

  private String beliefs() {
    return running.entrySet().stream()
        .map(entry -> "node %s: %s".formatted(entry.getKey(), entry.getValue().quorum()))
        .collect(Collectors.joining("; "));
  }

  /** At the controller, again after an election, under one sequence. */
  Outcome submit(MetadataCommand command) {
    var envelope = envelope(command);
    long deadline = System.nanoTime() + SOON.limit().toNanos();
    while (true) {
      try {
        var outcome = log(awaitController()).submit(envelope).get(5, TimeUnit.SECONDS);
        if (!(outcome instanceof Outcome.NotAppended)) {
          return outcome;
        }
      } catch (Exception e) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(e);
        }
      }
    }
  }

  CommandEnvelope envelope(MetadataCommand command) {
    return new CommandEnvelope(new NodeId(1), CommandEnvelope.UNREGISTERED, ++sequence, 0, command);
  }

  /** The first command of the cluster. */
  void initialize() {
    accepted(
        submit(
            new InitializeCluster(
                CLUSTER.toString(),
                ClusterImage.METADATA_VERSION_LATEST,
                ClusterDefaults.BUILT_IN)));
  }

  /** Accepted, and changes the image: a node registers once more. Returns the command's index. */
  long change() {
    return accepted(submit(registration(new NodeId(9))));
  }

  RegisterNode registration(NodeId node) {
    var address = new HostPort("127.0.0.1", 9000 + node.value());
    return new RegisterNode(
        CLUSTER.toString(),
        node,
        new UUID(7, ++sequence),
        newest().image().node(node).map(NodeImage::epoch),
        new NodeProfile(
            Optional.empty(),
            new NodeEndpoints(address, address, address, address),
            node.toString(),
            "test",
            ClusterImage.METADATA_VERSION_LATEST),
        List.of(new DirectoryReport(new UUID(9, node.value()), Optional.empty())),
        LastStop.UNCLEAN,
        false);
  }

  private Applied newest() {
    return running.values().stream()
        .map(RatisMetadataLog::applied)
        .max(Comparator.comparingLong(Applied::index))
        .orElseThrow();
  }

  /** Where the command stands in the log, accepted or refused. */
  static long index(Outcome outcome) {
    return outcome instanceof Outcome.Refusal(long index, _) ? index : accepted(outcome);
  }

  static long accepted(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted(long index)) {
      return index;
    }
    throw new AssertionError("Expected an accepted command, but was " + outcome);
  }

  /**
   * All running nodes have applied the entry, and where they have applied the same, all is the
   * same.
   */
  void awaitAgreementAt(long index) {
    SOON.untilAsserted(
        "all nodes agree on entry " + index,
        () -> {
          var applied = running().stream().map(RatisMetadataLog::applied).toList();
          assertThat(applied).allMatch(each -> each.hasApplied(index));
          assertThat(applied.stream().map(Applied::index).distinct()).hasSize(1);
          assertThat(applied.stream().map(each -> SnapshotCodec.stateHash(each.image())).distinct())
              .hasSize(1);
        });
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }
}
