package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.QuorumView;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node finds when it starts again, on real Ratis servers. */
class QuorumRecoveryTest {

  private static final int LOST_ELECTIONS = 3;

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId THREE = new NodeId(3);
  private static final NodeId TWO = new NodeId(2);

  /** A snapshot every few commands. */
  private static final RatisSettings EAGER =
      new RatisSettings(Duration.ofMillis(300), Duration.ofMillis(600), 20, Duration.ofHours(1));

  @TempDir Path directory;

  @Test
  void recoversTheImageWhenAllNodesRestart() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      long last = quorum.change();
      quorum.awaitAgreementAt(last);
      String before = hash(quorum.log(ONE));
      for (NodeId node : List.of(ONE, TWO, THREE)) {
        quorum.stop(node);
      }

      quorum.startVoters();

      quorum.awaitAgreementAt(last);
      assertThat(hash(quorum.log(ONE))).isEqualTo(before);
      quorum.awaitAgreementAt(quorum.change());
      assertThat(quorum.fatal).isEmpty();
    }
  }

  /**
   * Ratis cannot tell a voter that never held the log from one that lost it, and does not count its
   * vote: until each voter of a new quorum of three holds the start of the log, neither of those
   * that do can be spared.
   */
  @Test
  void electsNobodyByTheVoteOfAnEmptyLogAndGoesOnWhenTheOtherIsBack() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.start(ONE);
      quorum.start(TWO);
      quorum.initialize();
      long committed = quorum.change();
      quorum.awaitAgreementAt(committed);
      NodeId controller = quorum.awaitController();
      var survivor = quorum.log(controller.equals(ONE) ? TWO : ONE);
      quorum.stop(controller);

      var late = quorum.start(THREE);

      for (int election = 1; election <= LOST_ELECTIONS; election++) {
        awaitLostElection(survivor);
      }
      assertThat(late.logStart()).isNegative();

      quorum.start(controller);
      quorum.awaitAgreementAt(quorum.change());
      assertThat(late.applied().hasApplied(committed)).isTrue();
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private static void awaitLostElection(RatisMetadataLog voter) {
    TestQuorum.SOON.until(
        "it stands for election", () -> voter.quorum().role() == QuorumView.Role.CANDIDATE);
    TestQuorum.SOON.until(
        "it is not elected", () -> voter.quorum().role() == QuorumView.Role.VOTER);
  }

  @Test
  void installsASnapshotWhereTheLogIsGone() throws Exception {
    try (var quorum = new TestQuorum(directory, EAGER, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      NodeId away = quorum.awaitController().equals(THREE) ? TWO : THREE;
      quorum.awaitAgreementAt(quorum.change());
      quorum.stop(away);
      change(quorum, 50);
      restart(quorum, quorum.awaitController()); // a new term begins a new file
      long last = change(quorum, 30);
      for (var log : quorum.running()) {
        log.snapshotNow();
        TestQuorum.SOON.until("the log is purged", () -> log.logStart() > 50);
      }

      var back = quorum.start(away);

      quorum.awaitAgreementAt(last);
      TestQuorum.SOON.until(
          "what it had is gone, too", () -> back.logStart() < 0 || back.logStart() > 50);
      quorum.awaitAgreementAt(quorum.change());
      assertThat(quorum.fatal).isEmpty();
    }
  }

  @Test
  void fallsBackToTheSnapshotBeforeADamagedOneIfTheLogReachesIt() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      long last = quorum.change();
      quorum.stop(ONE); // writes a snapshot
      damage(newestSnapshot(quorum));

      quorum.startVoters();

      quorum.awaitAgreementAt(last);
      assertThat(raftFiles(quorum, "sm")).anyMatch(name -> name.endsWith(".corrupt"));
    }
  }

  @Test
  void refusesToStartBehindAGapBetweenSnapshotAndLog() throws Exception {
    try (var quorum = new TestQuorum(directory, EAGER, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      change(quorum, 50);
      restart(quorum, ONE); // a new term begins a new file
      change(quorum, 30);
      var log = quorum.log(ONE);
      TestQuorum.SOON.until("the log is purged", () -> log.logStart() > 50);
      quorum.stop(ONE);
      for (String name : raftFiles(quorum, "sm")) {
        if (!name.endsWith(".md5")) {
          damage(raft(quorum, "sm").resolve(name));
        }
      }

      assertRefused(quorum, ErrorCode.CORRUPT_LOG).hasMessageContaining("--replace");
    }
  }

  /** So it is after a snapshot was sent, if the node was killed before it sealed the members. */
  @Test
  void startsFromASnapshotAloneWithMembersThatItHasNotSealed() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      quorum.stop(ONE);
      Path seal = quorum.seat(ONE).directory().resolve(RaftSeal.NAME);
      byte[] older = Files.readAllBytes(seal);
      quorum.start(ONE);
      quorum.awaitController(); // its term has an entry with the members
      quorum.change();
      String before = hash(quorum.log(ONE));
      quorum.stop(ONE); // writes a snapshot
      for (String name : raftFiles(quorum, "current")) {
        if (name.startsWith("log_")) {
          Files.delete(raft(quorum, "current").resolve(name));
        }
      }
      Files.write(seal, older);

      quorum.start(ONE);

      quorum.awaitController();
      assertThat(hash(quorum.log(ONE))).isEqualTo(before);
    }
  }

  @Test
  void refusesAKnownVoterWhoseLogIsGone() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.stop(ONE);
      quorum.loseLog(ONE);

      assertRefused(quorum, ErrorCode.DIRECTORY_MISMATCH)
          .hasMessageContaining("naru node format --replace");
      assertThat(MetadataDirectory.raft(quorum.seat(ONE).directory())).doesNotExist();
    }
  }

  @Test
  void refusesADamagedLogAndCutsNothing() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      quorum.change();
      quorum.change();
      quorum.stop(ONE);
      Path segment =
          raft(quorum, "current")
              .resolve(
                  raftFiles(quorum, "current").stream()
                      .filter(name -> name.startsWith("log_"))
                      .findFirst()
                      .orElseThrow());
      damage(segment);
      byte[] damaged = Files.readAllBytes(segment);

      assertRefused(quorum, ErrorCode.CORRUPT_LOG).hasMessageContaining("--replace");
      assertThat(segment).hasBinaryContent(damaged);
    }
  }

  @Test
  void namesAPortThatIsTakenAndItsSetting() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0);
        var taken = new ServerSocket()) {
      var bind = quorum.seat(ONE).bind();
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), bind.port()));

      assertRefused(quorum, ErrorCode.INVALID_CONFIG)
          .hasMessageContaining(bind.toString())
          .hasMessageContaining("listeners.raft.bind");
    }
  }

  @Test
  void leavesNothingRunningWhenItCannotNoteThatItsLogExists() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.format(ONE);
      Path inTheWay = quorum.seat(ONE).directory().resolve("naru.meta.tmp");
      Files.createDirectories(inTheWay.resolve("something"));

      assertRefused(quorum, ErrorCode.STORAGE_FAILED).hasMessageContaining("naru.meta");

      Files.delete(inTheWay.resolve("something"));
      Files.delete(inTheWay);
      quorum.startVoters();
      quorum.initialize();
    }
  }

  private static long change(TestQuorum quorum, int times) {
    for (int i = 1; i < times; i++) {
      quorum.change();
    }
    return quorum.change();
  }

  private static void restart(TestQuorum quorum, NodeId node) throws MetadataLogException {
    quorum.stop(node);
    quorum.start(node);
    quorum.awaitController();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      TestQuorum quorum, ErrorCode code) {
    var refusal =
        assertThatThrownBy(() -> quorum.start(ONE))
            .isInstanceOfSatisfying(
                MetadataLogException.class, refused -> assertThat(refused.code()).isEqualTo(code));
    assertThat(quorum.fatal)
        .as("whoever starts the node tells why it could not, and ends the process")
        .isEmpty();
    return refusal;
  }

  private static String hash(RatisMetadataLog log) {
    return SnapshotCodec.stateHash(log.applied().image());
  }

  private static Path raft(TestQuorum quorum, String part) {
    return MetadataDirectory.raft(quorum.seat(ONE).directory())
        .resolve(TestQuorum.CLUSTER.toString())
        .resolve(part);
  }

  private static List<String> raftFiles(TestQuorum quorum, String part) throws IOException {
    try (var files = Files.list(raft(quorum, part))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path newestSnapshot(TestQuorum quorum) throws IOException {
    return raft(quorum, "sm")
        .resolve(
            raftFiles(quorum, "sm").stream()
                .filter(name -> !name.endsWith(".md5"))
                .reduce((_, later) -> later)
                .orElseThrow());
  }

  /** Flips bits in the middle. */
  private static void damage(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.allocate(1);
      long middle = Math.min(channel.size() / 2, 60);
      channel.read(bytes, middle);
      bytes.put(0, (byte) ~bytes.get(0)).flip();
      channel.write(bytes, middle);
    }
  }
}
