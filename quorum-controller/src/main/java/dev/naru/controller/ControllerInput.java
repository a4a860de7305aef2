package dev.naru.controller;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.liveness.RecoverySurvey;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What can happen to the controller. */
sealed interface ControllerInput {

  /** This node leads the quorum in this term and has applied all that came before. */
  record Leads(long term) implements ControllerInput {}

  /** It does not any more. */
  record LeadsNoLonger() implements ControllerInput {}

  /** A node submits a command. */
  record Submitted(CommandEnvelope envelope, CompletableFuture<Outcome> reply)
      implements ControllerInput {}

  /** The log knows what became of a submission. */
  record Settled(Submission submission, Outcome outcome) implements ControllerInput {}

  /** The log does not know what became of a submission. */
  record Unsettled(Submission submission, Throwable why) implements ControllerInput {}

  /**
   * Somebody asks for other voters.
   *
   * @param isGivenUp whether whoever asked waits no more
   */
  record VotersAsked(
      VoterChange change, BooleanSupplier isGivenUp, CompletableFuture<Optional<Refused>> reply)
      implements ControllerInput {}

  /** It is known what became of that: nothing speaks against it if it is so now. */
  record VotersAnswered(VotersAsked asked, Optional<Refused> refused) implements ControllerInput {}

  /** A node shows that it lives. */
  record Heartbeat(
      HeartbeatStream stream, NodeHeartbeat heartbeat, CompletableFuture<HeartbeatReply> reply)
      implements ControllerInput {}

  /** A node's stream ended. */
  record StreamBroke(HeartbeatStream stream) implements ControllerInput {}

  /** A probe of a node's internal listener returned. */
  record Probed(NodeId node, boolean refused) implements ControllerInput {}

  /** A node has answered a survey, or has failed to, and then there are no answers. */
  record Surveyed(RecoverySurvey survey, NodeId node, Map<PartitionId, LogAnswer> answers)
      implements ControllerInput {}

  /** The node closes its controller. */
  record Close() implements ControllerInput {}
}
