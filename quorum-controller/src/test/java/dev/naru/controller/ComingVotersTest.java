package dev.naru.controller;

import static dev.naru.controller.LoopStage.ONE;
import static dev.naru.controller.LoopStage.THREE;
import static dev.naru.controller.LoopStage.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** Whoever asks may know old voters; the active controller knows the present ones. */
class ComingVotersTest {

  private final LoopStage stage = new LoopStage();
  private long operations;

  ComingVotersTest() {
    stage.lead();
    stage.live(ONE);
    stage.live(TWO);
    stage.live(THREE);
    stage.log.votes(ONE, TWO);
  }

  @Test
  void refusesToTakeAVoterAway() {
    assertRefused(TWO, "node 2 is one of the voters");

    stage.log.votes(ONE, THREE);
    stage.accepted(decommission(TWO));
  }

  @Test
  void refusesToTakeAwayWhoIsBeingMadeAVoter() {
    var asked = ask(false);

    assertRefused(THREE, "node 3 is being made a voter");

    assertThat(asked).isNotDone();
    stage.log.answerChange(Optional.of(new Refused(ErrorCode.INELIGIBLE_REPLICA, "Expected more")));
    stage.turn();
    assertThat(asked)
        .isCompletedWithValueMatching(
            why -> why.map(Refused::code).equals(Optional.of(ErrorCode.INELIGIBLE_REPLICA)));
    stage.accepted(decommission(THREE));
  }

  @Test
  void toAskWhetherItCouldVoteHoldsNothingUp() {
    var _ = ask(true);

    stage.accepted(decommission(THREE));
  }

  @Test
  void whoWaitsIsToldWhenTheNodeStops() {
    var asked = ask(false);

    stage.turn(new ControllerInput.Close());

    assertThat(asked)
        .isCompletedWithValueMatching(
            why -> why.map(Refused::code).equals(Optional.of(ErrorCode.REQUEST_TIMEOUT)));
  }

  /** It is asked again where somebody leads. */
  @Test
  void whoDoesNotLeadJudgesNobody() {
    stage.log.lead(Optional.of(TWO));
    stage.turn(new ControllerInput.LeadsNoLonger());

    assertThat(refusal(TWO).code()).isEqualTo(ErrorCode.NOT_LEADER);
  }

  private void assertRefused(NodeId node, String words) {
    var why = refusal(node);
    assertThat(why.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(why.reason()).startsWith("Expected ").contains(words, "naru cluster quorum");
    assertThat(stage.node(node).intent()).isEqualTo(NodeIntent.NONE);
  }

  private Refused refusal(NodeId node) {
    return ((Outcome.NotAppended) stage.submit(decommission(node)).join()).why();
  }

  private DecommissionNode decommission(NodeId node) {
    return new DecommissionNode(new UUID(1, ++operations), node, 7, OptionalLong.empty());
  }

  private CompletableFuture<Optional<Refused>> ask(boolean isDryRun) {
    var reply = new CompletableFuture<Optional<Refused>>();
    var change = new VoterChange(TreePSet.singleton(THREE), TreePSet.empty(), isDryRun);
    stage.turn(new ControllerInput.VotersAsked(change, () -> false, reply));
    return reply;
  }
}
