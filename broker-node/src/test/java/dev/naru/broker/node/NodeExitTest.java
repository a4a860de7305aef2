package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodeExitTest {

  @Test
  void tellsWhomNoRestartHelps() {
    assertThat(NodeExit.of(ErrorCode.NODE_NOT_FOUND)).isEqualTo(NodeExit.NOT_WANTED);
    assertThat(NodeExit.of(ErrorCode.UNSUPPORTED_VERSION)).isEqualTo(NodeExit.NOT_WANTED);
    assertThat(NodeExit.of(ErrorCode.INVALID_CONFIG)).isEqualTo(NodeExit.PRECONDITION);
    assertThat(NodeExit.of(ErrorCode.DIRECTORY_MISMATCH)).isEqualTo(NodeExit.PRECONDITION);
    assertThat(NodeExit.of(ErrorCode.METADATA_QUORUM_LOST)).isEqualTo(NodeExit.PRECONDITION);
    assertThat(NodeExit.of(ErrorCode.INTERNAL)).isEqualTo(NodeExit.FAULT);
  }

  @Test
  void aNodeThatServesEndsInTheSameWayWhenItIsTakenOut() {
    assertThat(NodeExit.ofFault(ended(ErrorCode.NODE_NOT_FOUND))).isEqualTo(NodeExit.NOT_WANTED);
    assertThat(NodeExit.ofFault(ended(ErrorCode.FENCED_NODE_EPOCH)))
        .as("another process runs under its id, and may end")
        .isEqualTo(NodeExit.FAULT);
    assertThat(NodeExit.ofFault(NewerRulesException.inForce(3, 2))).isEqualTo(NodeExit.NOT_WANTED);
    assertThat(NodeExit.ofFault(new IllegalStateException("A bug"))).isEqualTo(NodeExit.FAULT);
  }

  @Test
  void theServiceIsNotStartedAgainThen() throws IOException {
    var unit = Files.readString(Path.of("../deploy/deb/naru.service"));

    assertThat(unit.lines())
        .contains("RestartPreventExitStatus=%d %d".formatted(NodeExit.USAGE, NodeExit.NOT_WANTED));
  }

  private static StartException ended(ErrorCode code) {
    return StartException.of(new Refused(code, "Expected a node of the cluster"));
  }
}
