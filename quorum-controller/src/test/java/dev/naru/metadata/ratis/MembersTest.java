package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.log.QuorumMember;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembersTest {

  @Test
  void addsAListenerBesideThoseThatAreThere() {
    var now = new Members(of("1", "2", "3"), of("4"));

    var next = now.towards(member("5"));

    assertThat(next).contains(new Members(of("1", "2", "3"), of("4", "5")));
    assertThat(next.orElseThrow().towards(member("5"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  @Tag("S5")
  void everyLaterNodeListensAndTheVotersStayTheSameUpToThe130th(int voters) {
    var voting = IntStream.rangeClosed(1, voters).mapToObj(Integer::toString).toList();
    var now = new Members(members(voting), List.of());

    for (int node = voters + 1; node <= 130; node++) {
      now = now.towards(member(Integer.toString(node))).orElseThrow();
      assertThat(now.voters()).isEqualTo(members(voting));
    }

    assertThat(now.listeners())
        .containsExactlyElementsOf(
            members(IntStream.rangeClosed(voters + 1, 130).mapToObj(Integer::toString).toList()));
  }

  @Test
  void leavesAVoterWhereItIs() {
    assertThat(new Members(of("1", "2", "3"), of()).towards(member("2"))).isEmpty();
  }

  @Test
  void putsAListenerOnANewDiskInThePlaceOfItsOlderSelf() {
    var now = new Members(of("1", "2", "3"), of("4", "5"));

    assertThat(now.towards(member("4.abcd1234")))
        .contains(new Members(of("1", "2", "3"), of("5", "4.abcd1234")));
  }

  @Test
  void letsAVoterOnANewDiskListenBeforeItTakesThePlaceOfItsOlderSelf() {
    var joiner = member("2.abcd1234");
    var now = new Members(of("1", "2", "3"), of("4"));

    var first = now.towards(joiner).orElseThrow();
    var second = first.towards(joiner).orElseThrow();

    assertThat(first).isEqualTo(new Members(of("1", "2", "3"), of("4", "2.abcd1234")));
    assertThat(second).isEqualTo(new Members(of("1", "3", "2.abcd1234"), of("4")));
    assertThat(second.towards(joiner)).isEmpty();
  }

  /** 4 is a node, and 7 is about to be one. */
  @Test
  void dropsListenersThatWereRemovedAndAreSilentOnly() {
    var now = new Members(of("1", "2", "3"), of("4", "5", "6.abcd1234", "7"));
    var nodes = Set.of(node(1), node(2), node(3), node(4));

    assertThat(now.withoutRemoved(nodes, Set.of("1", "4", "5", "6.abcd1234")))
        .contains(new Members(of("1", "2", "3"), of("4", "7")));
    assertThat(now.withoutRemoved(nodes, Set.of("4"))).isEmpty();
  }

  private static NodeId node(int id) {
    return new NodeId(id);
  }

  private static List<QuorumMember> of(String... peers) {
    return members(List.of(peers));
  }

  private static List<QuorumMember> members(List<String> peers) {
    return peers.stream().map(MembersTest::member).toList();
  }

  private static QuorumMember member(String peer) {
    return QuorumMember.of(peer, new HostPort("127.0.0.1", 9000));
  }
}
