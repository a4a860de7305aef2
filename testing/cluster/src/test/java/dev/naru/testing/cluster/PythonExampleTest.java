package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.naru.client.NaruClient;
import dev.naru.client.admin.OperationDescription;
import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public API is used by a client that nobody here wrote: gRPC of Debian's Python. */
@NaruTest(nodes = 3)
class PythonExampleTest {

  private static final String PYTHON = "/usr/bin/python3"; // Debian's, whichever is first in PATH
  private static final String PACKAGES = "python3-grpcio python3-protobuf";
  private static final long SECONDS_MAX = 60; // an election, and a machine that builds
  private static final Path SCRIPT =
      Repository.of(PythonExampleTest.class)
          .root()
          .resolve("docs/examples/python/move_partition.py");

  @TempDir private Path folder;

  private record Ended(int status, String stdout, String stderr) {}

  @Test
  void makesATopicChangesASettingMovesAPartitionWaitsAndReadsTheEvents(
      NaruCluster cluster, NaruClient naru) throws Exception {
    requireGrpc();

    var first = script(cluster.bootstrapServers(), "orders/0", "2,3");
    var moved = script(cluster.bootstrapServers(), "orders/0", "3,1");
    var again = script(cluster.bootstrapServers(), "orders/0", "3,1");

    assertThat(List.of(first, moved, again))
        .allSatisfy(ended -> assertThat(ended.status()).as(ended.stderr()).isZero());
    assertThat(first.stdout())
        .contains("made topics/orders", "retention.ms=86400000, after 604800000");
    assertThat(first.stdout()).contains("TOPIC_CREATED topics/orders: ");
    assertThat(moved.stdout())
        .contains("to [3, 1]", "1 of 1 partitions are there")
        .contains("PARTITION_REASSIGNED topics/orders/partitions/0: ");
    assertThat(again.stdout()).isEmpty();
    var orders = naru.admin().describeTopic("orders").join();
    assertThat(orders.partitions()).hasSize(3);
    assertThat(orders.partitions().getFirst().replicas()).containsExactly(3, 1);
    assertThat(orders.configs()).containsEntry("retention.ms", "86400000");
    assertThat(naru.admin().operations().list(false).join())
        .isNotEmpty()
        .allMatch(each -> each.state() == OperationDescription.State.DONE);
  }

  @Test
  void saysWhatIsWrongByItsCode(NaruCluster cluster) throws Exception {
    requireGrpc();

    var ended = script(cluster.bootstrapServers(), "payments/0", "1,9");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.stderr()).startsWith("error: NODE_NOT_FOUND: ").doesNotContain("Traceback");
  }

  private void requireGrpc() throws Exception {
    String why = "there is no such program";
    if (Files.isExecutable(Path.of(PYTHON))) {
      var ended = python("-c", "import grpc, google.protobuf");
      if (ended.status() == 0) {
        return;
      }
      why = ended.stderr().strip();
    }
    var message =
        "NOT CHECKED: Expected gRPC in %s, but: %s (Debian: apt-get install %s)"
            .formatted(PYTHON, why, PACKAGES);
    System.err.println(message);
    abort(message);
  }

  private Ended script(String... words) throws Exception {
    var all = new ArrayList<>(List.of(SCRIPT.toString()));
    all.addAll(List.of(words));
    return python(all.toArray(String[]::new));
  }

  private Ended python(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(PYTHON, "-B")); // writes nothing into the sources
    command.addAll(List.of(words));
    var stdout = folder.resolve("stdout");
    var stderr = folder.resolve("stderr");
    var process =
        new ProcessBuilder(command)
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile())
            .start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          "Expected %s to end within %d s, but it said: %s"
              .formatted(command, SECONDS_MAX, read(stdout) + read(stderr)));
    }
    return new Ended(process.exitValue(), read(stdout), read(stderr));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
