package dev.naru.cli.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevRunTest {

  private static final DevPlan THREE_NODES = new DevPlan(OptionalInt.of(3), OptionalInt.of(0));

  /** In the place of a node: {@code $4} is its configuration. */
  private static final String WAITS = "trap 'kill $!; exit 0' TERM; sleep 60 & wait";

  private static final String SERVES = "echo 'ready '; " + WAITS;

  @TempDir private Path directory = Path.of("");
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Notes notes = new Notes(new PrintStream(said, true, UTF_8));
  private final List<DevRun> runs = new ArrayList<>();

  @AfterEach
  void stop() {
    runs.forEach(DevRun::stop);
  }

  @Test
  void waitsForEveryNode() throws IOException {
    var run = prepare(SERVES);

    run.start();
    run.awaitReady();

    assertThat(run.cluster().pids()).hasSize(3);
  }

  @Test
  void tellsOfTheNodeThatEndedAndNotOfThoseThatWaitForIt() throws IOException {
    var run =
        prepare(
            "case $4 in *node-2*) echo 'error: DISK_FULL: Expected room' >&2; exit 4;; esac; "
                + WAITS);
    run.start();

    assertThatThrownBy(run::awaitReady)
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4))
        .hasMessage("Expected node 2 to get ready, but it ended with exit status 4: Expected room");
  }

  @Test
  void printsTheEndOfTheLogOfANodeThatDidNotSayWhyItEnded() throws IOException {
    var run = prepare("echo 'of this start' >&2; exit 1");
    Files.writeString(directory.resolve("a b/node-1/node.log"), "error: DISK_FULL: of old\n");
    run.start();

    assertThatThrownBy(run::awaitReady).hasMessageContaining("it ended with exit status 1");

    assertThat(said.toString(UTF_8)).isEqualTo("  of this start\n");
  }

  @Test
  void startsNoNodeOnceItIsToStop() throws IOException {
    var run = prepare(SERVES);
    run.stop();

    run.start();

    assertThat(run.cluster().pids()).isEmpty();
  }

  @Test
  void keepsASecondOneFromStartingInTheSameDirectory() throws IOException {
    var run = prepare(SERVES);

    assertThatThrownBy(() -> prepare(SERVES))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4))
        .hasMessageContaining("Expected no other naru dev");

    run.start();
    assertThatThrownBy(() -> prepare(SERVES)).hasMessageContaining("Expected no cluster to run");
  }

  @Test
  void printsCommandsThatAShellTakesAsTheyAre() throws IOException {
    var run = prepare("echo 'ready '; exit 3");
    run.start();

    run.watch();

    assertThat(said.toString(UTF_8))
        .contains("--config '" + directory.resolve("a b/node-1/node.yaml") + "'");
  }

  private DevRun prepare(String body) throws IOException {
    var script = Files.createTempFile(directory, "naru", ""); // one that runs cannot be written
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    var run =
        DevRun.prepare(
            directory.resolve("a b"), THREE_NODES, new NaruScript(script, "./naru"), notes);
    runs.add(run);
    return run;
  }
}
