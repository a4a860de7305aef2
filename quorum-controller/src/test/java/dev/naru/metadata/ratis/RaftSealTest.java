package dev.naru.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.Voter;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratis' files without a checksum, changed between two starts. */
class RaftSealTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final String NAME = "raft-seal";

  @TempDir Path directory;
  private QuorumSeat seat;
  private Path ballot;
  private Path members;

  @BeforeEach
  void seal() throws Exception {
    var address = new HostPort("127.0.0.1", 9412);
    var one = new NodeId(1);
    var voters = List.of(new Voter(one, address));
    seat = new QuorumSeat(CLUSTER, one, voters, directory, address, address, address);
    Path raft = MetadataDirectory.current(directory, CLUSTER);
    Files.createDirectories(raft);
    ballot = raft.resolve("raft-meta");
    members = raft.resolve("raft-meta.conf");
    write(ballot, ballot(7, "2"));
    write(members, members(40, "127.0.0.1:9413"));
    RaftSeal.of(seat).note();
  }

  @Test
  void acceptsWhatWasSealedAndWhatMayFollow() throws Exception {
    RaftSeal.of(seat).check();

    write(ballot, ballot(8, ""));
    write(members, members(41, "127.0.0.1:9999"));
    RaftSeal.of(seat).check();

    assertThat(members).hasBinaryContent(members(41, "127.0.0.1:9999"));
  }

  @Test
  void acceptsTheFirstVoteOfATerm() throws Exception {
    write(ballot, ballot(8, ""));
    RaftSeal.of(seat).note();

    write(ballot, ballot(8, "3"));

    RaftSeal.of(seat).check();
  }

  @Test
  void refusesAnEarlierTermAndAnotherVote() throws Exception {
    refuses(ballot(6, "2"));
    refuses(ballot(7, "3"));
    refuses(ballot(7, ""));
    Files.delete(ballot);
    assertThatThrownBy(() -> RaftSeal.of(seat).check()).isInstanceOf(MetadataLogException.class);
  }

  /** As Ratis leaves it on a full disk: what was promised since the seal is not known. */
  @Test
  void aBallotThatNobodyCanReadIsPutBeyondAllThatWasPromised() throws Exception {
    for (var left : List.of("", "term=7", "term=\nvotedFor=2")) {
      write(ballot, left.getBytes(UTF_8));

      RaftSeal.of(seat).check();

      assertThat(Ballot.parse(Files.readAllBytes(ballot))).contains(new Ballot(1_000_007, ""));
    }
  }

  private void refuses(byte[] content) throws IOException {
    write(ballot, content);
    assertThatThrownBy(() -> RaftSeal.of(seat).check())
        .isInstanceOf(MetadataLogException.class)
        .hasMessageContaining(ballot.toString())
        .hasMessageContaining("--replace");
    assertThat(ballot).hasBinaryContent(content);
  }

  /** A higher term than the real one binds a voter more than it was, and no less. */
  @Test
  void noBitOfABallotThatMattersCanFlip() throws Exception {
    byte[] whole = Files.readAllBytes(ballot);
    var before = Ballot.parse(whole).orElseThrow();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      write(ballot, flipped(whole, bit));
      if (isAccepted()) {
        var believed = Ballot.parse(Files.readAllBytes(ballot)).orElseThrow();
        assertThat(believed.equals(before) || believed.term() > before.term()).isTrue();
      }
    }
  }

  /** What is not put right claims to be newer, and must then be in the log. */
  @Test
  void noBitOfMembersCanFlip() throws Exception {
    byte[] whole = Files.readAllBytes(members);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      write(members, flipped(whole, bit));
      assertThat(isAccepted()).isTrue();
      byte[] believed = Files.readAllBytes(members);
      assertThat(
              Arrays.equals(believed, whole) || LogEntryProto.parseFrom(believed).getIndex() > 40)
          .as("bit " + bit)
          .isTrue();
    }
  }

  @Test
  void putsMembersBackThatAreGoneOrOlder() throws Exception {
    byte[] whole = Files.readAllBytes(members);
    Files.delete(members);
    RaftSeal.of(seat).check();
    assertThat(members).hasBinaryContent(whole);

    write(members, members(39, "127.0.0.1:9413"));
    RaftSeal.of(seat).check();
    assertThat(members).hasBinaryContent(whole);
  }

  @Test
  void aDamagedSealSaysNothingAndIsWrittenAnew() throws Exception {
    byte[] whole = Files.readAllBytes(directory.resolve(NAME));
    write(directory.resolve(NAME), flipped(whole, 60));
    write(ballot, ballot(6, "1"));

    var seal = RaftSeal.of(seat);
    seal.check();
    seal.note();

    refuses(ballot(5, "1"));
  }

  /** Damage while the node runs is for the next start to find. */
  @Test
  void sealsNothingThatMayNotFollow() throws Exception {
    var seal = RaftSeal.of(seat);
    write(ballot, ballot(6, "2"));

    seal.note();

    refuses(ballot(6, "2"));
  }

  private boolean isAccepted() {
    try {
      RaftSeal.of(seat).check();
      return true;
    } catch (MetadataLogException refused) {
      return false;
    }
  }

  private static byte[] flipped(byte[] whole, int bit) {
    byte[] other = whole.clone();
    other[bit / 8] ^= (byte) (1 << (bit % 8));
    return other;
  }

  private static byte[] ballot(long term, String votedFor) {
    return "#\n#Sat Nov 21 20:52:28 UTC 2026\nterm=%d\nvotedFor=%s\n"
        .formatted(term, votedFor)
        .getBytes(UTF_8);
  }

  private static byte[] members(long index, String address) {
    return LogEntryProto.newBuilder()
        .setTerm(7)
        .setIndex(index)
        .setConfigurationEntry(
            RaftConfigurationProto.newBuilder()
                .addPeers(
                    RaftPeerProto.newBuilder()
                        .setId(ByteString.copyFromUtf8("2"))
                        .setAddress(address)))
        .build()
        .toByteArray();
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
  }
}
