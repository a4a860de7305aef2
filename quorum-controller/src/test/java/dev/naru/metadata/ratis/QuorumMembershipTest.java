package dev.naru.metadata.ratis;

import static dev.naru.metadata.ratis.TestQuorum.SOON;
import static dev.naru.metadata.ratis.TestQuorum.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.TreePSet;

/** Who belongs to the quorum, on real Ratis servers. */
class QuorumMembershipTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);
  private static final NodeId FOUR = new NodeId(4);

  @TempDir Path directory;

  @Test
  @Tag("S5")
  void takesInListenersThatApplyAndNeverVote() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 2)) {
      quorum.startVoters();
      quorum.initialize();
      quorum.change();
      var controller = quorum.log(quorum.awaitController());

      for (NodeId listener : List.of(TWO, THREE)) {
        var log = quorum.start(listener);
        assertThat(log.mustJoin()).isTrue();
        assertThat(log.locator().locate().get(20, TimeUnit.SECONDS).node()).isEqualTo(ONE);
        assertThat(join(controller, log.self())).isEqualTo(new JoinOutcome.Member());
        assertThat(join(controller, log.self())).isEqualTo(new JoinOutcome.Member());
      }

      quorum.awaitAgreementAt(quorum.change());
      assertThat(controller.quorum().voters()).hasSize(1);
      assertThat(controller.quorum().listeners()).hasSize(2);
      assertThat(quorum.log(TWO).quorum().role()).isEqualTo(QuorumView.Role.LISTENER);

      quorum.stop(TWO);
      quorum.start(TWO);
      quorum.awaitAgreementAt(quorum.change());
      assertThat(quorum.fatal).isEmpty();
    }
  }

  @Test
  void refusesAMemberThatComesFromAnotherAddressAndAnyJoinElsewhereThanAtTheController()
      throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 1)) {
      quorum.startVoters();
      var controller = quorum.log(ONE);
      var listener = quorum.start(TWO);
      assertThat(join(controller, listener.self())).isEqualTo(new JoinOutcome.Member());

      var moved = new QuorumMember(TWO, listener.self().peer(), new HostPort("127.0.0.1", 9));

      assertThat(refusal(join(controller, moved))).isEqualTo(ErrorCode.INVALID_CONFIG);
      assertThat(refusal(join(listener, listener.self()))).isEqualTo(ErrorCode.NOT_LEADER);
    }
  }

  @Test
  void knowsOfNoControllerAsAListenerWhenNoneIsHeardOf() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 1)) {
      quorum.startVoters();
      quorum.initialize();
      var listener = quorum.start(TWO);
      assertThat(join(quorum.log(ONE), listener.self())).isEqualTo(new JoinOutcome.Member());
      SOON.until(
          "the listener hears of the controller",
          () -> listener.quorum().controller().equals(Optional.of(ONE)));

      quorum.stop(ONE);

      SOON.until("the listener knows of none", () -> listener.quorum().controller().isEmpty());
      quorum.start(ONE);
      SOON.until(
          "the listener hears of it again",
          () -> listener.quorum().controller().equals(Optional.of(ONE)));
    }
  }

  /** And goes on to get commands, which keep Ratis from looking whether a majority answers. */
  @Test
  void knowsOfNoControllerAnywhereWhenTheControllerIsTheOnlyVoterLeftAndBusy() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 1);
        var busy = Executors.newSingleThreadScheduledExecutor()) {
      quorum.startVoters();
      quorum.initialize();
      var controller = quorum.awaitController();
      var others = Stream.of(ONE, TWO, THREE).filter(node -> !node.equals(controller)).toList();
      var listener = quorum.start(FOUR);
      assertThat(join(quorum.log(controller), listener.self())).isEqualTo(new JoinOutcome.Member());
      SOON.until(
          "the listener hears of the controller",
          () -> listener.quorum().controller().equals(Optional.of(controller)));

      var last = quorum.log(controller);
      var command = quorum.envelope(quorum.registration(new NodeId(9)));
      Runnable submit =
          () -> {
            var _ = last.submit(command);
          };
      var _ = busy.scheduleAtFixedRate(submit, 0, 100, TimeUnit.MILLISECONDS);

      others.forEach(quorum::stop);

      SOON.until("it knows of none itself", () -> last.quorum().controller().isEmpty());
      SOON.until("the listener knows of none", () -> listener.quorum().controller().isEmpty());
      quorum.start(others.getFirst());
      SOON.until(
          "the listener hears of one again", () -> listener.quorum().controller().isPresent());
      busy.shutdownNow();
    }
  }

  /** And once it is one, the cluster can do without another of the old ones. */
  @Test
  void aNewNodeTakesThePlaceOfAVoterThatIsGoneForGood() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 1)) {
      quorum.startVoters();
      quorum.initialize();
      var dead =
          Stream.of(ONE, TWO, THREE)
              .filter(node -> !node.equals(quorum.awaitController()))
              .findFirst()
              .orElseThrow();
      quorum.stop(dead);
      var joiner = quorum.start(FOUR);
      assertThat(join(quorum.log(quorum.awaitController()), joiner.self()))
          .isEqualTo(new JoinOutcome.Member());
      long epoch = accepted(quorum.submit(quorum.registration(FOUR)));
      var replaced = new VoterChange(TreePSet.singleton(FOUR), TreePSet.singleton(dead), false);
      SOON.untilAsserted(
          "it is refused as long as it is fenced",
          () ->
              assertThat(changed(quorum, replaced))
                  .hasValueSatisfying(
                      why -> assertThat(why.reason()).contains("node 4 is fenced")));
      quorum.awaitAgreementAt(serving(quorum, FOUR, new NodeEpoch(epoch)));

      SOON.untilAsserted(
          "one that is alive is not replaced",
          () -> {
            var alive = TreePSet.singleton(livingFollowerBut(quorum, FOUR));
            assertThat(changed(quorum, new VoterChange(TreePSet.singleton(FOUR), alive, false)))
                .map(Refused::code)
                .contains(ErrorCode.INVALID_REQUEST);
          });
      SOON.untilAsserted(
          "nothing is done for which nobody waits any more",
          () ->
              assertThat(changed(quorum, replaced, () -> true))
                  .map(Refused::code)
                  .contains(ErrorCode.REQUEST_TIMEOUT));
      SOON.untilAsserted(
          "it is known to have caught up, and the dead one to be silent",
          () -> assertThat(changed(quorum, replaced)).isEmpty());

      SOON.untilAsserted(
          "the controller sees it",
          () -> {
            var view = quorum.log(quorum.awaitController()).quorum();
            assertThat(nodes(view.voters())).contains(FOUR).doesNotContain(dead);
            assertThat(nodes(view.listeners())).containsExactly(dead);
          });
      SOON.untilAsserted(
          "it may be asked for again", () -> assertThat(changed(quorum, replaced)).isEmpty());
      quorum.awaitAgreementAt(quorum.change());

      quorum.stop(livingFollowerBut(quorum, FOUR));
      quorum.awaitAgreementAt(quorum.change());
      quorum.stop(FOUR);
      quorum.start(FOUR);
      quorum.awaitAgreementAt(quorum.change());

      quorum.stop(FOUR); // a voter that no node.yaml names
      quorum.loseDisk(FOUR);
      assertRefused(quorum, FOUR);
      assertThat(quorum.fatal).isEmpty();
    }
  }

  /** Two are a worse place to stop than one or three: neither of them may fail. */
  @Test
  void goesOnFromTwoVotersToThreeAlthoughWhoAskedHasGivenUp() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 2)) {
      quorum.startVoters();
      quorum.initialize();
      var only = quorum.log(ONE);
      for (NodeId node : List.of(TWO, THREE)) {
        var listener = quorum.start(node);
        assertThat(join(only, listener.self())).isEqualTo(new JoinOutcome.Member());
        long epoch = accepted(quorum.submit(quorum.registration(node)));
        quorum.awaitAgreementAt(serving(quorum, node, new NodeEpoch(epoch)));
      }
      var both = TreePSet.<NodeId>empty().plus(TWO).plus(THREE);
      SOON.untilAsserted(
          "they are known to have caught up",
          () ->
              assertThat(changed(quorum, new VoterChange(both, TreePSet.empty(), true))).isEmpty());

      BooleanSupplier isBegun = () -> only.quorum().voters().size() > 1;
      var unheard = changed(quorum, new VoterChange(both, TreePSet.empty(), false), isBegun);

      assertThat(nodes(only.quorum().voters()))
          .as("%s", unheard)
          .containsExactlyInAnyOrder(ONE, TWO, THREE);
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private static Optional<Refused> changed(TestQuorum quorum, VoterChange change) throws Exception {
    return changed(quorum, change, () -> false);
  }

  private static Optional<Refused> changed(
      TestQuorum quorum, VoterChange change, BooleanSupplier isGivenUp) throws Exception {
    return quorum
        .log(quorum.awaitController())
        .changeVoters(change, isGivenUp)
        .get(60, TimeUnit.SECONDS);
  }

  private static List<NodeId> nodes(Collection<QuorumMember> members) {
    return members.stream().map(QuorumMember::node).toList();
  }

  /** As the active controller would say of a node that it hears. */
  private static long serving(TestQuorum quorum, NodeId node, NodeEpoch epoch) throws Exception {
    accepted(quorum.submit(new ReportLogs(node, epoch, List.of(), true)));
    return accepted(quorum.submit(new UnfenceNode(node, epoch)));
  }

  private static NodeId livingFollowerBut(TestQuorum quorum, NodeId other) {
    var controller = quorum.awaitController();
    return quorum.running().stream()
        .map(log -> log.self().node())
        .filter(node -> !node.equals(controller) && !node.equals(other))
        .findFirst()
        .orElse(controller);
  }

  /** Its disk was lost, or is not mounted, and somebody formatted an empty one in its place. */
  @Test
  void refusesANewVoterThatTheClusterKnowsAlreadyAlsoWithoutAController() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      quorum.awaitAgreementAt(accepted(quorum.submit(quorum.registration(THREE))));
      quorum.stop(THREE);
      quorum.loseDisk(THREE);

      assertRefused(quorum, THREE);
      quorum.stop(TWO); // and with it goes the majority
      assertRefused(quorum, THREE);
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private static void assertRefused(TestQuorum quorum, NodeId node) {
    assertThatThrownBy(() -> quorum.start(node))
        .isInstanceOfSatisfying(
            MetadataLogException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH))
        .hasMessageContaining("knows it")
        .hasMessageContaining("naru node format --replace");
    assertThat(MetadataDirectory.raft(quorum.seat(node).directory())).doesNotExist();
  }

  @Test
  void letsAVoterThatLostItsDiskVoteAgainUnderANewPeerId() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      NodeId lost = quorum.awaitController().equals(THREE) ? TWO : THREE;
      quorum.stop(lost);
      quorum.loseDisk(lost);
      MetadataDirectory.formatReplacement(
          quorum.seat(lost).directory(),
          TestQuorum.CLUSTER,
          lost,
          new UUID(0xabcd_1234_0000_0000L, 1));
      long committed = quorum.change();

      var replacement = quorum.start(lost);
      assertThat(replacement.mustJoin()).isTrue();
      assertThat(join(quorum.log(quorum.awaitController()), replacement.self()))
          .isEqualTo(new JoinOutcome.Member());

      quorum.awaitAgreementAt(committed);
      assertThat(replacement.self().peer()).isEqualTo(lost + ".abcd1234");
      SOON.untilAsserted(
          "the replacement votes",
          () -> {
            assertThat(replacement.quorum().voters()).contains(replacement.self()).hasSize(3);
            assertThat(replacement.quorum().listeners()).isEmpty();
            assertThat(replacement.quorum().role()).isEqualTo(QuorumView.Role.VOTER);
          });

      quorum.stop(lost);
      quorum.start(lost);
      quorum.stop(quorum.awaitController()); // with one gone, the replacement's vote is needed
      quorum.awaitAgreementAt(quorum.change());
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private static JoinOutcome join(RatisMetadataLog controller, QuorumMember joiner)
      throws Exception {
    return controller.join(joiner).get(60, TimeUnit.SECONDS);
  }

  private static ErrorCode refusal(JoinOutcome outcome) {
    return ((JoinOutcome.NotMember) outcome).why().code();
  }
}
