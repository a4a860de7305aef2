package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process of a node ends with, seen from outside. */
class NodeMainTest {

  private static final int FAULT = 1;

  @TempDir Path directory;

  /** As when a file of the installation is missing: no exception that anybody expected. */
  @Test
  void endsWithAFaultWhenItCannotStartForAReasonNobodyThoughtOf() throws Exception {
    var config =
        Files.writeString(
            directory.resolve("node.yaml"),
            """
            cluster.id: 6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10
            node.id: 7
            data.dirs: [%s]
            metadata.dir: %s
            quorum.voters: [7@127.0.0.1:1]
            listeners.raft.bind: 127.0.0.1:1
            listeners.client.bind: 127.0.0.1:0
            listeners.internal.bind: 127.0.0.1:0
            listeners.http.bind: 127.0.0.1:0
            """
                .formatted(directory.resolve("data"), directory.resolve("metadata")));
    var errors = directory.resolve("stderr").toFile();
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPathWithout("ratis-server"),
                NodeMain.class.getName(),
                "--config",
                config.toString(),
                "--format-if-empty")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors)
            .start();

    boolean hasEnded = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(hasEnded).as("the process ends by itself").isTrue();
    assertThat(process.exitValue()).isEqualTo(FAULT);
    assertThat(errors).content().contains("error: INTERNAL: ").contains("org/apache/ratis");
  }

  private static String classPathWithout(String jar) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains(jar))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
