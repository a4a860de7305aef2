package dev.naru.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.debug.EntryLine;
import dev.naru.cli.debug.RaftJson;
import dev.naru.cli.json.JsonReader;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.image.Replica;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.ratis.InspectedEntry;
import dev.naru.metadata.ratis.InspectedEntry.Content;
import dev.naru.metadata.ratis.LogPosition;
import dev.naru.metadata.ratis.MetadataDirectory;
import dev.naru.testing.Golden;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/** {@code naru debug raft}; that it reads a log as a node does, {@code MetadataInspectionTest}. */
class DebugRaftTest {

  private static final UUID CLUSTER = UUID.fromString("6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10");
  private static final TopicId ORDERS = TopicId.of(0x0a0b0c0d0e0f1011L, 0x8000000000000001L);
  private static final UUID OPERATION = new UUID(6, 1);

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @TempDir private Path root = Path.of("");

  @Test
  @Tag("S13")
  void printsAllThatTheImageHolds() throws Exception {
    var directory = written("node-1", image());

    int status = run(directory.toString());

    assertThat(errors()).isEmpty();
    assertThat(status).isZero();
    Golden.of(DebugRaftTest.class)
        .assertText("debug-raft.json", shown().replace(directory.toString(), "METADATA"));
  }

  @Test
  void printsADirectoryALineForPrograms() throws Exception {
    var one = written("node-1", image());
    var two = written("node-2", ClusterImage.empty(CLUSTER.toString()));

    assertThat(run("-o", "jsonl", one.toString(), two.toString())).isZero();

    assertThat(shown().lines().map(JsonReader::read)).hasSize(2);
    assertThat(run("-o", "yaml", one.toString())).isEqualTo(2);
    assertThat(errors()).contains("Expected an output of json or jsonl");
  }

  @Test
  void hasNoEntriesToPrintWhereThereIsNoLog() throws Exception {
    var directory = written("node-1", image());

    assertThat(run("--entries", directory.toString())).isZero();
    assertThat(shown()).isEqualTo("     INDEX    TERM  COMMAND\n");
  }

  @Test
  @Tag("S13")
  void printsAnEntryALineWithIndexTermAndCommand() {
    var text = new StringBuilder();
    for (var entry : entries()) {
      text.append(EntryLine.of(entry)).append('\n');
    }
    for (var entry : entries()) {
      text.append(JsonWriter.compact(RaftJson.of(entry))).append('\n');
    }

    Golden.of(DebugRaftTest.class).assertText("debug-raft-entries.txt", text.toString());
  }

  private static List<InspectedEntry> entries() {
    var envelope =
        new CommandEnvelope(
            new NodeId(2),
            new NodeEpoch(11),
            5,
            1_767_225_600_000L,
            new CreateTopic(
                ORDERS,
                "orders",
                Optional.of(3),
                Optional.empty(),
                TreePMap.singleton("flush", "\u001b[31mos"),
                42),
            "ann@10.0.0.7");
    return Stream.<Content>of(
            new Content.Members(List.of("1@n.example:9412"), List.of()),
            new Content.Command(envelope),
            new Content.Committed(1),
            new Content.Unreadable("Expected an encoded command, but \u0007"))
        .map(content -> new InspectedEntry(new LogPosition(3, 4_000_000_000L), content))
        .toList();
  }

  @Test
  void endsWithOneAndTheDamagedFile() throws Exception {
    var directory = written("node-1", image());
    var snapshot = snapshot(directory);
    byte[] bytes = Files.readAllBytes(snapshot);
    bytes[100] ^= 1;
    Files.write(snapshot, bytes);

    int status = run(directory.toString());

    assertThat(status).isEqualTo(1);
    assertThat(errors())
        .contains("error: CORRUPT_LOG: Expected a sound metadata log, but " + snapshot + ": ");
    assertThat(shown()).contains("\"index\": 0", "\"faults\": [\"CORRUPT_LOG: " + snapshot);
  }

  @Test
  void saysWhatAnIdentityThatIsDamagedHolds() throws Exception {
    var directory = written("node-1", image());
    Files.writeString(directory.resolve("naru.meta"), "format=1\n");

    assertThat(run(directory.toString())).isEqualTo(4);
    assertThat(errors())
        .contains("Expected a readable " + directory.resolve("naru.meta") + ", but its checksum");
  }

  // ---- a directory as a node leaves it after a snapshot

