package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.log.Voter;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class StartFaultTest {

  private static final HostPort RAFT = new HostPort("127.0.0.1", 9412);
  private static final QuorumSeat SEAT =
      new QuorumSeat(
          new UUID(1, 1),
          new NodeId(1),
          List.of(new Voter(new NodeId(1), RAFT)),
          Path.of("/var/lib/naru/metadata"),
          RAFT,
          RAFT,
          RAFT);

  @Test
  void tellsALockedDirectoryATakenPortAndADamagedLogApart() {
    var locked =
        new CompletionException(
            new IOException("Cannot lock storage /x. The directory is already locked"));
    var taken = new IOException("Failed to bind", new BindException("Address already in use"));
    var damaged = new IllegalStateException("Failed", new IOException("checksum mismatch"));

    assertThat(StartFault.explain(SEAT, locked).code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED);
    assertThat(StartFault.explain(SEAT, taken))
        .hasMessageContaining("127.0.0.1:9412 (listeners.raft.bind)")
        .hasMessageContaining("Address already in use");
    assertThat(StartFault.explain(SEAT, damaged))
        .hasMessageContaining("checksum mismatch")
        .hasMessageContaining("--replace");
  }

  /** Whoever formats the directory then has lost a sound log, and is refused all the same. */
  @Test
  void tellsWhoeverIsTooOldToReadTheLogThatAndNotThatItIsDamaged() {
    var newer =
        new CompletionException(
            new IllegalStateException("Failed", NewerRulesException.inForce(3, 2)));

    assertThat(StartFault.explain(SEAT, newer).code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(StartFault.explain(SEAT, newer))
        .hasMessageContaining("metadata version 3 is in force")
        .message()
        .doesNotContain("format");
  }
}
