package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.runtime.Clocks;
import dev.naru.log.disk.NioDisk;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a node from starting, and what formatting refuses. */
class NodeStartTest {

  private static final String CLUSTER = "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";
  private static final String OTHER_CLUSTER = "7f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";

  @TempDir Path directory;

  @Test
  void tellsTheReleaseThatTheBuildNames() throws Exception {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>" + Node.VERSION + "</version>");
  }

  @Test
  void formatsNothingUnasked() throws Exception {
    var refused = startOf(config());

    assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(refused).hasMessageContaining("to be formatted, but it has no naru.meta");
    assertThat(Files.exists(directory.resolve("data").resolve("naru.meta"))).isFalse();
  }

  @Test
  @Tag("S12")
  void refusesDirectoriesOfAnotherClusterOrNode() throws Exception {
    Node.format(config());

    var otherCluster = startOf(config("cluster.id=" + OTHER_CLUSTER));
    var otherNode = startOf(config("node.id=8", "quorum.voters=8@127.0.0.1:1"));

    assertThat(otherCluster.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(otherCluster).hasMessageContaining(CLUSTER).hasMessageContaining(OTHER_CLUSTER);
    assertThat(otherNode.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(otherNode).hasMessageContaining("node 8").hasMessageContaining("node 7");
  }

  @Test
  @Tag("S3")
  void refusesADirectoryThatIsHeld() throws Exception {
    Node.format(config());
    var disk = NioDisk.at(directory.resolve("data"));
    assertThat(disk.lock()).isEmpty();

    var refused = startOf(config());
    disk.close();

    assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED);
    assertThat(refused).hasMessageContaining("holds it");
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    Node.format(config());
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var refused = startOf(config("listeners.http.bind=127.0.0.1:" + taken.getLocalPort()));

      assertThat(refused)
          .hasMessage(
              "Expected port %d of listeners.http.bind to be free, but it is in use"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void leavesEverythingUnlockedWhenItCouldNotStart() throws Exception {
    Node.format(config());
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      startOf(config("listeners.http.bind=127.0.0.1:" + taken.getLocalPort()));
    }
    var disk = NioDisk.at(directory.resolve("data"));

    assertThat(disk.lock()).isEmpty();

    disk.close();
  }

  // ---- format

  @Test
  void formatsOnceAndPrintsTheCluster() throws Exception {
    var first = format("--cluster-id", CLUSTER);
    var again = format("--cluster-id", CLUSTER);
    var replaced = format("--cluster-id", CLUSTER, "--replace");

    assertThat(first).isEqualTo(new Result(0, CLUSTER + "\n", ""));
    assertThat(again.status()).isEqualTo(4);
    assertThat(again.err())
        .startsWith("error: DIRECTORY_MISMATCH: Expected")
        .contains("already formatted for cluster " + CLUSTER + " node 7");
    assertThat(replaced.status()).as("what is formatted stays as it is").isZero();
  }

  @Test
  void formatsNothingWhenOneOfTheDirectoriesIsFormatted() throws Exception {
    Node.format(config());
    delete(directory.resolve("metadata"));

    assertThat(format("--cluster-id", CLUSTER).err())
        .contains(directory.resolve("data").toString())
        .contains("already formatted for cluster " + CLUSTER + " node 7");
    assertThat(directory.resolve("metadata")).doesNotExist();
  }

  /** It would vote under its old name, with an empty log, and be counted as complete. */
  @Test
  void formatsNoMetadataDirectoryUnaskedForANodeThatMustHaveHadOne() throws Exception {
    Node.format(config());
    delete(directory.resolve("metadata"));

    var refused = catchThrowableOfType(StartException.class, () -> Node.format(config()));

    assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(refused)
        .hasMessageContaining(directory.resolve("metadata").toString())
        .hasMessageContaining("naru node format --replace");
    assertThat(directory.resolve("metadata")).doesNotExist();
    assertThat(format("--cluster-id", CLUSTER, "--replace").status()).isZero();
    assertThat(directory.resolve("metadata").resolve("naru.meta")).exists();
  }

  /** The data directories come last, so that a metadata directory without them was never used. */
  @Test
  void finishesAFormattingThatWasInterrupted() throws Exception {
    Node.format(config());
    delete(directory.resolve("data"));

    Node.format(config());

    assertThat(directory.resolve("data").resolve("naru.meta")).exists();
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void drawsANewClusterIdOnlyWhenToldTo() throws Exception {
    assertThat(formatWithoutCluster().status()).isEqualTo(2);
    assertThat(formatWithoutCluster("--new-cluster-id", "--cluster-id", CLUSTER).status())
        .isEqualTo(2);
    assertThat(formatWithoutCluster("--cluster-id", "orders").err())
        .isEqualTo("error: INVALID_REQUEST: Expected a UUID, but was orders\n");
    assertThat(format("--cluster-id", OTHER_CLUSTER).status()).isEqualTo(2);
    assertThat(formatWithoutCluster("--colour").status()).isEqualTo(2);

    var drawn = formatWithoutCluster("--new-cluster-id");

    assertThat(drawn.status()).isZero();
    var config = config("num.partitions=2");
    assertThat(drawn.out().strip()).hasSize(36).isNotEqualTo(config.identity().clusterId());
  }

  private record Result(int status, String out, String err) {}

  private Result format(String... arguments) throws IOException {
    return run(file("cluster.id: " + CLUSTER), arguments);
  }

  private Result formatWithoutCluster(String... arguments) throws IOException {
    return run(file(""), arguments);
  }

  private static Result run(Path file, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of(arguments));
    int status =
        FormatMain.run(
            all.toArray(String[]::new),
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Path file(String line) throws IOException {
    return Files.writeString(
        directory.resolve("node.yaml"),
        """
        %s
        node.id: 7
        data.dirs: [%s]
        metadata.dir: %s
        quorum.voters: [7@127.0.0.1:9412]
        """
            .formatted(line, directory.resolve("data"), directory.resolve("metadata")));
  }

  // ---- start

  private static StartException startOf(NodeConfig config) {
    return catchThrowableOfType(
        StartException.class,
        () -> Node.start(config, Clocks.SYSTEM, (reason, cause) -> {}).close());
  }

  private NodeConfig config(String... changes) throws InvalidConfigException {
    var sets = new LinkedHashMap<String, String>();
    Stream.of(
            "cluster.id=" + CLUSTER,
            "node.id=7",
            "data.dirs=" + directory.resolve("data"),
            "metadata.dir=" + directory.resolve("metadata"),
            "quorum.voters=7@127.0.0.1:1",
            "listeners.raft.bind=127.0.0.1:1",
            "listeners.client.bind=127.0.0.1:0",
            "listeners.internal.bind=127.0.0.1:0",
            "listeners.http.bind=127.0.0.1:0")
        .forEach(set -> sets.put(set.substring(0, set.indexOf('=')), set));
    Stream.of(changes).forEach(set -> sets.put(set.substring(0, set.indexOf('=')), set));
    return ConfigLayers.load(Optional.empty(), Map.of(), List.copyOf(sets.values())).config();
  }
}
