package dev.naru.broker.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateMainTest {

  @TempDir Path directory;

  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @Test
  void saysAllThatIsWrongWithItsLine() throws IOException {
    var file =
        Files.writeString(
            directory.resolve("node.yaml"), "node.id: x\nlog.segment.byte: 1GiB\nflush: never\n");

    int status = validate("--config", file.toString());

    assertThat(status).isEqualTo(2);
    assertThat(stderr.toString(UTF_8).lines())
        .contains(
            "error: INVALID_CONFIG: Expected node.id to be a whole number of at most 2147483647, but"
                + " was x (line 1)",
            "error: INVALID_CONFIG: Expected flush to be quorum or os, but was never (line 3)",
            "error: INVALID_CONFIG: Expected a known setting, but was log.segment.byte (line 2); did"
                + " you mean log.segment.bytes?",
            "error: INVALID_CONFIG: Expected data.dirs to be set, but it is absent");
  }

  @Test
  void saysThatANodeCouldStart() throws IOException {
    var file =
        Files.writeString(
            directory.resolve("node.yaml"),
            "data.dirs: [/a]\nmetadata.dir: /m\nquorum.voters: [7@127.0.0.1:9412]\n");

    int status = validate("--config", file.toString(), "--set", "node.id=7");

    assertThat(status).isZero();
    assertThat(stderr.toString(UTF_8).lines())
        .containsExactly("the configuration of node 7 is valid");
    assertThat(directory).isDirectoryContaining("glob:**/node.yaml");
  }

  @Test
  void refusesWordsThatItDoesNotKnow() {
    assertThat(validate("--colour")).isEqualTo(2);
    assertThat(stderr.toString(UTF_8)).startsWith("error: INVALID_REQUEST: Expected --config FILE");
  }

  private int validate(String... words) {
    return ValidateMain.run(words, Map.of(), new PrintStream(stderr, true, UTF_8));
  }
}
