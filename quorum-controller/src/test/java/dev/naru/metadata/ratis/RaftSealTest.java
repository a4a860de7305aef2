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
import java.util.OptionalLong;
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
  private static final String SELF = "2";
  private static final OptionalLong REACH = OptionalLong.of(40);
  private static final byte[] NOTHING = new byte[0];

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
    RaftSeal.of(seat, SELF).note();
  }

  @Test
  void acceptsWhatWasSealedAndWhatMayFollow() throws Exception {
    check();

    write(ballot, ballot(8, ""));
    write(members, members(41, "127.0.0.1:9999"));
    check();

    assertThat(members).hasBinaryContent(members(41, "127.0.0.1:9999"));
  }

  @Test
  void acceptsTheFirstVoteOfATerm() throws Exception {
    write(ballot, ballot(8, ""));
    RaftSeal.of(seat, SELF).note();

    write(ballot, ballot(8, "3"));

    check();
  }

  @Test
  void refusesAnEarlierTermAndAnotherVote() throws Exception {
    refuses(ballot(6, "2"));
    refuses(ballot(7, "3"));
    refuses(ballot(7, ""));
    Files.delete(ballot);
    assertThatThrownBy(() -> check()).isInstanceOf(MetadataLogException.class);
  }

  /** As Ratis leaves it on a full disk: what a voter promised since the seal is not known. */
  @Test
  void putsABallotThatNobodyCanReadBeyondAllThatWasPromised() throws Exception {
    for (var left : List.of("", "term=7", "term=\nvotedFor=2")) {
      var before = ballotNow();
      write(ballot, left.getBytes(UTF_8));

      check();

      assertThat(ballotNow()).isEqualTo(before.beyond());
      assertThat(before.beyond().term()).isGreaterThan(before.term() + 1_000_000_000_000L);
    }
  }

  /** It has voted there meanwhile, and could not seal that either. */
  @Test
  void putsASecondOneBeyondTheFirst() throws Exception {
    write(ballot, NOTHING);
    check();
    long first = ballotNow().term();
    write(ballot, ballot(first + 1, "3"));
    write(ballot, NOTHING);

    check();

    assertThat(ballotNow().term()).isGreaterThan(first + 1);
  }

  /** Which promises nothing, and would wait there for a leader that does not come. */
  @Test
  void putsTheSealedBallotOfAListenerBack() throws Exception {
    write(ballot, NOTHING);

    RaftSeal.of(seat, "9").check(REACH);

    assertThat(ballotNow()).isEqualTo(new Ballot(7, "2"));
  }

  @Test
  void asksTheNewerFileWhetherAListenerWasPromoted() throws Exception {
    write(ballot, NOTHING);
    write(members, members(41, "127.0.0.1:9413", "9"));

    RaftSeal.of(seat, "9").check(REACH);

    assertThat(ballotNow()).isEqualTo(new Ballot(7, "2").beyond());
  }

  /** The log beside it may be older, too, and nothing would tell. */
  @Test
  void refusesABallotThatNobodyCanReadIfTheLogMayReachAnywhere() throws Exception {
    write(ballot, NOTHING);

    assertThatThrownBy(() -> RaftSeal.of(seat, SELF).check(OptionalLong.empty()))
        .isInstanceOf(MetadataLogException.class)
        .hasMessageContaining("is not readable");
    assertThat(ballot).isEmptyFile();
  }

  private Ballot ballotNow() throws Exception {
    return Ballot.parse(Files.readAllBytes(ballot)).orElseThrow();
  }

  private void check() throws MetadataLogException {
    RaftSeal.of(seat, SELF).check(REACH);
  }

  private void refuses(byte[] content) throws IOException {
    write(ballot, content);
    assertThatThrownBy(() -> check())
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
    check();
    assertThat(members).hasBinaryContent(whole);

    write(members, members(39, "127.0.0.1:9413"));
    check();
    assertThat(members).hasBinaryContent(whole);
  }

  @Test
  void aDamagedSealSaysNothingAndIsWrittenAnew() throws Exception {
    byte[] whole = Files.readAllBytes(directory.resolve(NAME));
    write(directory.resolve(NAME), flipped(whole, 60));
    write(ballot, ballot(6, "1"));

    var seal = RaftSeal.of(seat, SELF);
    seal.check(REACH);
    seal.note();

    refuses(ballot(5, "1"));
  }

  /** Damage while the node runs is for the next start to find. */
  @Test
  void sealsNothingThatMayNotFollow() throws Exception {
    var seal = RaftSeal.of(seat, SELF);
    write(ballot, ballot(6, "2"));

    seal.note();

    refuses(ballot(6, "2"));
  }

  private boolean isAccepted() {
    try {
      check();
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
    return members(index, address, SELF);
  }

  private static byte[] members(long index, String address, String voter) {
    return LogEntryProto.newBuilder()
        .setTerm(7)
        .setIndex(index)
        .setConfigurationEntry(
            RaftConfigurationProto.newBuilder()
                .addPeers(
                    RaftPeerProto.newBuilder()
                        .setId(ByteString.copyFromUtf8(voter))
                        .setAddress(address)))
        .build()
        .toByteArray();
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
  }
}
