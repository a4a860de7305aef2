package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.Voter;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataDirectoryTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID DIRECTORY = UUID.fromString("abcd1234-0000-0000-0000-000000000001");
  private static final NodeId ONE = new NodeId(1);
  private static final HostPort RAFT = new HostPort("127.0.0.1", 9412);

  @TempDir Path path;

  @Test
  void givesANewNodeItsIdAsPeerIdAndAReplacedOneAnother() throws Exception {
    MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY);
    MetadataDirectory.formatReplacement(path.resolve("b"), CLUSTER, ONE, DIRECTORY);

    assertThat(MetadataDirectory.open(seat("a", CLUSTER, ONE)).peer()).isEqualTo("1");
    assertThat(MetadataDirectory.open(seat("b", CLUSTER, ONE)).peer()).isEqualTo("1.abcd1234");
  }

  @Test
  void refusesADirectoryThatIsNotFormattedOrSomebodyElses() throws Exception {
    MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY);

    assertRefused(() -> MetadataDirectory.open(seat("b", CLUSTER, ONE)), "naru node format");
    assertRefused(() -> MetadataDirectory.open(seat("a", new UUID(1, 2), ONE)), "cluster");
    assertRefused(
        () -> MetadataDirectory.open(seat("a", CLUSTER, new NodeId(2))), "belongs to node 1");
  }

  @Test
  void refusesToFormatWhatIsInUse() throws Exception {
    MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY);
    Files.createDirectories(path.resolve("b").resolve("raft"));

    assertRefused(
        () -> MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY),
        "already formatted for cluster " + CLUSTER + " node 1");
    assertRefused(
        () -> MetadataDirectory.formatReplacement(path.resolve("b"), CLUSTER, ONE, DIRECTORY),
        "in use");
  }

  /** Else what they say of the log before would keep the new one from starting. */
  @Test
  void formatsWhatWasEmptiedByHandWithoutTheTracesOfItsLog() throws Exception {
    Path emptied = Files.createDirectories(path.resolve("a"));
    Files.writeString(emptied.resolve(LogReach.NAME), "of the log that was here");
    Files.writeString(emptied.resolve(RaftSeal.NAME), "of the log that was here");
    Files.writeString(emptied.resolve("of-somebody-else"), "stays");

    MetadataDirectory.format(emptied, CLUSTER, ONE, DIRECTORY);

    assertThat(emptied)
        .isDirectoryContaining("glob:**/of-somebody-else")
        .isDirectoryNotContaining("glob:**/" + LogReach.NAME)
        .isDirectoryNotContaining("glob:**/" + RaftSeal.NAME);
  }

  @Test
  void remembersThatALogExistedAndRefusesToStartWithoutIt() throws Exception {
    MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY);
    var seat = seat("a", CLUSTER, ONE);
    Path raftMeta =
        MetadataDirectory.raft(seat.directory())
            .resolve(CLUSTER.toString())
            .resolve("current")
            .resolve("raft-meta");
    Files.createDirectories(raftMeta.getParent());
    Files.writeString(raftMeta, "term=1");
    MetadataDirectory.open(seat).noteJoined();
    MetadataDirectory.open(seat);

    Files.delete(raftMeta);

    assertRefused(() -> MetadataDirectory.open(seat), "naru node format --replace");
  }

  @Test
  void refusesADamagedIdentityAndOneFromTheFuture() throws Exception {
    MetadataDirectory.format(path.resolve("a"), CLUSTER, ONE, DIRECTORY);
    Path file = MetadataIdentity.file(path.resolve("a"));
    String text = Files.readString(file);

    write(file, text.replace("node.id=1", "node.id=2"));
    assertRefused(() -> MetadataDirectory.open(seat("a", CLUSTER, ONE)), "checksum");
    write(file, text.substring(0, text.length() / 2));
    assertRefused(() -> MetadataDirectory.open(seat("a", CLUSTER, ONE)), "checksum");
    write(
        file,
        MetadataIdentity.sealed(
            text.lines()
                .limit(6)
                .reduce("", (all, line) -> all + line + "\n")
                .replace("format=1", "format=2")));
    assertRefused(() -> MetadataDirectory.open(seat("a", CLUSTER, ONE)), "Expected format <= 1");
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  private QuorumSeat seat(String directory, UUID cluster, NodeId node) {
    return new QuorumSeat(
        cluster, node, List.of(new Voter(ONE, RAFT)), path.resolve(directory), RAFT, RAFT, RAFT);
  }

  private static void assertRefused(ThrowingCallable opening, String words) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            MetadataLogException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH))
        .hasMessageContaining(words);
  }
}
