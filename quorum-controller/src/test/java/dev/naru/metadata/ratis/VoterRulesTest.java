package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.metadata.ratis.VoterRules.Verdict;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class VoterRulesTest {

  private static final long COMMITTED = 5_000;
  private static final int[] NOBODY = {};

  /** Nodes 1 to 7 serve. */
  private final TestCluster cluster = TestCluster.of(7);

  private final TreeMap<String, Long> reached = new TreeMap<>();
  private Members members = new Members(of("1", "2", "3"), of("4", "5"));
  private boolean isChanging;
  private Set<String> longSilent = Set.of();

  VoterRulesTest() {
    Stream.of("1", "2", "3", "4", "5", "6", "7").forEach(peer -> reached.put(peer, COMMITTED));
  }

  @Test
  void aListenerTakesThePlaceOfADeadVoterInOneStep() {
    assertThat(rules("3").judge(change(on(4), on(3))))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "4"), of("3", "5"))));
  }

  /** Of four no more may be lost than of three, and of two nobody. */
  @Test
  void refusesAnEvenNumberAndSaysWhatToDo() {
    for (var wish : List.of(change(on(4), NOBODY), change(NOBODY, on(3)))) {
      assertRefused(
          rules("3").judge(wish), ErrorCode.INVALID_REQUEST, "who takes the place of whom");
    }
    members = new Members(of("1", "2", "3", "4", "5"), of("6", "7"));
    assertRefused(
        rules().judge(change(on(6, 7), NOBODY)), ErrorCode.INVALID_REQUEST, "1, 3 or 5 voters");
  }

  @Test
  void threeBecomeFiveAndFiveThreeAtOnce() {
    assertThat(rules().judge(change(on(4, 5), NOBODY)))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "3", "4", "5"), of())));
    members = new Members(of("1", "2", "3", "4", "5"), of("6"));
    assertThat(rules("4", "5").judge(change(NOBODY, on(4, 5))))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "3"), of("4", "5", "6"))));
    assertThat(rules("4").judge(change(on(6), on(4))))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "3", "5", "6"), of("4"))));
  }

  /** Ratis lets no more come than stay: it is done in steps, each of which is judged. */
  @Test
  void oneBecomesThreeOrFiveByStepsThatRatisTakes() {
    members = new Members(of("1"), of("2", "3", "4", "5"));
    var three = change(on(2, 3), NOBODY);
    var five = change(on(2, 3, 4, 5), NOBODY);

    assertThat(steps(three)).containsExactly(2, 3);
    members = new Members(of("1"), of("2", "3", "4", "5"));
    assertThat(steps(five)).containsExactly(2, 3, 5);
  }

  private List<Integer> steps(VoterChange change) {
    return Stream.iterate(
            rules().judge(change),
            verdict -> verdict instanceof Verdict.To,
            verdict -> {
              members = ((Verdict.To) verdict).next();
              return rules().judge(change);
            })
        .map(verdict -> ((Verdict.To) verdict).next().voters().size())
        .toList();
  }

  /** Raft asks a majority of those who vote now, too. */
  @Test
  void refusesWhatTheVotersOfNowCannotAgreeOn() {
    members = new Members(of("1", "2", "3", "4", "5"), of("6", "7"));
    assertThat(rules("4", "5").judge(change(on(6, 7), on(4, 5)))).isInstanceOf(Verdict.To.class);
    members = new Members(of("1", "2", "3"), of("6", "7"));
    for (var wish : List.of(change(on(6, 7), on(2, 3)), change(NOBODY, on(2, 3)))) {
      assertRefused(
          rules("2", "3").judge(wish), ErrorCode.INVALID_REQUEST, "of [1, 2, 3] only [1] are");
    }
  }

  @Test
  void aVoterOnANewDiskIsMeantByItsNode() {
    members = new Members(of("1", "2", "3.abcd1234"), of("4"));

    assertThat(rules("3.abcd1234").judge(change(on(4), on(3))))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "4"), of("3.abcd1234"))));
  }

  @Test
  void aVoterThatListensUnderANewNameOnlyGoes() {
    members = new Members(of("1", "2", "3"), of("3.abcd1234", "4"));

    assertThat(rulesOfAMoment("3").judge(change(on(4), on(3))))
        .isEqualTo(new Verdict.To(new Members(of("1", "2", "4"), of("3.abcd1234"))));
  }

  @Test
  void whatIsSoStaysSo() {
    assertThat(rules().judge(change(on(2), on(5)))).isEqualTo(new Verdict.Already());
    assertThat(rules("3").judge(change(on(1), NOBODY))).isEqualTo(new Verdict.Already());
    assertThat(rules().isSo(change(on(4), NOBODY))).isFalse();
  }

  /** The decommission was on its way when it was made a voter. */
  @Test
  void saysOfAVoterThatIsBeingDecommissionedThatItMustNotStayOne() {
    var wish = change(on(2), NOBODY);
    assertThat(rules().judge(wish)).isEqualTo(new Verdict.Already());

    cluster.accept(new DecommissionNode(cluster.draw(), new NodeId(2), 7, OptionalLong.empty()));

    assertThat(rules().isSo(wish)).isTrue();
    assertRefused(
        rules().judge(wish), ErrorCode.INVALID_REQUEST, "node 2 votes now and is being decom");
  }

  @Test
  void refusesWhatLeavesNoLivingMajority() {
    members = new Members(of("1", "2", "3", "4", "5"), of("6"));

    assertRefused(
        rules("2", "3", "4", "5").judge(change(on(6), on(5))),
        ErrorCode.INVALID_REQUEST,
        "of [1, 2, 3, 4, 6] only [1, 6] would be");
  }

  /** Ratis would close it at the next loss of the leader, and with it the node. */
  @Test
  void refusesToDemoteWhoIsAliveAndSaysWhatToDo() {
    var wish = change(on(4), on(3));

    assertRefused(rules().judge(wish), ErrorCode.INVALID_REQUEST, "node 3 is alive");
    assertRefused(rules("2").judge(wish), ErrorCode.INVALID_REQUEST, "naru node format --replace");
  }

  /** A process that pauses for two seconds is silent as long. */
  @Test
  void refusesToDemoteWhoIsSilentOnlyForAMoment() {
    var wish = change(on(4), on(3));

    assertRefused(
        rulesOfAMoment("3").judge(wish), ErrorCode.INVALID_REQUEST, "node 3 is not fenced yet");

    cluster.fence(3);
    assertThat(rulesOfAMoment("3").judge(wish)).isInstanceOf(Verdict.To.class);
    members = new Members(of("1", "2", "9"), of("4"));
    assertThat(rulesOfAMoment("9").judge(change(on(4), on(9))))
        .as("not registered")
        .isInstanceOf(Verdict.To.class);
  }

  /** A node that has registered anew counts as fenced until it serves, and is alive. */
  @Test
  void refusesToDemoteWhoIsStartingUntilItHasBeenSilentForLong() {
    var wish = change(on(4), on(3));
    cluster.register(3, LastStop.UNCLEAN);

    assertRefused(
        rulesOfAMoment("3").judge(wish), ErrorCode.INVALID_REQUEST, "node 3 has begun to start");

    longSilent = Set.of("3");
    assertThat(rulesOfAMoment("3").judge(wish)).isInstanceOf(Verdict.To.class);
  }

  /** While it is not committed, another leader may still undo what looks done. */
  @Test
  void aChangeUnderWayIsNotYetSo() {
    isChanging = true;

    assertRefused(
        rules("3").judge(change(on(2), on(5))), ErrorCode.REQUEST_TIMEOUT, "not committed");
    assertRefused(
        rules("3").judge(change(on(4), on(3))), ErrorCode.REQUEST_TIMEOUT, "not committed");
  }

  @Test
  void refusesToDemoteWhoLeads() {
    assertRefused(
        rules().judge(change(on(4), on(1))), ErrorCode.INVALID_REQUEST, "active controller");
  }

  @Test
  void refusesWhoHasNotCaughtUpOrIsSilent() {
    reached.put("4", COMMITTED - VoterRules.ENTRIES_BEHIND_MAX - 1);

    assertRefused(
        rules("3", "5").judge(change(on(4), on(3))), ErrorCode.INELIGIBLE_REPLICA, "1001 behind");
    assertRefused(
        rules("3", "5").judge(change(on(5), on(3))), ErrorCode.INELIGIBLE_REPLICA, "silent");
    reached.remove("4");
    assertRefused(
        rules("3").judge(change(on(4), on(3))), ErrorCode.INELIGIBLE_REPLICA, "5000 behind");
  }

  /** It would be forgotten as a node, and remain a voter. */
  @Test
  void refusesWhoDoesNotServe() {
    var wish = change(on(4), on(3));

    cluster.accept(new DrainNode(cluster.draw(), new NodeId(4)));
    assertRefused(rules("3").judge(wish), ErrorCode.INELIGIBLE_REPLICA, "node 4 is drained");
    cluster.submit(new DecommissionNode(cluster.draw(), new NodeId(5), 7, OptionalLong.empty()));
    assertRefused(
        rules("3").judge(change(on(5), on(3))), ErrorCode.INELIGIBLE_REPLICA, "decommissioned");
    members = new Members(of("1", "2", "3"), of("6", "8"));
    cluster.fence(6);
    assertRefused(
        rules("3").judge(change(on(6), on(3))), ErrorCode.INELIGIBLE_REPLICA, "node 6 is fenced");
    reached.put("8", COMMITTED);
    assertRefused(
        rules("3").judge(change(on(8), on(3))), ErrorCode.INELIGIBLE_REPLICA, "not registered");
  }

  @Test
  void refusesWhoIsNoMember() {
    assertRefused(rules("3").judge(change(on(9), on(3))), ErrorCode.NODE_NOT_FOUND, "node 9");
    assertRefused(rules().judge(change(NOBODY, on(9))), ErrorCode.NODE_NOT_FOUND, "node 9");
  }

  @Test
  void aChangeIsOfDifferentNodesAndOfFew() {
    assertThatThrownBy(() -> change(NOBODY, NOBODY)).hasMessageContaining("but was none");
    assertThatThrownBy(() -> change(on(1, 2), on(2))).hasMessageContaining("different nodes");
    assertThatThrownBy(() -> change(on(1, 2, 3, 4, 5, 6), NOBODY))
        .hasMessageContaining("at most 5 nodes");
  }

  /** Whose nodes have been silent for so long that they are fenced. */
  private VoterRules rules(String... silent) {
    Stream.of(silent).map(QuorumMember::nodeOf).forEach(node -> cluster.fence(node.value()));
    return rulesOfAMoment(silent);
  }

  private VoterRules rulesOfAMoment(String... silent) {
    return new VoterRules(
        members,
        isChanging,
        "1",
        Set.of(silent),
        longSilent,
        reached,
        COMMITTED,
        cluster.image().nodes());
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

  private static int[] on(int... nodes) {
    return nodes;
  }

  private static VoterChange change(int[] promoted, int[] demoted) {
    return new VoterChange(nodes(promoted), nodes(demoted), false);
  }

  private static TreePSet<NodeId> nodes(int... ids) {
    return TreePSet.from(IntStream.of(ids).mapToObj(NodeId::new).toList());
  }

  private static List<QuorumMember> of(String... peers) {
    return Stream.of(peers)
        .map(peer -> QuorumMember.of(peer, new HostPort("n" + peer, 9412)))
        .toList();
  }
}
