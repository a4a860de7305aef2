package dev.naru.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevClusterTest {

  private static final DevPlan ANY_PORT = new DevPlan(OptionalInt.empty(), OptionalInt.of(0));

  @TempDir private Path directory = Path.of("");

  @Test
  void remembersItsClusterBetweenRuns() {
    var first = DevCluster.prepare(directory, ANY_PORT);

    var second =
        DevCluster.prepare(directory, new DevPlan(OptionalInt.empty(), OptionalInt.empty()));

    assertThat(second.readyLine()).isEqualTo(first.readyLine());
    assertThat(second.size()).isEqualTo(3);
    assertThat(second.status())
        .extracting(NodeStatus::condition)
        .containsOnly(NodeStatus.Condition.STOPPED);
  }

  @Test
  void writesAConfigurationForEachNode() throws IOException {
    var cluster = DevCluster.prepare(directory, ANY_PORT);

    var config = Files.readString(cluster.files(2).config());

    assertThat(config)
        .contains("node.id: 2", "security: plaintext", "\"1@127.0.0.1:", "\"3@127.0.0.1:")
        .contains("data.dirs: [\"" + directory.resolve("node-2/data") + "\"]");
  }

  @Test
  void keepsTheNumberOfNodesThatTheClusterWasMadeWith() {
    DevCluster.prepare(directory, ANY_PORT);

    assertThatThrownBy(() ->
            DevCluster.prepare(directory, new DevPlan(OptionalInt.of(1), OptionalInt.empty())))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4))
        .hasMessageContaining("--nodes 3");
  }

  @Test
  void namesThePortThatSomebodyElseHas() throws IOException {
    int first = Ports.findFirst(1);
    try (var taken = new ServerSocket(first + 2, 1, InetAddress.getLoopbackAddress())) {
      var plan = new DevPlan(OptionalInt.of(1), OptionalInt.of(first));

      assertThatThrownBy(() -> DevCluster.prepare(directory, plan))
          .isInstanceOfSatisfying(
              CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4))
          .hasMessageContaining("port " + taken.getLocalPort());
    }
  }

  @Test
  void refusesOtherNumbersOfNodesAndPortsOutOfRange() {
    assertThatThrownBy(() -> new DevPlan(OptionalInt.of(2), OptionalInt.empty()))
        .hasMessage("Expected --nodes to be 1 or 3, but was 2");
    assertThatThrownBy(() -> new DevPlan(OptionalInt.empty(), OptionalInt.of(70_000)))
        .hasMessageContaining("--port");
  }

  @Test
  void saysThatTheDirectoryCannotBeUsed() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> DevCluster.lock(file))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4))
        .hasMessage("Expected to read and write " + file + ", but it is no directory");
  }

  @Test
  void readsTheStateItWrote() {
    var state =
        new DevState(
            "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10",
            9410,
            List.of(new DevNode(1, 4711, Instant.parse("2026-11-01T00:00:00.120Z"))));

    state.write(directory);

    assertThat(DevState.read(directory)).contains(state);
  }

  @Test
  void saysWhichStateFileItCannotRead() throws IOException {
    Files.writeString(directory.resolve("dev.json"), "{\"port\": \"x\"}");

    assertThatThrownBy(() -> DevState.read(directory))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("dev.json");
  }

  @Test
  void hasNoAddressesWhereNothingRuns() {
    DevCluster.prepare(directory, ANY_PORT);

    assertThat(DevState.bootstrapServersIn(directory)).isEmpty();
    assertThat(DevState.bootstrapServersIn(directory.resolve("absent"))).isEmpty();
  }
}
