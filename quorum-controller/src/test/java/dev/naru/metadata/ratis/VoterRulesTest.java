package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.metadata.ratis.VoterRules.Verdict;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VoterRulesTest {

  private static final long COMMITTED = 5_000;

  private final Members members = new Members(of("1", "2", "3"), of("4", "5"));

  @Test
  void aListenerTakesThePlaceOfADeadVoterInOneStep() {
    assertThat(rules(Set.of("3")).judge(change(4, 3)))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "4"), of("3", "5"))));
  }

  @Test
  void orInTwo() {
    assertThat(rules(Set.of("3")).judge(promote(4)))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "3", "4"), of("5"))));
    assertThat(rules(Set.of("3")).judge(demote(3)))
        .isEqualTo(new Verdict.To(new Members(of("1", "2"), of("3", "4", "5"))));
  }

  @Test
  void aVoterOnANewDiskIsMeantByItsNode() {
    var rules =
        new VoterRules(
            new Members(of("1", "2", "3.abcd1234"), of("4")),
            false,
            "1",
            Set.of("3.abcd1234"),
            at(),
            COMMITTED);

    assertThat(rules.judge(change(4, 3)))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "4"), of("3.abcd1234"))));
  }

  @Test
  void whatIsSoStaysSo() {
    assertThat(rules(Set.of()).judge(change(2, 5))).isEqualTo(new Verdict.Already());
    assertThat(rules(Set.of("3")).judge(promote(1))).isEqualTo(new Verdict.Already());
  }

  @Test
  void refusesWhatLeavesNoLivingMajority() {
    assertRefused(rules(Set.of("2", "3")).judge(demote(3)), ErrorCode.INVALID_REQUEST, "[1, 2]");
    assertRefused(
        rules(Set.of("2", "3")).judge(promote(4)), ErrorCode.INVALID_REQUEST, "[1, 2, 3, 4]");
    var alone =
        new VoterRules(new Members(of("1"), of("2")), false, "1", Set.of(), at(), COMMITTED);
    assertRefused(alone.judge(demote(1)), ErrorCode.INVALID_REQUEST, "active controller");
  }

  /** Ratis would close it at the next loss of the leader, and with it the node. */
  @Test
  void refusesToDemoteWhoIsAliveAndSaysWhatToDo() {
    for (var wish : List.of(demote(3), change(4, 3))) {
      assertRefused(rules(Set.of()).judge(wish), ErrorCode.INVALID_REQUEST, "node 3 is alive");
      assertRefused(
          rules(Set.of("2")).judge(wish), ErrorCode.INVALID_REQUEST, "naru node format --replace");
    }
  }

  /** While it is not committed, another leader may still undo what looks done. */
  @Test
  void aChangeUnderWayIsNotYetSo() {
    var rules = new VoterRules(members, true, "1", Set.of("3"), at(), COMMITTED);

    assertRefused(rules.judge(change(2, 5)), ErrorCode.REQUEST_TIMEOUT, "not committed");
    assertRefused(rules.judge(change(4, 3)), ErrorCode.REQUEST_TIMEOUT, "not committed");
  }

  @Test
  void refusesToDemoteWhoLeads() {
    assertRefused(
        rules(Set.of()).judge(change(4, 1)), ErrorCode.INVALID_REQUEST, "active controller");
  }

  @Test
  void refusesWhoHasNotCaughtUpOrIsSilent() {
    var behind = at();
    behind.put("4", COMMITTED - VoterRules.ENTRIES_BEHIND_MAX - 1);
    var rules = new VoterRules(members, false, "1", Set.of("3", "5"), behind, COMMITTED);

    assertRefused(rules.judge(change(4, 3)), ErrorCode.INELIGIBLE_REPLICA, "1001 behind");
    assertRefused(rules.judge(change(5, 3)), ErrorCode.INELIGIBLE_REPLICA, "silent");
    behind.remove("4");
    assertRefused(
        new VoterRules(members, false, "1", Set.of("3"), behind, COMMITTED).judge(change(4, 3)),
        ErrorCode.INELIGIBLE_REPLICA,
        "5000 behind");
  }

  @Test
  void refusesWhoIsNoMember() {
    assertRefused(rules(Set.of()).judge(promote(9)), ErrorCode.NODE_NOT_FOUND, "node 9");
    assertRefused(rules(Set.of()).judge(demote(9)), ErrorCode.NODE_NOT_FOUND, "node 9");
  }

  @Test
  void refusesEverMoreVoters() {
    var rules =
        new VoterRules(
            new Members(of("1", "2", "3", "4", "5", "6"), of("7")),
            false,
            "1",
            Set.of(),
            at(),
            COMMITTED);

    assertRefused(rules.judge(promote(7)), ErrorCode.INVALID_REQUEST, "1, 3 or 5 voters");
  }

  private VoterRules rules(Set<String> silent) {
    return new VoterRules(members, false, "1", silent, at(), COMMITTED);
  }

  /** All but 9 are as far as one can be. */
  private static NavigableMap<String, Long> at() {
    var reached = new TreeMap<String, Long>();
    Stream.of("1", "2", "3", "4", "5", "6", "7").forEach(peer -> reached.put(peer, COMMITTED));
    return reached;
  }

  private static void assertRefused(Verdict verdict, ErrorCode code, String words) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.No.class,
            no -> {
              assertThat(no.why().code()).isEqualTo(code);
              assertThat(no.why().reason()).startsWith("Expected ").contains(words);
            });
  }

  private static VoterChange change(int promoted, int demoted) {
    return new VoterChange(
        Optional.of(new NodeId(promoted)), Optional.of(new NodeId(demoted)), false);
  }

  private static VoterChange promote(int node) {
    return new VoterChange(Optional.of(new NodeId(node)), Optional.empty(), false);
  }

  private static VoterChange demote(int node) {
    return new VoterChange(Optional.empty(), Optional.of(new NodeId(node)), false);
  }

  private static List<QuorumMember> of(String... peers) {
    return Stream.of(peers)
        .map(peer -> QuorumMember.of(peer, new HostPort("n" + peer, 9412)))
        .toList();
  }
}
