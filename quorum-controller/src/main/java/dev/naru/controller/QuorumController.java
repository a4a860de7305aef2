package dev.naru.controller;

import static java.util.stream.Collectors.toMap;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.liveness.TopicSkew;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.LeadershipListener;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.metadata.machine.QuorumEntry;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The controller of one node. Every node has one; the one whose node leads the metadata quorum is
 * active: it takes heartbeats, fences and unfences nodes, and brings commands into the metadata
 * log. The others say who is.
 *
 * <p>Everything runs on one thread, {@code controller}, in {@link ControllerLoop}; the methods here
 * put inputs into its mailbox and return. News of the log and of probes are bounded by what is
 * under way; requests of nodes are counted, and refused above {@link #REQUESTS_MAX}.
 */
public final class QuorumController implements AutoCloseable {

  /** Heartbeats and commands that wait for a turn: a second's worth of a hundred busy nodes. */
  static final int REQUESTS_MAX = 4096;

  /** Inputs of one turn: between them time is looked at. */
  private static final int TURN_MAX = 256;

  /** From a disk at rest to one that holds up fencing. */
  private static final Duration[] COMMIT_BUCKETS = {
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final NodeId self;
  private final MetadataLog log;
  private final ControllerRuntime runtime;
  private final ControllerLoop loop;
  private final Thread thread;
  private final LabelledGauges skews;
  private final LinkedBlockingQueue<ControllerInput> mailbox = new LinkedBlockingQueue<>();
  private final AtomicInteger requests = new AtomicInteger();

  /** Written by the controller's thread, read by the meter and for who wants to join. */
  private volatile boolean active;

  /** Requests pass it before the mailbox: none comes after the one that closes. */
  private final Object door = new Object();

  /** Guarded by the door. */
  private boolean closed;

  private QuorumController(
      ControllerSeat seat,
      ControllerSettings settings,
      MetadataLog log,
      NodeProbe probe,
      LogSurvey logs,
      ControllerRuntime runtime) {
    this.self = seat.node();
    this.log = log;
    this.runtime = runtime;
    Timer commits =
        Timer.builder(ControllerMetric.COMMIT.id())
            .description(ControllerMetric.COMMIT.help())
            .serviceLevelObjectives(COMMIT_BUCKETS)
            .register(runtime.meters());
    this.skews = new LabelledGauges(ControllerMetric.PARTITION_SKEW, runtime.meters());
    this.loop =
        new ControllerLoop(
            seat,
            settings,
            log,
            probe,
            logs,
            mailbox::add,
            nanos -> commits.record(nanos, TimeUnit.NANOSECONDS),
            this::tell,
            runtime.nanoClock().getAsLong());
    this.thread = runtime.threads().newThread(this::run);
    thread.setName("controller");
  }

  /** Starts the thread and follows the log's leadership. */
  public static QuorumController start(
      ControllerSeat seat,
      ControllerSettings settings,
      MetadataLog log,
      NodeProbe probe,
      LogSurvey logs,
      ControllerRuntime runtime) {
    var controller = new QuorumController(seat, settings, log, probe, logs, runtime);
    controller.gauge(ControllerMetric.ACTIVE, () -> controller.active);
    controller.gauge(
        ControllerMetric.QUORUM_AVAILABLE, () -> log.quorum().controller().isPresent());
    controller.thread.start();
    log.follow(
        new LeadershipListener() {
          @Override
          public void controllerSince(long term) {
            controller.mailbox.add(new ControllerInput.Leads(term));
          }

          @Override
          public void controllerNoLonger() {
            controller.mailbox.add(new ControllerInput.LeadsNoLonger());
          }
        });
    return controller;
  }

  /** By the controller's thread; a topic that is not named has no series any more. */
  private void tell(List<TopicSkew> told) {
    skews.show(
        told.stream().collect(toMap(skew -> Tags.of("topic", skew.topic()), TopicSkew::ratio)));
  }

  private void gauge(ControllerMetric metric, BooleanSupplier claim) {
    Gauge.builder(metric.id(), () -> claim.getAsBoolean() ? 1 : 0)
        .description(metric.help())
        .register(runtime.meters());
  }

  /** Whether this node acts as the controller now. */
  public boolean isActive() {
    return active;
  }

  /**
   * Brings a command into the metadata log. The outcome is what was decided at its place there; a
   * node that is not active answers {@link Outcome.NotAppended} with the controller it knows. Fails
   * with {@link dev.naru.metadata.log.OutcomeUnknownException} after {@link Submissions#NANOS_MAX},
   * or when the lead is lost meanwhile.
   */
  public CompletableFuture<Outcome> submit(CommandEnvelope envelope) {
    var reply = new CompletableFuture<Outcome>();
    offer(new ControllerInput.Submitted(envelope, reply))
        .ifPresent(why -> reply.complete(new Outcome.NotAppended(why, Optional.empty())));
    return reply;
  }

  /** A node opened a heartbeat stream; what it is, its first heartbeat tells. */
  public HeartbeatStream openHeartbeats() {
    return new Stream();
  }

  /**
   * Makes the node a listener of the metadata quorum; it is one when this completes so. An image
   * that may be behind can tell that a node was decommissioned, but not which nodes live: the rest
   * is for the active controller to say.
   */
  public CompletableFuture<JoinOutcome> joinQuorum(Joiner joiner) {
    var applied = log.applied();
    var refusal =
        QuorumEntry.whyNot(
            applied.image(),
            applied.index(),
            joiner.node(),
            joiner.knownEpoch(),
            joiner.directories());
    if (!active && refusal.filter(why -> why.code() == ErrorCode.NODE_NOT_FOUND).isEmpty()) {
      return notMember(log.quorum().whyNotController(self));
    }
    return refusal
        .or(() -> whyNotYet(applied.image(), joiner.member()))
        .map(QuorumController::notMember)
        .orElseGet(() -> log.join(joiner.member()));
  }

  private static CompletableFuture<JoinOutcome> notMember(Refused why) {
    return CompletableFuture.completedFuture(new JoinOutcome.NotMember(why, Optional.empty()));
  }

  /** The quorum forgets whoever was removed some minutes after it has fallen silent. */
  private Optional<Refused> whyNotYet(ClusterImage image, QuorumMember joiner) {
    return log.quorum().listeners().stream()
        .filter(_ -> image.node(joiner.node()).isEmpty())
        .filter(
            member -> member.peer().equals(joiner.peer()) && !member.raft().equals(joiner.raft()))
        .findFirst()
        .map(former ->
            new Refused(
                ErrorCode.REQUEST_TIMEOUT,
                "Expected node %s at %s to be no member of the quorum any more, but it was removed only some minutes ago: it is forgotten soon, and this is tried again until then"
                    .formatted(former.node(), former.raft())));
  }

  /** Changes who votes; it is so when this completes so. See {@link MetadataLog#changeVoters}. */
  public CompletableFuture<Optional<Refused>> changeVoters(
      VoterChange change, BooleanSupplier isGivenUp) {
    var reply = new CompletableFuture<Optional<Refused>>();
    offer(new ControllerInput.VotersAsked(change, isGivenUp, reply))
        .ifPresent(why -> reply.complete(Optional.of(why)));
    return reply;
  }

  /** Ends the thread soon; whoever still waits is answered before. */
  @Override
  public void close() {
    synchronized (door) {
      closed = true;
      mailbox.add(new ControllerInput.Close());
    }
  }

  /** Empty if it was taken in; else why not. */
  private Optional<Refused> offer(ControllerInput request) {
    synchronized (door) {
      if (closed) {
        return Optional.of(
            new Refused(ErrorCode.NOT_LEADER, "Expected a controller, but this node stops"));
      }
      if (requests.get() >= REQUESTS_MAX) {
        return Optional.of(
            new Refused(
                ErrorCode.TOO_MANY_REQUESTS,
                "Expected fewer than %d requests waiting, but the controller is behind"
                    .formatted(REQUESTS_MAX)));
      }
      requests.incrementAndGet();
      mailbox.add(request);
      return Optional.empty();
    }
  }

  private void run() {
    try {
      while (!loop.isClosed()) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      runtime.fatal().end("Expected the controller to take a turn, but", e);
    }
    active = false;
  }

  private void turn() throws InterruptedException {
    var inputs = new ArrayList<ControllerInput>();
    ControllerInput first =
        loop.needsTicks()
            ? mailbox.poll(ControllerLoop.TICK_NANOS, TimeUnit.NANOSECONDS)
            : mailbox.take();
    if (first != null) {
      inputs.add(first);
      mailbox.drainTo(inputs, TURN_MAX - 1);
    }
    inputs.forEach(this::release);
    List<Runnable> replies =
        loop.turn(inputs, runtime.nanoClock().getAsLong(), runtime.wallMillis().getAsLong());
    active = loop.isActive();
    replies.forEach(Runnable::run);
  }

  private void release(ControllerInput input) {
    if (input instanceof ControllerInput.Submitted
        || input instanceof ControllerInput.Heartbeat
        || input instanceof ControllerInput.VotersAsked) {
      requests.decrementAndGet();
    }
  }

  private final class Stream implements HeartbeatStream {

    @Override
    public CompletableFuture<HeartbeatReply> heartbeat(NodeHeartbeat heartbeat) {
      var reply = new CompletableFuture<HeartbeatReply>();
      offer(new ControllerInput.Heartbeat(this, heartbeat, reply))
          .ifPresent(why -> reply.complete(new HeartbeatReply.NotHeard(why, Optional.empty())));
      return reply;
    }

    @Override
    public void broken() {
      mailbox.add(new ControllerInput.StreamBroke(this));
    }
  }
}