  private Path written(String name, ClusterImage image) throws Exception {
    var directory = root.resolve(name);
    MetadataDirectory.format(directory, CLUSTER, new NodeId(1), new UUID(5, 1));
    var snapshot = snapshot(directory);
    Files.createDirectories(snapshot.getParent());
    try (var out = Files.newOutputStream(snapshot)) {
      SnapshotCodec.write(image, out);
    }
    var digest = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(snapshot));
    Files.writeString(
        snapshot.resolveSibling(snapshot.getFileName() + ".md5"),
        HexFormat.of().formatHex(digest) + " *" + snapshot.getFileName() + "\n");
    return directory;
  }

  private static Path snapshot(Path directory) {
    return directory.resolve("raft").resolve(CLUSTER.toString()).resolve("sm/snapshot.3_77");
  }

  // ---- an image with something of everything

  private static ClusterImage image() {
    var origin = new ConfigOrigin(70, 1_767_225_600_000L, "ann@10.0.0.7");
    var image =
        ClusterImage.empty(CLUSTER.toString())
            .initialized(
                1,
                new ClusterDefaults(
                    3,
                    2,
                    TreePMap.singleton("retention.ms", "86400000"),
                    Optional.of(Durability.BALANCED)))
            .finalized(2, origin)
            .withClusterConfigs(TreePMap.singleton("flush", new ConfigEntry("os", origin)))
            .withNodeConfigs(
                new NodeId(2),
                TreePMap.singleton("disk.used.ratio.max", new ConfigEntry("0.9", origin)));
    for (int id = 1; id <= 3; id++) {
      image = image.withNode(node(id));
    }
    var defaults = image.defaults();
    return image
        .withRecentOutcomes(
            new NodeId(1),
            new RecentOutcomes(
                new NodeEpoch(11),
                TreePMap.<Long, Outcome>singleton(4L, new Outcome.Accepted(60))
                    .plus(
                        5L,
                        new Outcome.Refusal(
                            61, new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic"))),
                4))
        .withTopic(
            TopicImage.of(
                ORDERS,
                "orders",
                1_767_225_600_001L,
                TreePMap.singleton("min.insync.replicas", "2"),
                TreePMap.singleton("min.insync.replicas", origin),
                defaults,
                TreePVector.from(List.of(led(), waiting(), moving()))))
        .withDeletedTopics(image.deletedTopics().with(TopicId.of(9, 9), 55))
        .withOperation(operation());
  }

  private static NodeImage node(int id) {
    return new NodeImage(
        new NodeId(id),
        new NodeEpoch(10 + id),
        new UUID(7, id),
        id == 3 ? NodeState.FENCED : NodeState.ACTIVE,
        new NodeProfile(
            id == 3 ? Optional.empty() : Optional.of("rack-" + id),
            new NodeEndpoints(address(9_410), address(9_411), address(9_412), address(9_413)),
            Integer.toString(id),
            "0.1.0",
            2),
        TreePMap.singleton(
            new UUID(8, id), id == 3 ? DirectoryTrust.UNTRUSTED : DirectoryTrust.TRUSTED),
        id == 3 ? LastStop.UNCLEAN : LastStop.CLEAN,
        id != 3,
        id == 3 ? Optional.empty() : Optional.of(new NodeEpoch(10 + id)),
        id == 2 ? NodeIntent.DRAIN : NodeIntent.NONE,
        false);
  }

  private static HostPort address(int port) {
    return new HostPort("n.example", port);
  }

  private static PartitionImage led() {
    return new PartitionImage(
        replicas(1, 2),
        nodes(1, 2),
        TreePMap.empty(),
        TreePSet.empty(),
        Optional.of(new NodeId(1)),
        new LeaderEpoch(4),
        new PartitionEpoch(9));
  }

  private static PartitionImage waiting() {
    var loss =
        new DeclaredLoss(
            new LeaderEpoch(2),
            new LogEnd(Optional.of(new LeaderEpoch(1)), 40),
            40,
            50,
            false,
            nodes(3),
            LossCause.OPERATOR);
    return new PartitionImage(
        replicas(1, 2, 3),
        nodes(),
        TreePMap.<NodeId, ElrPlace>singleton(new NodeId(1), new ElrPlace.Unbroken())
            .plus(new NodeId(2), new ElrPlace.Awaited())
            .plus(
                new NodeId(3),
                new ElrPlace.Recovered(new LogEnd(Optional.of(new LeaderEpoch(1)), 44))),
        nodes(3),
        Optional.empty(),
        new LeaderEpoch(3),
        new PartitionEpoch(12),
        Losses.NONE.with(loss));
  }

  private static PartitionImage moving() {
    return new PartitionImage(
        replicas(1, 2),
        nodes(1),
        TreePMap.empty(),
        TreePSet.empty(),
        Optional.of(new NodeId(1)),
        new LeaderEpoch(1),
        new PartitionEpoch(3),
        Losses.NONE,
        Optional.of(new Move(List.of(new NodeId(1)), List.of(new NodeId(2)), OPERATION, false)));
  }

  private static OperationImage operation() {
    return OperationImage.begun(
            OPERATION,
            OperationKind.REASSIGN_PARTITIONS,
            Optional.empty(),
            66,
            1_767_225_600_002L,
            OptionalLong.of(1 << 20),
            17,
            NodeIntent.NONE)
        .planned(
            2,
            TreePMap.singleton(new PartitionId(ORDERS, 0), List.of(new NodeId(3), new NodeId(2))));
  }

  private static List<Replica> replicas(int... ids) {
    return IntStream.of(ids)
        .mapToObj(id -> new Replica(new NodeId(id), new PartitionEpoch(0)))
        .toList();
  }

  private static TreePSet<NodeId> nodes(int... ids) {
    return TreePSet.from(IntStream.of(ids).mapToObj(NodeId::new).toList());
  }

  private int run(String... words) {
    stdout.reset();
    stderr.reset();
    var notes = new Notes(new PrintStream(stderr, true, UTF_8));
    var invocation = new Invocation(Map.of(), new Stdout(stdout), notes);
    var all = Stream.concat(Stream.of("debug", "raft"), Stream.of(words));
    return new CommandTree(invocation).run(all.toArray(String[]::new));
  }

  private String shown() {
    return stdout.toString(UTF_8);
  }

  private String errors() {
    return stderr.toString(UTF_8);
  }
}
