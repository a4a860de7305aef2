package dev.naru.controller;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.liveness.RecoverySurvey;
import dev.naru.metadata.liveness.TopicSkew;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.CommandVersion;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The controller's turns: inputs in, submissions and replies out. It is the only submitter, so that
 * the order of its calls is the order of the log; it decides nothing, deciding happens in apply.
 *
 * <p>Owned by one thread, which calls {@link #turn} with what arrived and, while {@link
 * #needsTicks}, every {@link #TICK_NANOS}. Replies are collected and completed after the turn,
 * because completing a future runs code of others.
 */
final class ControllerLoop {

  /** Fine enough for timeouts of seconds, coarse enough to cost an idle controller nothing. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * A turn that comes so late comes after a pause of this process: the heartbeats of that time wait
   * to be read, and fencing for want of them would fence nodes that were never silent.
   */
  private static final long PAUSE_NANOS_MIN = 5 * TICK_NANOS;

  /** How long it believes to lead without asking the log: asking costs more than a whole tick. */
  private static final long CONFIRMED_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  /** Nodes measure no more often, so that looking more often would tell nothing new. */
  private static final long SKEW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Outcome TOO_MANY =
      new Outcome.NotAppended(
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS,
              "Expected fewer than "
                  + Submissions.COUNT_MAX
                  + " commands under way, but there are more"),
          Optional.empty());

  private static final Refused STOPPED_MEANWHILE =
      new Refused(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected the voters to change, but the active controller stops; look at naru cluster"
              + " quorum before you ask again");

  private static final String NOT_IN_TIME =
      "it did not within " + TimeUnit.NANOSECONDS.toSeconds(Submissions.NANOS_MAX) + " s";

  private static final Logger LOG = LogManager.getLogger(ControllerLoop.class);

  private final ControllerSeat seat;
  private final ControllerSettings settings;
  private final MetadataLog log;
  private final NodeProbe probe;
  private final LogSurvey logs;
  private final Consumer<ControllerInput> mailbox;
  private final LongConsumer commitNanos;
  private final Consumer<List<TopicSkew>> skews;
  private final Submissions submissions;
  private final ComingVoters voters;
  private final List<Runnable> replies = new ArrayList<>();

  private Optional<Reign> reign = Optional.empty();
  private boolean closed;
  private long ownSequence;

  /** The time of the turn that runs. */
  private long nowNanos;

  private long nowMillis;
  private long tickedNanos;
  private long confirmedNanos;
  private long skewNanos;

  /** Something happened that may call for commands before the next tick. */
  private boolean news;

  ControllerLoop(
      ControllerSeat seat,
      ControllerSettings settings,
      MetadataLog log,
      NodeProbe probe,
      LogSurvey logs,
      Consumer<ControllerInput> mailbox,
      LongConsumer commitNanos,
      Consumer<List<TopicSkew>> skews,
      long startNanos) {
    this.seat = seat;
    this.settings = settings;
    this.log = log;
    this.probe = probe;
    this.logs = logs;
    this.mailbox = mailbox;
    this.commitNanos = commitNanos;
    this.skews = skews;
    this.submissions = new Submissions(log, mailbox);
    this.voters = new ComingVoters(log, mailbox);
    this.tickedNanos = startNanos;
  }

  boolean isActive() {
    return reign.isPresent();
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether time matters now: to an active controller, and to whoever waits for an outcome. */
  boolean needsTicks() {
    return isActive() || !submissions.isEmpty();
  }

  /** Takes the inputs in order, then does what time and news call for; returns the replies. */
  List<Runnable> turn(List<ControllerInput> inputs, long turnNanos, long turnMillis) {
    nowNanos = turnNanos;
    nowMillis = turnMillis;
    spareThePause();
    inputs.forEach(this::take);
    if (nowNanos - tickedNanos >= TICK_NANOS) {
      tickedNanos = nowNanos;
      tick();
    }
    if (news) {
      news = false;
      reign.ifPresent(this::rule);
    }
    var due = List.copyOf(replies);
    replies.clear();
    return due;
  }

  private void spareThePause() {
    long sinceTick = nowNanos - tickedNanos;
    if (isActive() && sinceTick >= PAUSE_NANOS_MIN) {
      LOG.info(
          "Node {}, the active controller, stood still for {} ms, which is nobody's silence",
          seat.node(),
          TimeUnit.NANOSECONDS.toMillis(sinceTick));
      reign.ifPresent(now -> now.paused(sinceTick));
    }
  }

  private void take(ControllerInput input) {
    switch (input) {
      case ControllerInput.Leads(long term) -> begin(term);
      case ControllerInput.LeadsNoLonger() -> end();
      case ControllerInput.Submitted(var envelope, var reply) -> submit(envelope, reply);
      case ControllerInput.Settled(var submission, var outcome) -> settled(submission, outcome);
      case ControllerInput.Unsettled(var submission, var why) -> unsettled(submission, why);
      case ControllerInput.VotersAsked asked -> voters.begin(asked);
      case ControllerInput.VotersAnswered(var asked, var refused) -> {
        if (voters.takeOut(asked)) {
          replies.add(() -> asked.reply().complete(refused));
        }
      }
      case ControllerInput.Heartbeat(var stream, var heartbeat, var reply) ->
          heard(stream, heartbeat, reply);
      case ControllerInput.StreamBroke(var stream) ->
          news |= reign.map(now -> now.streamBroke(stream)).orElse(false);
      case ControllerInput.Probed(var node, boolean refused) -> probed(node, refused);
      case ControllerInput.Surveyed(var survey, var node, var answers) -> {
        survey.answered(node, answers);
        news = true;
      }
      case ControllerInput.Close() -> close();
    }
  }

  // ---- reigns

  private void begin(long term) {
    LOG.info("Node {} is the active controller of term {}", seat.node(), term);
    reign = Optional.of(new Reign(term, seat, settings, nowNanos));
    confirmedNanos = nowNanos;
    skewNanos = nowNanos;
    tickedNanos = nowNanos; // until now nobody needed ticks
    news = true;
  }

  private void end() {
    reign.ifPresent(
        last -> LOG.info("Node {} was the active controller of term {}", seat.node(), last.term()));
    reign = Optional.empty();
    skews.accept(List.of()); // the next one tells, and two would tell twice
  }

  private void close() {
    end();
    closed = true;
    submissions.takeOutAll().forEach(submission -> giveUp(submission, unknown("this node stops")));
    voters
        .takeOutAll()
        .forEach(
            asked -> replies.add(() -> asked.reply().complete(Optional.of(STOPPED_MEANWHILE))));
  }

  private void tick() {
    submissions
        .takeOutExpired(nowNanos)
        .forEach(submission -> giveUp(submission, unknown(NOT_IN_TIME)));
    leaveIfDeposed();
    reign.ifPresent(now -> now.look(log.applied().image(), nowNanos));
    reign.ifPresent(this::tellSkew);
    news = true;
  }

  private void tellSkew(Reign now) {
    if (nowNanos - skewNanos >= SKEW_NANOS) {
      skewNanos = nowNanos;
      skews.accept(now.skews(log.applied().image(), nowNanos));
    }
  }

  /** The end of a term may have been reported before its start: nobody would report it again. */
  private void leaveIfDeposed() {
    if (isActive() && nowNanos - confirmedNanos >= CONFIRMED_NANOS_MAX) {
      confirmedNanos = nowNanos;
      if (log.quorum().role() != QuorumView.Role.CONTROLLER) {
        end();
      }
    }
  }

  private void rule(Reign now) {
    var image = log.applied().image();
    now.due(image, nowNanos).forEach(this::submitOwn);
    now.toProbe(image, nowNanos).forEach(this::probe);
    now.toAsk(image, nowNanos).ifPresent(survey -> ask(image, survey));
  }

  private void ask(ClusterImage image, RecoverySurvey survey) {
    survey
        .asked()
        .forEach((id, questions) -> {
          var _ =
              logs.ask(image.node(id).orElseThrow(), questions)
                  .whenComplete((answers, fault) ->
                      mailbox.accept(
                          new ControllerInput.Surveyed(
                              survey, id, fault == null ? answers : Map.of())));
        });
  }

  // ---- nodes

  private void heard(
      HeartbeatStream stream, NodeHeartbeat heartbeat, CompletableFuture<HeartbeatReply> reply) {
    HeartbeatReply answer =
        reign.map(now -> answer(now, stream, heartbeat)).orElseGet(this::notController);
    news = true;
    replies.add(() -> reply.complete(answer));
  }

  /** Nothing is heard by a controller whom the voters do not confirm: another may lead by now. */
  private HeartbeatReply answer(Reign now, HeartbeatStream stream, NodeHeartbeat heartbeat) {
    var confirmedMillisAgo = log.confirmedMillisAgo();
    return confirmedMillisAgo.isPresent()
        ? now.heard(stream, heartbeat, log.applied(), confirmedMillisAgo.getAsLong(), nowNanos)
        : notController();
  }

  private HeartbeatReply notController() {
    QuorumView quorum = log.quorum();
    return new HeartbeatReply.NotHeard(quorum.whyNotController(seat.node()), quorum.controller());
  }

  private void probe(NodeImage node) {
    var _ =
        probe
            .isRefused(node.internal())
            .whenComplete((refused, fault) ->
                mailbox.accept(new ControllerInput.Probed(node.id(), fault == null && refused)));
  }

  private void probed(NodeId node, boolean refused) {
    if (refused) {
      reign
          .flatMap(now -> now.probeRefused(log.applied().image(), node, nowNanos))
          .ifPresent(this::submitOwn);
    }
  }

  // ---- commands

  /** On a node that does not lead the log answers at once, and says who does. */
  private void submit(CommandEnvelope envelope, CompletableFuture<Outcome> reply) {
    var refused = whyNotNow(envelope.command());
    if (submissions.isFull()) {
      replies.add(() -> reply.complete(TOO_MANY));
    } else if (refused.isPresent()) {
      replies.add(() -> reply.complete(refused.get()));
    } else {
      submissions.send(new Submission(envelope, Optional.of(reply), nowNanos));
    }
  }

  /**
   * A node of an older release would end at a command in the log that it cannot read. The version
   * in force only rises, so what this image knows is known wherever the command comes to stand. And
   * a node that votes must not be forgotten, see {@link ComingVoters}. Nobody asks behind this:
   * what stands in the log is decided by its own rules. So one that may come to lead in this
   * moment, but has yet to apply the start of its term, sends nothing either.
   */
  private Optional<Outcome> whyNotNow(MetadataCommand command) {
    return CommandVersion.whyNot(log.applied().image(), command)
        .or(() -> voters.whyNot(command))
        .map(why -> isActive() ? new Outcome.NotAppended(why, Optional.empty()) : notAppended());
  }

  private Outcome.NotAppended notAppended() {
    QuorumView quorum = log.quorum();
    return new Outcome.NotAppended(quorum.whyNotController(seat.node()), quorum.controller());
  }

  /** Harmless when applied twice, so they need no memory and no registered submitter. */
  private void submitOwn(MetadataCommand command) {
    var envelope =
        new CommandEnvelope(
            seat.node(), CommandEnvelope.UNREGISTERED, ownSequence++, nowMillis, command);
    submissions.send(new Submission(envelope, Optional.empty(), nowNanos));
  }

  private void settled(Submission submission, Outcome outcome) {
    if (!submissions.takeOut(submission)) {
      return; // it was given up before
    }
    if (!(outcome instanceof Outcome.NotAppended)) {
      commitNanos.accept(submission.ageNanos(nowNanos));
    }
    news = true; // its effect may call for more
    submission
        .reply()
        .ifPresentOrElse(
            reply -> replies.add(() -> reply.complete(outcome)),
            () -> ownDecided(submission.envelope().command(), outcome));
  }

  private void ownDecided(MetadataCommand command, Outcome outcome) {
    reign.ifPresent(now -> now.decided(command, nowNanos));
    if (outcome instanceof Outcome.Accepted(long index)) {
      LOG.info("The controller decided {} at entry {}", command, index);
    } else {
      LOG.info("The controller asked for {}, which came to nothing: {}", command, outcome);
    }
  }

  private void unsettled(Submission submission, Throwable why) {
    if (submissions.takeOut(submission)) {
      giveUp(submission, why);
    }
  }

  private void giveUp(Submission submission, Throwable why) {
    submission
        .reply()
        .ifPresentOrElse(
            reply -> replies.add(() -> reply.completeExceptionally(why)),
            () -> reign.ifPresent(now -> now.lost(submission.envelope().command())));
  }

  private static OutcomeUnknownException unknown(String why) {
    return new OutcomeUnknownException(
        new Refused(
            ErrorCode.METADATA_QUORUM_LOST,
            "Expected the metadata quorum to commit, but %s; the command may still be decided; %s"
                .formatted(why, QuorumView.STILL_WORKS)));
  }
}
