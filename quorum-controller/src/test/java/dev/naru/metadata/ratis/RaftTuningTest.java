package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.log.Voter;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;

/** What must never change by a new default of Ratis. */
class RaftTuningTest {

  private static final HostPort RAFT = new HostPort("127.0.0.1", 9412);
  private static final Path DIRECTORY = Path.of("/var/lib/naru/metadata");

  private final RaftProperties properties =
      RaftTuning.properties(
          new QuorumSeat(
              new UUID(1, 1),
              new NodeId(1),
              List.of(new Voter(new NodeId(1), RAFT)),
              DIRECTORY,
              RAFT,
              RAFT,
              RAFT),
          RatisSettings.DEFAULTS);

  @Test
  void neverAcknowledgesBeforeTheDiskHasItAndNeverDropsWhatItCannotRead() {
    assertThat(RaftServerConfigKeys.Log.unsafeFlushEnabled(properties)).isFalse();
    assertThat(RaftServerConfigKeys.Log.asyncFlushEnabled(properties)).isFalse();
    assertThat(RaftServerConfigKeys.Log.useMemory(properties)).isFalse();
    assertThat(RaftServerConfigKeys.Log.corruptionPolicy(properties))
        .isEqualTo(RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
  }

  @Test
  void keepsEverythingBelowTheMetadataDirectory() {
    assertThat(RaftServerConfigKeys.storageDir(properties))
        .allMatch(file -> file.toPath().startsWith(DIRECTORY));
    assertThat(properties.get("raft.server.removed.groups.dir")).startsWith(DIRECTORY.toString());
  }

  @Test
  void sendsTheLargestCommandThatMayBeSubmitted() {
    long entry = CommandCodec.ENCODED_BYTES_MAX + Long.BYTES;

    long batch = RaftServerConfigKeys.Log.Appender.bufferByteLimit(properties).getSize();
    long buffer = RaftServerConfigKeys.Log.writeBufferSize(properties).getSize();

    // Ratis adds less than a kilobyte to an entry, and needs some bytes of the buffer itself.
    assertThat(batch).isGreaterThan(entry + 1024);
    assertThat(buffer).isGreaterThan(batch + 1024);
  }

  @Test
  void snapshotsPurgesAndForgetsNoDeadPeerForEver() {
    assertThat(RaftServerConfigKeys.Snapshot.autoTriggerEnabled(properties)).isTrue();
    assertThat(RaftServerConfigKeys.Snapshot.retentionFileNum(properties)).isEqualTo(2);
    assertThat(RaftServerConfigKeys.Log.purgeUptoSnapshotIndex(properties)).isTrue();
  }

  @Test
  void letsADeposedLeaderStandAgainSoonAndSurvivesALongPause() {
    assertThat(
            RaftServerConfigKeys.LeaderElection.leaderStepDownWaitTime(properties)
                .toLong(TimeUnit.MILLISECONDS))
        .isEqualTo(600);
    assertThat(RaftServerConfigKeys.closeThreshold(properties).toLong(TimeUnit.DAYS))
        .isGreaterThan(365);
  }
}
